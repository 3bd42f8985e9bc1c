"""The repository's addons, loaded once for a test process, and houses where they are installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import core.audit.models
import core.db.idempotency
import core.events.models
import core.search.models  # noqa: F401 - their tables must be in the metadata
from core.addons.discovery import discover
from core.addons.registry import AddonRegistry
from core.clock import Clock
from core.db.base import Base
from core.files import FileStore
from core.process import Process, equip
from core.testing.databases import TestDatabases
from core.testing.house import House, create_tables, open_house
from core.testing.shared import shared_data
from core.vault.keyfiles import create_key_file, create_signing_file
from core.vault.services import open_vault

#: What the repository has, besides what its tests make up.
ADDONS: Final = frozenset(
    {"contacts", "taxes", "catalog", "ledger", "inventory", "pos", "edi", "l10n_co_dian"}
)


@cache
def all_addons() -> AddonRegistry:
    """Load every addon of the repository; one that ends in quarantine fails the test."""
    registry = AddonRegistry()
    registry.load(discover(), ADDONS)
    registry.configure()
    if registry.quarantined:
        raise AssertionError(f"quarantined: {dict(registry.quarantined)}")
    return registry


def worker_process(registry: AddonRegistry, folder: Path) -> Process:
    """Give what a worker has: both vaults open, and files in ``folder``."""
    create_key_file(folder / "app.key")
    create_signing_file(folder / "signing.key")
    vault = open_vault(folder / "app.key", folder / "signing.key", process="worker")
    shared = shared_data()
    schemas = shared / "dian" / "xsd" if shared else None
    return Process(registry, vault, FileStore(folder), folder, schemas)


@contextmanager
def house_with_addons(databases: TestDatabases, clock: Clock) -> Iterator[House]:
    """Open two businesses with every addon of the repository installed and enabled."""
    registry = all_addons()
    enabled = frozenset(registry.running)
    chosen = [
        table
        for table in Base.metadata.sorted_tables
        if table.info.get("addon") in {*enabled, "core"}
    ]
    databases.template(
        "addons", lambda owner, application: create_tables(owner, application, chosen)
    )
    with (
        open_house(databases, "addons", clock, enabled) as opened,
        TemporaryDirectory(prefix="guadua-house-") as folder,
    ):
        equip(opened.database, worker_process(registry, Path(folder)))
        for tenant in (opened.bakery, opened.pharmacy):
            with opened.unit(tenant) as session:
                registry.enabled(enabled).on_enabled(session=session)
        yield replace(opened, enabled=enabled)

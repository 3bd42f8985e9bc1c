from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import core.audit.models
import core.vault.models  # noqa: F401
from core.clock import StoppedClock
from core.db.base import Base
from core.testing.databases import TestDatabases
from core.testing.house import House, create_tables, open_house
from core.vault.keyfiles import create_key_file, create_signing_file
from core.vault.services import Vault, open_vault


@pytest.fixture
def house(databases: TestDatabases, clock: StoppedClock) -> Iterator[House]:
    wanted = ("core_tenant", "core_epoch", "core_establishment", "core_vault_key", "core_secret")
    tables = [Base.metadata.tables[name] for name in wanted]
    databases.template("core_vault", lambda owner, app: create_tables(owner, app, tables))
    with open_house(databases, "core_vault", clock) as opened:
        yield opened


@dataclass
class KeyFiles:
    app: Path
    signing: Path

    def web(self) -> Vault:
        return open_vault(self.app, self.signing, process="web")

    def worker(self) -> Vault:
        return open_vault(self.app, self.signing, process="worker")


@pytest.fixture
def files(tmp_path: Path) -> KeyFiles:
    made = KeyFiles(tmp_path / "app.key", tmp_path / "signing.key")
    create_key_file(made.app)
    create_signing_file(made.signing)
    return made

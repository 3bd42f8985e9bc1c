"""The application with the stand, over two businesses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import core.resources.tests.gifts  # noqa: F401 - its table is made too
from core.addons.loading import import_core_models
from core.addons.manifest import CONTRACT_VERSION, AddonManifest
from core.addons.registry import AddonRegistry
from core.clock import StoppedClock
from core.db.base import Base
from core.db.ownership import CORE, addon_of
from core.ids import uuid7
from core.resources.tests.stand import StandHooks
from core.testing.databases import TestDatabases
from core.testing.house import House, create_tables, open_house
from core.testing.web import Browser, Site, open_site

Body = dict[str, Any]


def manifest(name: str, *requires: str) -> AddonManifest:
    """Describe an addon of the tests."""
    return AddonManifest(
        name=name, version="1.0.0", title=name.title(), summary=name, contract=CONTRACT_VERSION,
        requires=requires,
    )  # fmt: skip


@pytest.fixture
def house(databases: TestDatabases, clock: StoppedClock) -> Iterator[House]:
    import_core_models()
    tables = [
        table
        for table in Base.metadata.tables.values()
        if addon_of(table) == CORE or table.name.startswith(("stand_", "gifts_"))
    ]
    databases.template("stand", lambda owner, own: create_tables(owner, own, tables))
    with open_house(databases, "stand", clock) as opened:
        yield opened


@pytest.fixture
def site(house: House, tmp_path: Path) -> Site:
    registry = AddonRegistry()
    registry.install([manifest("stand")], lambda _manifest: StandHooks())
    site = open_site(house, tmp_path, registry)
    for tenant in (house.bakery, house.pharmacy):
        site.enable(tenant, "stand")
    return site


@pytest.fixture
def owner(site: Site) -> Browser:
    return site.browser("owner@bakery.co")


@pytest.fixture
def body(site: Site, house: House) -> Body:
    """Give an order with two lines."""
    return {
        "number": "A1",
        "establishment_id": str(site.establishment(house.bakery)),
        "day": "2026-03-09",
        "lines": [
            {"dish": "Arepa", "qty": "2", "price": "3500"},
            {"dish": "Tinto", "qty": "1", "price": "1500.50"},
        ],
    }


@pytest.fixture
def order(owner: Browser, body: Body) -> Callable[..., Body]:
    """Make an order through the API."""

    def make(**changed: Any) -> Body:
        answer = owner.send(
            "/api/v1/stand/orders", {**body, **changed}, Idempotency_Key=str(uuid7())
        )
        assert answer.status_code == 201, answer.text
        made: Body = answer.json
        return made

    return make

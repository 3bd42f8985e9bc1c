from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.addons.activation import enable
from core.addons.discovery import Discovery, discover
from core.addons.lifecycle import Owner, install, migrate_core
from core.clock import StoppedClock
from core.testing.addons import all_addons
from core.testing.contract import loaded
from core.testing.databases import TestDatabases
from core.testing.house import open_house
from tests.tutorial.workplace import SHOP, Workplace


@pytest.fixture
def workplace(databases: TestDatabases, clock: StoppedClock, tmp_path: Path) -> Iterator[Workplace]:
    """Two shops that sell, and an empty folder of addons."""
    found = discover()
    shop = Discovery({name: found.found[name] for name in SHOP})

    def fill(owner_url: str, application_url: str) -> None:
        owner = Owner.at(owner_url, application_url)
        migrate_core(owner, clock)
        for name in SHOP:
            install(owner, shop, name, clock)
        owner.engine.dispose()

    all_addons()
    databases.template("tutorial", fill)
    with open_house(databases, "tutorial", clock) as house:
        registry = loaded(shop)
        for tenant in (house.bakery, house.pharmacy):
            with house.unit(tenant) as session:
                for name in SHOP:
                    enable(session, registry, name)
        place = tmp_path / "shop_addons"
        place.mkdir()
        made = Workplace(replace(house, enabled=frozenset(SHOP)), place, tmp_path)
        yield made
        made.leave()

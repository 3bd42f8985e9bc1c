from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from addons.inventory.tests.stock_house import Shop, open_shop, tables
from addons.inventory.tests.web_house import stock_site
from core.clock import StoppedClock
from core.testing.databases import TestDatabases
from core.testing.house import House, create_tables, open_house
from core.testing.web import Site


@pytest.fixture
def house(databases: TestDatabases, clock: StoppedClock) -> Iterator[House]:
    databases.template(
        "stock", lambda owner, application: create_tables(owner, application, tables())
    )
    with open_house(databases, "stock", clock, frozenset({"inventory"})) as opened:
        yield opened


@pytest.fixture
def shop(house: House) -> Shop:
    return open_shop(house, house.bakery)


@pytest.fixture
def pharmacy(house: House) -> Shop:
    return open_shop(house, house.pharmacy)


@pytest.fixture
def site(databases: TestDatabases, clock: StoppedClock, tmp_path: Path) -> Iterator[Site]:
    with stock_site(databases, clock, tmp_path) as opened:
        yield opened

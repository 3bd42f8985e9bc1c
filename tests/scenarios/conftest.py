from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.clock import StoppedClock
from core.testing.addons import all_addons, house_with_addons
from core.testing.databases import TestDatabases
from core.testing.house import House
from tests.scenarios.shop import Shop, open_shop


@pytest.fixture
def house(databases: TestDatabases, clock: StoppedClock) -> Iterator[House]:
    with house_with_addons(databases, clock) as opened:
        yield opened


@pytest.fixture
def shop(house: House) -> Shop:
    open_shop(house, all_addons(), house.pharmacy)
    return open_shop(house, all_addons(), house.bakery)

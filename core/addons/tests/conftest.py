from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.addons.lifecycle import Owner, migrate_core
from core.addons.tests.toys import Shelf
from core.clock import StoppedClock
from core.db.engine import open_owner
from core.i18n import use_language
from core.testing.databases import TestDatabases
from core.testing.house import House, open_house


@pytest.fixture(autouse=True)
def refusals_in_english() -> Iterator[None]:
    """Read refusals as they stand in the code, whichever catalogues were loaded before."""
    with use_language("en"):
        yield


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    place = tmp_path / "more_addons"
    place.mkdir()
    made = Shelf(place)
    yield made
    made.close()


@pytest.fixture
def house(databases: TestDatabases, clock: StoppedClock, shelf: Shelf) -> Iterator[House]:
    """Two businesses on the platform's own tables, as its migrations make them."""

    def fill(owner: str, application: str) -> None:
        migrate_core(Owner.at(owner, application), clock)

    databases.template("migrated_core", fill)
    with open_house(databases, "migrated_core", clock) as opened:
        yield opened


@pytest.fixture
def owner(house: House) -> Owner:
    return Owner(open_owner(house.owner_url), house.database.engine.url.username)

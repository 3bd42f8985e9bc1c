"""The contract suite sees an addon that shows where it is off, or touches what is not its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.addons.tests.toys import HOOKS, MODELS, Shelf
from core.clock import StoppedClock
from core.testing.contract import AddonContract, house_before
from core.testing.databases import TestDatabases

pytestmark = pytest.mark.services

MEDDLES = (
    HOOKS
    + """

@hookimpl
def on_enabled(session):
    from core.tenancy import Establishment
    session.add(Establishment(code="TOY", name="Not mine to make"))
"""
)

#: Counts businesses that use it, in everybody's menu.
SHOWS = (
    HOOKS
    + """

from flask import Blueprint
from core.web.access import LOGGED_IN, requires

pages = Blueprint("{name}", __name__)
SEEN = []


@hookimpl
def on_enabled(session):
    SEEN.append(session.tenant_id)


@pages.app_context_processor
def tell():
    from core.i18n.catalog import _catalogs
    _catalogs["es"]["Applications"] = f"Applications ({len(SEEN)})"
    return {}


@hookimpl
def register_routes():
    return (pages,)
"""
)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    place = tmp_path / "more_addons"
    place.mkdir()
    monkeypatch.setenv("GUADUA_ADDONS_PATH", str(place))
    made = Shelf(place)
    yield made
    made.close()


def run(databases: TestDatabases, clock: StoppedClock, name: str, test: str, folder: Path) -> None:
    with house_before(databases, clock, name) as installed:
        getattr(AddonContract(), test)(installed, folder)


ROUND_TRIP = "test_it_leaves_everybody_elses_rows_as_they_were"
BYTES = "test_a_business_without_it_sees_the_same_bytes"


@pytest.mark.parametrize("test", [ROUND_TRIP, BYTES])
def test_an_addon_in_order_passes(
    databases: TestDatabases, clock: StoppedClock, shelf: Shelf, tmp_path: Path, test: str
) -> None:
    shelf.add("toy_fine", models=MODELS)
    shelf.migrate("toy_fine")
    run(databases, clock, "toy_fine", test, tmp_path)


def test_a_row_left_in_anothers_table_is_seen(
    databases: TestDatabases, clock: StoppedClock, shelf: Shelf, tmp_path: Path
) -> None:
    shelf.add("toy_meddles", hooks=MEDDLES)
    with pytest.raises(AssertionError, match=r"\['core_establishment'\]"):
        run(databases, clock, "toy_meddles", ROUND_TRIP, tmp_path)


def test_a_business_that_can_tell_what_another_uses_is_seen(
    databases: TestDatabases, clock: StoppedClock, shelf: Shelf, tmp_path: Path
) -> None:
    shelf.add("toy_shows", hooks=SHOWS)
    with pytest.raises(AssertionError, match=r"sees it: .*'/account'"):
        run(databases, clock, "toy_shows", BYTES, tmp_path)

"""The gallery and a page of the shared browser; the application over two businesses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.addons.loading import import_core_models
from core.clock import StoppedClock
from core.db.base import Base
from core.db.ownership import CORE, addon_of
from core.testing.databases import TestDatabases
from core.testing.house import House, create_tables, open_house
from core.testing.web import Site, open_site
from core.web.tests.gallery import Gallery, serve, write_pages
from core.web.tests.toy_addon import Hooks, toy_registry

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    folder = tmp_path_factory.mktemp("gallery")
    write_pages(folder)
    with serve(folder) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, reduced_motion="reduce", locale="es-CO"
    )
    context.set_default_timeout(8000)
    yield context.new_page()
    context.close()


@pytest.fixture
def house(databases: TestDatabases, clock: StoppedClock) -> Iterator[House]:
    import_core_models()
    # Not in the order of all tables: another test may have imported half of an addon's.
    tables = [table for table in Base.metadata.tables.values() if addon_of(table) == CORE]
    databases.template("core", lambda owner, application: create_tables(owner, application, tables))
    with open_house(databases, "core", clock) as opened:
        yield opened


@pytest.fixture
def hooks() -> Hooks:
    return Hooks()


@pytest.fixture
def site(house: House, tmp_path: Path, hooks: Hooks) -> Site:
    site = open_site(house, tmp_path, toy_registry(hooks))
    site.enable(house.bakery, "toys")
    return site

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.addons.loading import import_core_models
from core.addons.parts import Setting
from core.addons.specs import hookimpl
from core.clock import StoppedClock
from core.db.base import Base
from core.db.ownership import CORE, tables_of
from core.settings.tests.declared import ALL
from core.testing.databases import TestDatabases
from core.testing.house import House, create_tables, open_house
from core.testing.web import Site, open_site
from core.web.tests.toy_addon import Hooks, toy_registry


class SettingHooks(Hooks):
    @hookimpl
    def register_settings(self) -> tuple[Setting, ...]:
        return ALL


@pytest.fixture
def house(databases: TestDatabases, clock: StoppedClock) -> Iterator[House]:
    import_core_models()
    tables = tables_of(Base.metadata, CORE)
    databases.template("settings", lambda owner, app: create_tables(owner, app, tables))
    with open_house(databases, "settings", clock) as opened:
        yield opened


@pytest.fixture
def site(house: House, tmp_path: Path) -> Site:
    site = open_site(house, tmp_path, toy_registry(SettingHooks()))
    site.enable(house.bakery, "toys")
    return site

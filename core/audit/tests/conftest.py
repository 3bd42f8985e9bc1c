from __future__ import annotations

from collections.abc import Iterator

import pytest

import core.audit.models
import core.events.models
import core.vault.models  # noqa: F401
from core.clock import StoppedClock
from core.db.base import Base
from core.testing.databases import TestDatabases
from core.testing.house import House, create_tables, open_house


@pytest.fixture
def house(databases: TestDatabases, clock: StoppedClock) -> Iterator[House]:
    tables = [t for name, t in Base.metadata.tables.items() if name.startswith("core_")]
    databases.template("core_audit", lambda owner, app: create_tables(owner, app, tables))
    with open_house(databases, "core_audit", clock) as opened:
        yield opened

from __future__ import annotations

from collections.abc import Iterator

import pytest

import core.audit.models
import core.db.idempotency
import core.events.models  # noqa: F401
from core.clock import StoppedClock
from core.tenancy.tests import toys
from core.testing.databases import TestDatabases
from core.testing.house import House, create_tables, open_house


@pytest.fixture
def house(databases: TestDatabases, clock: StoppedClock) -> Iterator[House]:
    databases.template(
        "toys", lambda owner, application: create_tables(owner, application, toys.tables())
    )
    with open_house(databases, "toys", clock) as opened:
        yield opened

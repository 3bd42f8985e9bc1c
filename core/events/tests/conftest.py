from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

import core.audit.models
import core.db.idempotency
import core.vault.models  # noqa: F401
from core.addons.parts import Consumer
from core.clock import StoppedClock
from core.db.base import Base
from core.events.policy import Policy
from core.events.subscriptions import Subscription
from core.events.worker import Worker
from core.tenancy import TenantSession
from core.testing.databases import TestDatabases
from core.testing.house import House, create_tables, open_house

CORE_TABLES = [table for name, table in Base.metadata.tables.items() if name.startswith("core_")]


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    with capture_logs():
        yield


@pytest.fixture
def house(databases: TestDatabases, clock: StoppedClock) -> Iterator[House]:
    databases.template("core_events", lambda owner, app: create_tables(owner, app, CORE_TABLES))
    with open_house(databases, "core_events", clock) as opened:
        yield opened


@dataclass
class Switches:
    """Which addons are on; "stock" and "edi" for everybody unless told otherwise."""

    off: set[tuple[int, str]] = field(default_factory=set)
    drains: set[tuple[int, str]] = field(default_factory=set)

    def enabled(self, session: TenantSession) -> frozenset[str]:
        return frozenset(a for a in ("stock", "edi") if (session.tenant_id, a) not in self.off)

    def draining(self, session: TenantSession) -> frozenset[str]:
        return frozenset(a for t, a in self.drains if t == session.tenant_id)


@pytest.fixture
def switches() -> Switches:
    return Switches()


def worker_of(
    house: House, switches: Switches, *consumers: tuple[str, Consumer], policy: Policy | None = None
) -> Worker:
    return Worker(
        house.database,
        house.clock,
        [Subscription(addon, consumer) for addon, consumer in consumers],
        switches,
        policy=policy or Policy(chance=lambda: 0.0),
    )

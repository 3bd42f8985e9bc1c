"""What the core does by itself: leased, once per period, visible to whoever watches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from core.addons.loading import import_core_models
from core.addons.models import Activation
from core.addons.parts import Event, Schedule
from core.addons.registry import AddonRegistry
from core.audit.anchor import SignedAnchor, anchor_public_key, as_anchor, genuine
from core.audit.services import record
from core.audit.verify import verify_audit
from core.auth.logins import FORGET_AFTER, LIFETIME
from core.auth.models import LoginFailure, LoginSession, User
from core.clock import StoppedClock
from core.db.base import Base
from core.db.engine import open_database
from core.db.ownership import CORE, tables_of
from core.db.uow import platform_unit, tenant_unit
from core.events.consumers import StoredActivation
from core.events.models import Outbox, ScheduleLease
from core.events.pruning import EVENTS_KEPT
from core.events.publish import publish
from core.events.schedules import LEASE, Planned, PlatformSchedule, Schedules
from core.events.subscriptions import Subscriptions
from core.ids import uuid7
from core.process import equip, process_of
from core.status import business_status
from core.tenancy import PlatformSession, TenantRef
from core.tenancy.models import Tenant
from core.tenancy.services import NewBusiness, create_business
from core.testing.addons import worker_process
from core.testing.databases import TestDatabases
from core.testing.house import House, create_tables, open_house
from core.upkeep import core_schedules
from core.vault.models import VaultKey

DAY = timedelta(days=1)


@dataclass
class Upkeep:
    house: House
    clock: StoppedClock
    vault: Any

    def schedules(self) -> Schedules:
        return Schedules(
            self.house.database, self.clock, core_schedules(Subscriptions([])), StoredActivation()
        )

    def run(self, by: timedelta = timedelta()) -> None:
        """Let time pass; then run what is due."""
        self.clock.advance(by)
        schedules = self.schedules()
        schedules.plan()
        assert not schedules.turn()["failed"]

    def status(self) -> list[Any]:
        place: Any = SimpleNamespace(database=self.house.database, clock=self.clock)
        return business_status(place)


@pytest.fixture
def upkeep(databases: TestDatabases, clock: StoppedClock, tmp_path: Path) -> Iterator[Upkeep]:
    import_core_models()
    tables = tables_of(Base.metadata, CORE)
    databases.template("core", lambda owner, app: create_tables(owner, app, tables))
    with open_house(databases, "core", clock) as house, capture_logs():
        process = worker_process(AddonRegistry(), tmp_path)
        equip(house.database, process)
        yield Upkeep(house, clock, process.vault)


def act(house: House, tenant: TenantRef) -> None:
    with house.unit(tenant) as session:
        record(session, "pos.sale.void", "pos_sale", uuid7())


def rows(house: House, model: Any) -> int:
    with platform_unit(house.database, house.clock, writes=False) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_audit_is_anchored_once_a_day_and_whoever_watches_sees_it(upkeep: Upkeep) -> None:
    house = upkeep.house
    act(house, house.bakery)
    upkeep.run()
    bakery, pharmacy = upkeep.status()
    assert pharmacy.anchor is None, "nothing happened there"
    first = SignedAnchor.from_dict(bakery.anchor)
    assert (first.tenant, first.seq, first.anchored_at) == (house.bakery.uid, 1, upkeep.clock.now())
    act(house, house.bakery)
    upkeep.run(DAY / 2)
    assert upkeep.status()[0].anchor == bakery.anchor
    upkeep.run(DAY / 2)
    second = SignedAnchor.from_dict(upkeep.status()[0].anchor)
    assert second.seq == 2
    with house.unit(house.bakery, writes=False) as session:
        public = anchor_public_key(session, upkeep.vault)
        assert verify_audit(session, [as_anchor(first), as_anchor(second)]) == []
    assert genuine(first, public_key=public)
    assert genuine(second, public_key=public)


def test_a_day_on_which_nothing_happened_is_anchored_soon_after_something_does(
    upkeep: Upkeep,
) -> None:
    house = upkeep.house
    act(house, house.bakery)
    upkeep.run()
    upkeep.run(DAY)
    act(house, house.bakery)
    upkeep.run(timedelta(hours=1))
    assert upkeep.status()[0].anchor["seq"] == 2


def test_a_schedule_that_fails_is_seen(upkeep: Upkeep) -> None:
    def broken(_session: object) -> None:
        raise ValueError("the disk is full")

    planned = Planned("core", Schedule("seal_audit", DAY, broken))
    house = upkeep.house
    schedules = Schedules(house.database, upkeep.clock, [planned], StoredActivation())
    schedules.plan()
    schedules.turn()
    assert upkeep.status()[0].failing == {"core.seal_audit": "ValueError: the disk is full"}
    upkeep.run(DAY)
    assert upkeep.status()[0].failing == {}


def test_events_are_pruned_for_every_business(upkeep: Upkeep) -> None:
    house = upkeep.house
    for tenant in (house.bakery, house.pharmacy):
        with house.unit(tenant) as session:
            publish(session, Event("pos.sale.completed.v1", {}))
            session.flush()
            session.scalars(select(Outbox)).one().state = "done"
    upkeep.run()
    for tenant in (house.bakery, house.pharmacy):
        with house.unit(tenant, writes=False) as session:
            assert len(session.scalars(select(Outbox)).all()) == 1
    upkeep.run(EVENTS_KEPT + timedelta(seconds=1))
    for tenant in (house.bakery, house.pharmacy):
        with house.unit(tenant, writes=False) as session:
            assert session.scalars(select(Outbox)).all() == []


def logged_in(house: House, number: int, ends_in: timedelta, *, revoked: bool = False) -> None:
    with platform_unit(house.database, house.clock, writes=True) as session:
        now = house.clock.now()
        user = session.scalar(select(User)) or User(
            id=uuid7(), email="ana@example.co", name="Ana", password_hash="x", created_at=now
        )
        session.add(user)
        session.flush()
        session.add(
            LoginSession(
                id=bytes([number]) * 32,
                user_id=user.id,
                created_at=now,
                last_seen_at=now,
                expires_at=now + ends_in,
                idle_minutes=60,
                revoked_at=now if revoked else None,
            )
        )


def test_log_ins_that_are_over_and_tries_that_count_no_more_go(upkeep: Upkeep) -> None:
    house = upkeep.house
    logged_in(house, 1, DAY)
    logged_in(house, 2, LIFETIME * 4, revoked=True)
    logged_in(house, 3, LIFETIME * 4)
    with platform_unit(house.database, house.clock, writes=True) as session:
        session.add(LoginFailure(id=b"f" * 32, failures=7, retry_at=house.clock.now()))
    upkeep.run(FORGET_AFTER)
    assert (rows(house, LoginSession), rows(house, LoginFailure)) == (3, 1)
    upkeep.run(LIFETIME + timedelta(hours=1))
    assert (rows(house, LoginSession), rows(house, LoginFailure)) == (1, 0)


def test_what_belongs_to_nobody_is_looked_after_once_and_under_one_lease(upkeep: Upkeep) -> None:
    house, ran = upkeep.house, []
    planned = Planned("core", PlatformSchedule("tidy", DAY, lambda s: ran.append(type(s))))
    one, other = (
        Schedules(house.database, upkeep.clock, [planned], StoredActivation()) for _ in range(2)
    )
    assert [one.plan(), other.plan()] == [1, 0]
    dead = one._claim()
    assert not other.turn(), "another worker has it"
    upkeep.clock.advance(LEASE)
    assert other.turn()["done"] == 1
    assert one._run(dead[0]) == "taken"
    upkeep.clock.advance(DAY)
    assert one.turn()["done"] == 1
    assert ran == [PlatformSession] * 2


def test_it_goes_on_when_the_business_whose_lease_it_was_is_archived(upkeep: Upkeep) -> None:
    house = upkeep.house
    planned = Planned("core", PlatformSchedule("tidy", DAY, lambda _session: None))
    schedules = Schedules(house.database, upkeep.clock, [planned], StoredActivation())
    schedules.plan()
    with platform_unit(house.database, house.clock, writes=True) as session:
        session.get_one(Tenant, house.bakery.id).archived_at = house.clock.now()
    schedules.plan()
    with platform_unit(house.database, house.clock, writes=False) as session:
        query = select(ScheduleLease.tenant_id).order_by(ScheduleLease.tenant_id)
        assert session.scalars(query).all() == [house.bakery.id, house.pharmacy.id]


def test_an_addon_that_owes_nothing_any_more_is_done_with_draining(upkeep: Upkeep) -> None:
    house = upkeep.house
    for tenant in (house.bakery, house.pharmacy):
        with house.unit(tenant) as session:
            now = session.clock.now()
            session.add(Activation(addon="stock", enabled_at=now, disabled_at=now, draining=True))
    upkeep.run()
    for tenant in (house.bakery, house.pharmacy):
        with house.unit(tenant, writes=False) as session:
            assert session.scalars(select(Activation.draining)).all() == [False]


def test_a_business_is_made_with_its_data_key(
    databases: TestDatabases, clock: StoppedClock, upkeep: Upkeep
) -> None:
    databases.copy("core", "nobody")
    database = open_database(databases.application_url("nobody"))
    equip(database, process_of(upkeep.house.database))
    try:
        refs = [create_business(database, clock, NewBusiness(name=name)) for name in ("A", "B")]
        for ref in refs:
            with tenant_unit(database, ref, clock, writes=False) as session:
                assert session.scalars(select(VaultKey.version)).all() == [1]
    finally:
        database.dispose()
        databases.drop("nobody")

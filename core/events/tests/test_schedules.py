from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.addons.parts import Schedule
from core.clock import StoppedClock
from core.db.uow import platform_unit
from core.events.models import ScheduleLease
from core.events.schedules import LEASE, Planned, Schedules
from core.events.tests.conftest import Switches
from core.tenancy import Establishment, TenantSession
from core.testing.house import House

EVERY = timedelta(minutes=10)


class Diary:
    """Who was served; a row per run, so that a run that is rolled back leaves nothing."""

    def __init__(self) -> None:
        self.ran: list[int] = []
        self.fails = False
        self.answer: object = None

    def write(self, session: TenantSession) -> object:
        self.ran.append(session.tenant_id)
        session.add(Establishment(code=f"run {len(self.ran)} {id(session)}", name="ran"))
        if self.fails:
            session.flush()
            raise ValueError("the printer is out of paper")
        return self.answer


@pytest.fixture
def diary() -> Diary:
    return Diary()


def schedules_of(
    house: House, switches: Switches, diary: Diary, idle: timedelta | None = None
) -> Schedules:
    planned = Planned("stock", Schedule("count", EVERY, diary.write), idle)
    return Schedules(house.database, house.clock, [planned], switches)


def rows(house: House) -> list[tuple[int, float, str | None]]:
    """Tell per business in how many minutes it is due, and the last error."""
    with platform_unit(house.database, house.clock, writes=False) as session:
        found = session.scalars(select(ScheduleLease).order_by(ScheduleLease.tenant_id)).all()
        now = house.clock.now()
        return [(r.tenant_id, (r.due_at - now).total_seconds() / 60, r.last_error) for r in found]


def runs(house: House) -> int:
    total = 0
    for tenant in (house.bakery, house.pharmacy):
        with house.unit(tenant, writes=False) as session:
            query = select(Establishment.id).where(Establishment.name == "ran")
            total += len(session.scalars(query).all())
    return total


def test_every_business_gets_its_rows_once(house: House, switches: Switches, diary: Diary) -> None:
    schedules = schedules_of(house, switches, diary)
    assert [schedules.plan(), schedules.plan()] == [2, 0]
    assert rows(house) == [(1, 0, None), (2, 0, None)]


def test_it_runs_once_per_period_and_business(
    house: House, switches: Switches, diary: Diary, clock: StoppedClock
) -> None:
    schedules = schedules_of(house, switches, diary)
    schedules.plan()
    assert schedules.turn() == Counter(done=2)
    assert not schedules.turn()
    clock.advance(EVERY)
    schedules.turn()
    assert sorted(diary.ran) == [1, 1, 2, 2]
    assert runs(house) == 4


def test_periods_that_passed_unseen_are_not_made_up_for(
    house: House, switches: Switches, diary: Diary, clock: StoppedClock
) -> None:
    schedules = schedules_of(house, switches, diary)
    schedules.plan()
    clock.advance(EVERY * 7 + timedelta(minutes=3))
    assert schedules.turn() == Counter(done=2)
    assert not schedules.turn()
    assert rows(house) == [(1, 7, None), (2, 7, None)], "it keeps its rhythm"


def test_several_workers_run_it_once(house: House, switches: Switches, diary: Diary) -> None:
    workers = [schedules_of(house, switches, diary) for _ in range(4)]
    workers[0].plan()
    threads = [threading.Thread(target=worker.turn) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert runs(house) == 2


def test_what_a_dead_worker_claimed_runs_when_its_lease_ends(
    house: House, switches: Switches, diary: Diary, clock: StoppedClock
) -> None:
    dead, alive = (schedules_of(house, switches, diary) for _ in range(2))
    dead.plan()
    [bakery, _pharmacy] = dead._claim()
    assert not alive.turn()
    clock.advance(LEASE)
    assert alive.turn() == Counter(done=2)
    assert dead._run(bakery) == "taken", "too late: the other ran it"
    assert runs(house) == 2


def test_a_failing_run_is_undone_tried_again_soon_and_says_why(
    house: House, switches: Switches, diary: Diary, clock: StoppedClock
) -> None:
    schedules = schedules_of(house, switches, diary)
    schedules.plan()
    diary.fails = True
    assert schedules.turn() == Counter(failed=2)
    assert rows(house) == [(n, 1, "ValueError: the printer is out of paper") for n in (1, 2)]
    assert runs(house) == 0
    diary.fails = False
    clock.advance(timedelta(minutes=1))
    assert schedules.turn() == Counter(done=2)
    assert rows(house) == [(1, 10, None), (2, 10, None)]


def test_a_run_that_found_nothing_rests_longer(
    house: House, switches: Switches, diary: Diary
) -> None:
    schedules = schedules_of(house, switches, diary, idle=timedelta(minutes=30))
    schedules.plan()
    diary.answer = 0
    schedules.turn()
    assert rows(house) == [(1, 30, None), (2, 30, None)]


def test_an_addon_that_is_off_does_not_run_until_it_is_on_or_drains(
    house: House, switches: Switches, diary: Diary, clock: StoppedClock
) -> None:
    switches.off = {(1, "stock")}
    schedules = schedules_of(house, switches, diary)
    schedules.plan()
    assert schedules.turn() == Counter(done=1, unused=1)
    assert diary.ran == [2]
    switches.drains = {(1, "stock")}
    clock.advance(EVERY)
    assert schedules.turn() == Counter(done=2)

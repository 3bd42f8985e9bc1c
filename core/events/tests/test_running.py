"""Threads, a broker that forgets, and a process that is killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event as Flag
from time import monotonic

import pytest
from prometheus_client import REGISTRY
from redis import Redis

from core.addons.parts import Consumer, Delivery, Event
from core.audit.sealer import last_link
from core.audit.services import record
from core.audit.verify import verify_audit
from core.clock import SystemClock
from core.events.broker import TASK, hint_app
from core.events.hints import Hint
from core.events.publish import publish
from core.events.running import Running, measure_outbox
from core.events.schedules import Schedules
from core.events.tests.conftest import CORE_TABLES, Switches, worker_of
from core.events.tests.test_worker import SOLD, STOCK, happen, mark, marks, outbox, waiting
from core.ids import uuid7
from core.testing.databases import TestDatabases
from core.testing.house import House, create_tables, open_house
from core.upkeep import core_schedules

PATIENCE = 60.0


@pytest.fixture
def house(databases: TestDatabases) -> Iterator[House]:
    databases.template("core_events", lambda owner, app: create_tables(owner, app, CORE_TABLES))
    with open_house(databases, "core_events", SystemClock()) as opened:
        yield opened


def until(condition: Callable[[], bool]) -> None:
    """Wait for ``condition``; give up only after what no machine needs."""
    end, flag = monotonic() + PATIENCE, Flag()
    while not condition():
        assert monotonic() < end, "it did not come"
        flag.wait(0.02)


def running(house: House, switches: Switches, *consumers: tuple[str, Consumer]) -> Running:
    worker = worker_of(house, switches, *consumers)
    planned = core_schedules(worker.subscriptions)
    return Running(worker, Schedules(house.database, house.clock, planned, switches), sweep=0.1)


def test_threads_work_off_what_happens_and_stop_when_told(house: House, switches: Switches) -> None:
    works = running(house, switches, STOCK)
    works.start()
    try:
        happen(house, house.bakery, 5)
        happen(house, house.pharmacy, 5)
        until(lambda: waiting(house) == 0)
    finally:
        assert works.stop()
    assert marks(house, house.bakery) == marks(house, house.pharmacy) == 5
    happen(house, house.bakery)
    assert waiting(house) == 1, "nobody works any more"


def test_without_any_hint_the_sweeper_finds_the_work(
    house: House, switches: Switches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.events.hints._notifiers", [])
    works = running(house, switches, STOCK)
    works.start()
    monkeypatch.setattr("core.events.hints.announce", lambda hints: None)
    try:
        happen(house, house.bakery, 3)
        until(lambda: waiting(house) == 0)
    finally:
        works.stop()
    assert marks(house, house.bakery) == 3


def test_signing_goes_on_while_a_report_hangs(house: House, switches: Switches) -> None:
    hanging, release = Flag(), Flag()

    def report(task: object, delivery: Delivery) -> None:
        hanging.set()
        release.wait(PATIENCE)

    slow = ("stock", Consumer("pos.day.closed.v1", "report", report, own_transactions=True))
    sign = ("edi", Consumer(SOLD, "sign", mark, queue="signing"))
    works = running(house, switches, slow, sign)
    works.start()
    try:
        with house.unit(house.bakery) as session:
            publish(session, Event("pos.day.closed.v1", {}))
        assert hanging.wait(PATIENCE)
        happen(house, house.bakery, queue="signing")
        until(lambda: marks(house, house.bakery) == 1)
    finally:
        release.set()
        works.stop()


def test_the_database_going_away_for_a_moment_does_not_end_the_worker(
    house: House, switches: Switches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.events.running._AFTER_ERROR", 0.05)
    works = running(house, switches, STOCK)
    turn, failures = works.worker.turn, iter(range(3))

    def flaky(queue: str) -> object:
        if next(failures, None) is not None:
            raise ConnectionError
        return turn(queue)

    monkeypatch.setattr(works.worker, "turn", flaky)
    works.start()
    try:
        happen(house, house.bakery)
        until(lambda: marks(house, house.bakery) == 1)
    finally:
        works.stop()


def sealed(house: House) -> bool:
    with house.unit(house.bakery, writes=False) as session:
        return last_link(session) is not None


def test_operators_see_how_much_waits(house: House, switches: Switches) -> None:
    happen(house, house.bakery, 4, queue="signing")
    worker = worker_of(house, switches, ("edi", Consumer(SOLD, "sign", mark, queue="signing")))
    measure_outbox(worker)
    assert REGISTRY.get_sample_value("guadua_outbox_waiting", {"queue": "signing"}) == 4
    worker.drain()
    measure_outbox(worker)
    assert REGISTRY.get_sample_value("guadua_outbox_waiting", {"queue": "signing"}) == 0
    done = {"queue": "signing", "outcome": "done"}
    assert (REGISTRY.get_sample_value("guadua_worker_deliveries_total", done) or 0) >= 4


def test_the_audit_is_sealed_and_parked_work_is_woken_by_the_core_itself(
    house: House, switches: Switches
) -> None:
    switches.off = {(house.bakery.id, "stock")}
    with house.unit(house.bakery) as session:
        record(session, "pos.sale.void", "pos_sale", uuid7())
        publish(session, Event(SOLD, {}))
    works = running(house, switches, STOCK)
    works.worker.drain()
    assert outbox(house, house.bakery) == [("parked", None)]
    switches.off = set()
    works.start()
    try:
        until(lambda: marks(house, house.bakery) == 1)
        until(lambda: sealed(house))
        with house.unit(house.bakery, writes=False) as session:
            assert verify_audit(session) == []
    finally:
        works.stop()


@pytest.fixture
def redis(redis_url: str) -> Iterator[tuple[str, Redis]]:
    """A database of this test's own on the Redis that may be emptied."""
    url = f"{redis_url.rsplit('/', 1)[0]}/9" if redis_url.count("/") > 2 else f"{redis_url}/9"
    client = Redis.from_url(url)
    client.flushdb()
    yield url, client
    client.flushdb()
    client.close()


def test_hints_over_redis_survive_duplicates_and_a_broker_that_forgets_everything(
    house: House, switches: Switches, redis: tuple[str, Redis]
) -> None:
    url, client = redis
    heard: list[Hint] = []
    works = running(house, switches, STOCK)
    works.broker_url, works.broker_prefix = url, f"test{os.getpid()}"
    tell = works.local.tell

    def listen(hints: list[Hint]) -> None:
        heard.extend(hints)
        tell(hints)

    works.local.tell = listen  # type: ignore[method-assign, assignment]
    sender = hint_app(url, lambda hint: None, prefix=works.broker_prefix)
    works.start()
    try:
        happen(house, house.bakery, 2)
        until(lambda: len(heard) >= 4)  # each once from the session, once over the broker
        for hint in list(dict.fromkeys(heard)):
            for _ in range(3):
                sender.send_task(
                    TASK,
                    args=(hint.tenant_id, str(hint.key), hint.queue),
                    queue=f"{works.broker_prefix}.{hint.queue}",
                )
        until(lambda: len(heard) >= 10)
        client.flushdb()
        happen(house, house.pharmacy, 3)
        until(lambda: waiting(house) == 0)
    finally:
        sender.close()
        assert works.stop()
    assert marks(house, house.bakery) == 2
    assert marks(house, house.pharmacy) == 3


@pytest.mark.crash
@pytest.mark.skipif(sys.platform == "win32", reason="the harness forks")
def test_killed_at_any_point_every_event_counts_once(house: House) -> None:
    driver = Path(__file__).with_name("crash_driver.py")
    url = house.database.engine.url.render_as_string(hide_password=False)
    told = subprocess.run(  # our own file
        [sys.executable, str(driver), url, str(house.bakery.id), str(house.bakery.uid)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert int(told.stdout) > 20, "points where it was killed"
    assert waiting(house) == 0
    assert {state for state, _ in outbox(house, house.bakery)} == {"done"}

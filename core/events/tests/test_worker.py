from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.addons.parts import Consumer, Delivery, Event
from core.clock import StoppedClock
from core.db.uow import platform_unit
from core.events.consumers import RetryLater, Task
from core.events.models import Inbox, Outbox, Wakeup
from core.events.policy import Policy
from core.events.publish import publish
from core.events.tests.conftest import Switches, worker_of
from core.tenancy import Establishment, TenantRef, TenantSession
from core.testing.house import House

SOLD = "pos.sale.completed.v1"


def happen(house: House, tenant: TenantRef, number: int = 1, queue: str = "events") -> None:
    with house.unit(tenant) as session:
        for n in range(number):
            publish(session, Event(SOLD, {"n": n, "tenant": str(tenant.uid)}, queue))


def waiting(house: House) -> int:
    with platform_unit(house.database, house.clock, writes=False) as session:
        return session.scalar(select(func.count()).select_from(Wakeup)) or 0


def outbox(house: House, tenant: TenantRef) -> list[tuple[str, str | None]]:
    with house.unit(tenant, writes=False) as session:
        rows = session.execute(select(Outbox.state, Outbox.last_error).order_by(Outbox.id))
        return [(state, error) for state, error in rows]


def mark(session: TenantSession, delivery: Delivery) -> None:
    """Leave a trace in the business's data, so that doing it twice shows."""
    session.add(Establishment(code=str(delivery.id), name="done"))


def marks(house: House, tenant: TenantRef) -> int:
    with house.unit(tenant, writes=False) as session:
        query = select(func.count()).select_from(Establishment)
        return session.scalar(query.where(Establishment.name == "done")) or 0


STOCK = ("stock", Consumer(SOLD, "move", mark))


def test_an_event_is_consumed_once_and_its_wakeup_is_gone(house: House, switches: Switches) -> None:
    happen(house, house.bakery, 3)
    worker = worker_of(house, switches, STOCK)
    assert worker.drain()["done"] == 3
    assert marks(house, house.bakery) == 3
    assert marks(house, house.pharmacy) == 0
    assert outbox(house, house.bakery) == [("done", None)] * 3
    assert waiting(house) == 0
    assert not worker.drain()


def test_an_event_without_consumers_is_done(house: House, switches: Switches) -> None:
    happen(house, house.bakery)
    worker_of(house, switches).drain()
    assert outbox(house, house.bakery) == [("done", None)]
    assert waiting(house) == 0


def test_each_business_gets_only_its_own_events(house: House, switches: Switches) -> None:
    heard: list[tuple[int, str]] = []
    consumer = Consumer(SOLD, "hear", lambda s, d: heard.append((s.tenant_id, d.payload["tenant"])))
    happen(house, house.bakery, 5)
    happen(house, house.pharmacy, 5)
    worker_of(house, switches, ("stock", consumer)).drain()
    expected = {(t.id, str(t.uid)) for t in (house.bakery, house.pharmacy)}
    assert set(heard) == expected
    assert len(heard) == 10


def test_a_failing_consumer_is_undone_alone_and_tried_later(
    house: House, switches: Switches, clock: StoppedClock
) -> None:
    tries: list[int] = []

    def fail_twice(session: TenantSession, delivery: Delivery) -> None:
        session.add(Establishment(code="half", name="half done"))
        session.flush()
        tries.append(delivery.attempt)
        if len(tries) < 3:
            raise ValueError("the shelf is locked")

    happen(house, house.bakery)
    worker = worker_of(house, switches, STOCK, ("edi", Consumer(SOLD, "sign", fail_twice)))
    worker.drain()
    assert outbox(house, house.bakery) == [("pending", "ValueError: the shelf is locked")]
    assert marks(house, house.bakery) == 1
    worker.drain()
    assert tries == [1], "it waits for its time"
    clock.advance(timedelta(seconds=2))
    worker.drain()
    clock.advance(timedelta(seconds=3))
    worker.drain()
    assert tries == [1, 2], "each wait is twice the one before"
    clock.advance(timedelta(seconds=1))
    worker.drain()
    assert tries == [1, 2, 3]
    assert outbox(house, house.bakery) == [("done", None)]
    assert marks(house, house.bakery) == 1
    assert waiting(house) == 0


def test_after_its_last_attempt_an_event_waits_for_a_person(
    house: House, switches: Switches, clock: StoppedClock
) -> None:
    def never(session: TenantSession, delivery: Delivery) -> None:
        raise ValueError("no such product")

    happen(house, house.bakery)
    policy = Policy(attempts=3, chance=lambda: 0.0)
    worker = worker_of(house, switches, ("stock", Consumer(SOLD, "move", never)), policy=policy)
    outcomes = []
    for _ in range(5):
        outcomes.append(worker.drain())
        clock.advance(timedelta(hours=1))
    assert [o["failed"] for o in outcomes] == [1, 1, 0, 0, 0]
    assert outcomes[2]["dead"] == 1
    assert outbox(house, house.bakery) == [("dead", "ValueError: no such product")]
    assert waiting(house) == 0


def test_asking_for_later_is_no_failure(
    house: House, switches: Switches, clock: StoppedClock
) -> None:
    attempts: list[int] = []

    def patient(session: TenantSession, delivery: Delivery) -> None:
        attempts.append(delivery.attempt)
        if len(attempts) < 4:
            raise RetryLater(30, "the authority is closed")

    happen(house, house.bakery)
    policy = Policy(attempts=2, chance=lambda: 0.0)
    worker = worker_of(house, switches, ("edi", Consumer(SOLD, "ask", patient)), policy=policy)
    worker.drain()
    assert outbox(house, house.bakery) == [("pending", "the authority is closed")]
    for _ in range(3):
        clock.advance(timedelta(seconds=29))
        assert not worker.drain()
        clock.advance(timedelta(seconds=1))
        worker.drain()
    assert attempts == [1, 1, 1, 1]
    assert outbox(house, house.bakery) == [("done", None)]


def test_a_consumer_in_its_own_queue_does_not_wait_for_the_others(
    house: House, switches: Switches
) -> None:
    heard: list[str] = []
    sign = Consumer(SOLD, "sign", lambda s, d: heard.append("sign"), queue="signing")
    move = Consumer(SOLD, "move", lambda s, d: heard.append("move"))
    happen(house, house.bakery, queue="signing")
    worker = worker_of(house, switches, ("stock", move), ("edi", sign))
    worker.turn("signing")
    assert heard == ["sign"]
    assert outbox(house, house.bakery) == [("pending", None)]
    worker.turn("events")
    assert heard == ["sign", "move"]
    assert outbox(house, house.bakery) == [("done", None)]
    assert waiting(house) == 0


def test_a_flood_of_one_business_does_not_hold_up_the_other(
    house: House, switches: Switches
) -> None:
    served: list[int] = []
    consumer = Consumer(SOLD, "hear", lambda s, d: served.append(s.tenant_id))
    happen(house, house.bakery, 50)
    happen(house, house.pharmacy, 2)
    policy = Policy(batch=8, budget=60)
    worker = worker_of(house, switches, ("stock", consumer), policy=policy)
    worker.turn("events")
    assert served.count(house.pharmacy.id) == 2
    assert served.count(house.bakery.id) == 4


def test_with_more_businesses_than_places_everyone_gets_a_turn(
    house: House, switches: Switches
) -> None:
    served: list[int] = []
    consumer = Consumer(SOLD, "hear", lambda s, d: served.append(s.tenant_id))
    happen(house, house.bakery, 4)
    happen(house, house.pharmacy, 4)
    policy = Policy(batch=2, businesses=1)
    worker = worker_of(house, switches, ("stock", consumer), policy=policy)
    for _ in range(4):
        worker.turn("events")
    assert served == [1, 1, 2, 2, 1, 1, 2, 2]


def test_a_claim_comes_back_when_its_lease_ends(
    house: House, switches: Switches, clock: StoppedClock
) -> None:
    happen(house, house.bakery)
    dead = worker_of(house, switches, STOCK)
    assert len(dead._claims.take("events", after=0, limit=10)) == 1
    alive = worker_of(house, switches, STOCK)
    assert not alive.drain()
    clock.advance(timedelta(seconds=60))
    assert alive.drain()["done"] == 1


def test_a_live_worker_keeps_its_claim(
    house: House, switches: Switches, clock: StoppedClock
) -> None:
    other = worker_of(house, switches, STOCK)
    stolen: list[int] = []

    def slow(task: Task, delivery: Delivery) -> None:
        for _ in range(5):
            clock.advance(timedelta(seconds=40))
            worker.renew_leases()
            stolen.append(other.drain()["done"])

    happen(house, house.bakery)
    worker = worker_of(
        house, switches, ("edi", Consumer(SOLD, "send", slow, own_transactions=True))
    )
    worker.drain()
    assert stolen == [0] * 5
    assert outbox(house, house.bakery) == [("done", None)]


def test_the_same_event_claimed_by_three_at_once_counts_once(
    house: House, switches: Switches
) -> None:
    happen(house, house.bakery, 5)
    workers = [worker_of(house, switches, STOCK) for _ in range(3)]
    [claim] = workers[0]._claims.take("events", after=0, limit=10)
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            workers[number]._work([claim])
        except BaseException as error:  # noqa: BLE001 - shown by the assertion
            failures.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert marks(house, house.bakery) == 5
    with house.unit(house.bakery, writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Inbox)) == 5
    assert waiting(house) == 0


def test_many_workers_share_the_work_and_each_event_counts_once(
    house: House, switches: Switches
) -> None:
    happen(house, house.bakery, 40)
    happen(house, house.pharmacy, 40)
    workers = [worker_of(house, switches, STOCK, policy=Policy(batch=6)) for _ in range(4)]
    threads = [threading.Thread(target=worker.drain) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert marks(house, house.bakery) == marks(house, house.pharmacy) == 40
    assert waiting(house) == 0


def test_told_to_stop_it_finishes_the_event_at_hand_and_gives_the_rest_back(
    house: House, switches: Switches
) -> None:
    happen(house, house.bakery, 5)

    def stop_after_first(session: TenantSession, delivery: Delivery) -> None:
        mark(session, delivery)
        worker.stop()

    policy = Policy(budget=0)
    consumer = Consumer(SOLD, "move", stop_after_first)
    worker = worker_of(house, switches, ("stock", consumer), policy=policy)
    worker.turn("events")
    assert marks(house, house.bakery) == 1
    other = worker_of(house, switches, ("stock", Consumer(SOLD, "move", mark)))
    assert other.drain()["done"] == 4, "without waiting for the lease"


def test_a_consumer_that_commits_in_between_is_called_outside_and_marked_after(
    house: House, switches: Switches
) -> None:
    def send(task: Task, delivery: Delivery) -> None:
        with task.unit(writes=True) as session:
            session.add(Establishment(code=f"sent {delivery.id}", name="done"))

    happen(house, house.bakery, 2)
    consumer = Consumer(SOLD, "send", send, own_transactions=True)
    assert worker_of(house, switches, ("edi", consumer), STOCK).drain()["done"] == 4
    assert marks(house, house.bakery) == 2 + 2
    assert outbox(house, house.bakery) == [("done", None)] * 2


def test_rows_that_break_only_at_commit_are_blamed_on_their_event(
    house: House, switches: Switches
) -> None:
    def poison(session: TenantSession, delivery: Delivery) -> None:
        mark(session, delivery)
        if delivery.payload["n"] == 1:
            session.info["poison"] = True

    def refuse(session: TenantSession) -> None:
        if session.info.pop("poison", False):
            raise RuntimeError("the disk is full")

    from sqlalchemy import event

    event.listen(TenantSession, "before_commit", refuse)
    try:
        happen(house, house.bakery, 3)
        worker_of(house, switches, ("stock", Consumer(SOLD, "move", poison))).drain()
    finally:
        event.remove(TenantSession, "before_commit", refuse)
    states = outbox(house, house.bakery)
    assert states == [("done", None), ("pending", "RuntimeError: the disk is full"), ("done", None)]
    assert marks(house, house.bakery) == 2


@pytest.mark.parametrize("failures", range(1, 20))
def test_delays_double_up_to_an_hour_and_are_spread(failures: int) -> None:
    exact = min(2 * 2 ** (failures - 1), 3600)
    assert Policy(chance=lambda: 0.0).delay(failures) == timedelta(seconds=exact)
    assert Policy(chance=lambda: 1.0).delay(failures) == timedelta(seconds=exact * 1.5)

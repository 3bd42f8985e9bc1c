from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from core.addons.parts import Consumer, Delivery
from core.clock import StoppedClock
from core.errors import NotFoundError
from core.events.models import Outbox
from core.events.policy import Policy
from core.events.retry import replay, retry_dead, unpark
from core.events.subscriptions import Subscription
from core.events.tests.conftest import Switches, worker_of
from core.events.tests.test_worker import SOLD, STOCK, happen, marks, outbox, waiting
from core.tenancy import TenantSession
from core.testing.house import House


def wake(house: House, worker_addons: frozenset[str], switches: Switches) -> int:
    worker = worker_of(house, switches, STOCK)
    with house.unit(house.bakery) as session:
        return unpark(session, worker.subscriptions, worker_addons)


def test_an_event_of_an_addon_that_is_off_is_parked_and_done_when_it_is_on_again(
    house: House, switches: Switches
) -> None:
    switches.off = {(house.bakery.id, "stock")}
    happen(house, house.bakery, 2)
    happen(house, house.pharmacy, 1)
    worker = worker_of(house, switches, STOCK)
    assert worker.drain()["parked"] == 2
    assert outbox(house, house.bakery) == [("parked", None)] * 2
    assert outbox(house, house.pharmacy) == [("done", None)]
    assert waiting(house) == 0
    assert wake(house, frozenset({"edi"}), switches) == 0
    switches.off = set()
    assert wake(house, frozenset({"stock"}), switches) == 2
    assert wake(house, frozenset({"stock"}), switches) == 0
    assert worker.drain()["done"] == 2
    assert outbox(house, house.bakery) == [("done", None)] * 2
    assert marks(house, house.bakery) == 2


def test_what_is_woken_too_early_is_parked_again(house: House, switches: Switches) -> None:
    switches.off = {(house.bakery.id, "stock")}
    happen(house, house.bakery)
    worker = worker_of(house, switches, STOCK)
    worker.drain()
    wake(house, frozenset({"stock"}), switches)
    assert worker.drain()["parked"] == 1
    assert outbox(house, house.bakery) == [("parked", None)]
    assert marks(house, house.bakery) == 0


def test_an_addon_that_drains_works_off_what_it_owes(house: House, switches: Switches) -> None:
    switches.off = switches.drains = {(house.bakery.id, "stock")}
    happen(house, house.bakery)
    assert worker_of(house, switches, STOCK).drain()["done"] == 1
    assert marks(house, house.bakery) == 1


def test_a_parked_consumer_does_not_hold_up_the_others(house: House, switches: Switches) -> None:
    heard: list[str] = []
    hear = Consumer(SOLD, "hear", lambda s, d: heard.append(s.tenant.uid.hex))
    switches.off = {(house.bakery.id, "stock")}
    happen(house, house.bakery)
    worker = worker_of(house, switches, STOCK, ("edi", hear))
    worker.drain()
    assert len(heard) == 1
    assert outbox(house, house.bakery) == [("parked", None)]
    switches.off = set()
    wake(house, frozenset({"stock"}), switches)
    worker.drain()
    assert len(heard) == 1
    assert outbox(house, house.bakery) == [("done", None)]


def test_a_dead_event_is_tried_again_when_a_person_says_so(
    house: House, switches: Switches, clock: StoppedClock
) -> None:
    broken = True

    def fail(session: TenantSession, delivery: Delivery) -> None:
        if broken:
            raise ValueError("no such account")

    happen(house, house.bakery)
    policy = Policy(attempts=1, chance=lambda: 0.0)
    worker = worker_of(house, switches, ("stock", Consumer(SOLD, "post", fail)), policy=policy)
    worker.drain()
    assert outbox(house, house.bakery) == [("dead", "ValueError: no such account")]
    broken = False
    with house.unit(house.bakery) as session:
        key = session.scalars(select(Outbox.id)).one()
        retry_dead(session, worker.subscriptions, key)
    for tenant, wanted in ((house.pharmacy, key), (house.bakery, UUID(int=1))):
        with pytest.raises(NotFoundError), house.unit(tenant) as session:
            retry_dead(session, worker.subscriptions, wanted)
    worker.drain()
    assert outbox(house, house.bakery) == [("done", None)]


def test_a_consumer_that_was_missing_gets_what_it_missed_once(
    house: House, switches: Switches, clock: StoppedClock
) -> None:
    heard: list[UUID] = []
    began = clock.now()
    happen(house, house.bakery, 3)
    worker_of(house, switches, STOCK).drain()
    late = Subscription("edi", Consumer(SOLD, "late", lambda s, d: heard.append(d.id)))
    worker = worker_of(house, switches, STOCK, (late.addon, late.consumer))
    clock.advance(timedelta(minutes=1))
    happen(house, house.bakery, 1)
    missed = []
    for _ in range(2):
        with house.unit(house.bakery) as session:
            missed.append(replay(session, late, since=began, until=clock.now()))
    worker.drain()
    assert missed == [3, 0]
    assert len(heard) == len(set(heard)) == 4
    assert marks(house, house.bakery) == 4
    assert outbox(house, house.bakery) == [("done", None)] * 4

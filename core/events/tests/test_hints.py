from __future__ import annotations

import threading
from collections.abc import Iterable
from uuid import UUID

import pytest

from core.addons.parts import Event
from core.events.hints import Hint, LocalNotifier, announce, notifying
from core.events.publish import publish
from core.events.tests.conftest import Switches, worker_of
from core.events.tests.test_worker import SOLD, STOCK, marks, waiting
from core.testing.house import House


class Ear:
    def __init__(self, house: House | None = None) -> None:
        self.heard: list[Hint] = []
        self.there: list[int] = []
        self._house = house

    def tell(self, hints: Iterable[Hint]) -> None:
        self.heard += hints
        if self._house:
            self.there.append(waiting(self._house))


class Deaf:
    def tell(self, hints: Iterable[Hint]) -> None:
        raise ConnectionError


def test_hints_are_sent_after_commit_only(house: House) -> None:
    ear = Ear(house)
    with notifying(ear), house.unit(house.bakery) as session:
        publish(session, Event(SOLD, {}, "signing"))
        with session.begin_nested():
            publish(session, Event(SOLD, {}))
        publish(session, Event(SOLD, {}, delay=60))
        assert ear.heard == []
    assert [(h.tenant_id, h.queue) for h in ear.heard] == [(1, "signing"), (1, "events")]
    assert ear.there == [3], "and the rows are there for whoever heard"


def test_what_is_rolled_back_is_not_hinted_at(house: House) -> None:
    ear = Ear()
    with notifying(ear):
        session = house.session(house.bakery)
        with session, house.database.writing():
            publish(session, Event(SOLD, {}))
            session.rollback()
            session.commit()
    assert ear.heard == []


def test_a_broker_that_fails_does_not_fail_the_sale(house: House) -> None:
    ear = Ear()
    with notifying(Deaf()), notifying(ear), house.unit(house.bakery) as session:
        publish(session, Event(SOLD, {}))
    assert len(ear.heard) == 1


def test_a_hint_delivered_three_times_at_once_counts_once(house: House, switches: Switches) -> None:
    ear = Ear()
    with notifying(ear), house.unit(house.bakery) as session:
        publish(session, Event(SOLD, {}))
    worker = worker_of(house, switches, STOCK)
    threads = [threading.Thread(target=worker.work_hint, args=(ear.heard[0],)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not worker.work_hint(ear.heard[0])
    assert marks(house, house.bakery) == 1


def test_a_hint_for_nothing_or_for_another_business_is_harmless(
    house: House, switches: Switches
) -> None:
    ear = Ear()
    with notifying(ear), house.unit(house.bakery) as session:
        publish(session, Event(SOLD, {}))
    [hint] = ear.heard
    worker = worker_of(house, switches, STOCK)
    for wrong in (
        Hint(2, hint.key, hint.queue),
        Hint(1, UUID(int=5), hint.queue),
        Hint(1, hint.key, "signing"),
    ):
        assert not worker.work_hint(wrong)
    assert worker.drain()["done"] == 1


@pytest.mark.parametrize("queue", ["events", "signing"])
def test_a_hint_that_came_while_we_looked_is_not_slept_over(queue: str) -> None:
    local = LocalNotifier()
    seen = local.seen(queue)
    with notifying(local):
        announce([Hint(1, UUID(int=1), queue)])
    assert local.wait(queue, after=seen, timeout=60)
    assert not local.wait(queue, after=seen + 1, timeout=0)

"""A broker makes work begin sooner, and nothing else: no write fails or waits for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event as Flag

import pytest

from core.events.broker import BrokerNotifier, HintListener, hint_app, sending_hints
from core.events.hints import Hint
from core.events.tests.conftest import Switches, worker_of
from core.events.tests.test_running import until
from core.events.tests.test_worker import STOCK, happen, marks, waiting
from core.ids import uuid7
from core.testing.house import House
from core.testing.services import RedisServer, free_port


@contextmanager
def listening(url: str, on_hint: Callable[[Hint], object]) -> Iterator[None]:
    """Hear hints as a worker on another machine does."""
    app = hint_app(url, on_hint)
    listener = HintListener(app, ["events"])
    listener.start()
    try:
        yield
    finally:
        listener.stop()
        app.close()


def test_a_hint_of_the_web_reaches_a_worker_elsewhere_that_never_sweeps(
    house: House, switches: Switches, redis_alone: RedisServer
) -> None:
    worker = worker_of(house, switches, STOCK)
    with listening(redis_alone.url, worker.work_hint), sending_hints(redis_alone.url):
        happen(house, house.bakery, 2)
        until(lambda: waiting(house) == 0)
    assert marks(house, house.bakery) == 2


@pytest.mark.parametrize("url", ["", "unreachable"])
def test_without_a_broker_nothing_fails(house: House, url: str) -> None:
    with sending_hints(url and f"redis://127.0.0.1:{free_port()}/0"):
        happen(house, house.bakery, 3)
    assert waiting(house) == 3


def test_a_broker_that_goes_away_takes_no_write_along(
    house: House, redis_alone: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = Flag()
    send = BrokerNotifier._send

    def watched(notifier: BrokerNotifier, hint: Hint) -> None:
        try:
            send(notifier, hint)
        except Exception:
            failed.set()
            raise

    monkeypatch.setattr(BrokerNotifier, "_send", watched)
    with sending_hints(redis_alone.url):
        redis_alone.stop()
        happen(house, house.bakery)
        assert failed.wait(60)
        happen(house, house.bakery)
    assert waiting(house) == 2


def test_a_broker_that_hangs_makes_no_write_wait(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sending hangs until every write is done: a write that waited would never end."""
    written = Flag()

    def hang(_notifier: BrokerNotifier, _hint: Hint) -> None:
        assert written.wait(60)

    monkeypatch.setattr(BrokerNotifier, "_send", hang)
    with sending_hints("redis://127.0.0.1:1/0"):
        for _ in range(3):
            happen(house, house.bakery)
        written.set()
    assert waiting(house) == 3


def test_after_a_failure_hints_are_forgotten_until_the_pause_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried, failing = list[Hint](), [True]
    resting, rested = Flag(), Flag()

    def send(_notifier: BrokerNotifier, hint: Hint) -> None:
        tried.append(hint)
        if failing[0]:
            raise ConnectionError

    monkeypatch.setattr(BrokerNotifier, "_send", send)
    notifier = BrokerNotifier(hint_app("redis://127.0.0.1:1/0", lambda hint: None))
    rest = notifier._stopping.wait

    def pause(_seconds: float) -> bool:
        resting.set()
        rested.wait(60)
        return rest(0)

    monkeypatch.setattr(notifier._stopping, "wait", pause)
    first, lost, later = (Hint(1, uuid7(), "events") for _ in range(3))
    notifier.tell([first])
    assert resting.wait(60)
    notifier.tell([lost] * 5)
    failing[0] = False
    rested.set()
    until(lambda: not notifier._resting.is_set())
    notifier.tell([later])
    until(lambda: later in tried)
    notifier.close()
    assert tried == [first, later]

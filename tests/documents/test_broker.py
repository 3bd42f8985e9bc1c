"""Documents go out once, whatever the broker doubles or forgets."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from redis import Redis

from addons.edi.sale import QUEUE
from addons.l10n_co_dian.simulator import Kind
from core.events.broker import TASK, hint_app
from core.events.hints import Hint
from core.events.running import Running
from core.events.schedules import Schedules
from core.events.tests.test_running import until
from tests.documents.shop import Shop

pytestmark = pytest.mark.services

TIMES = 3


@pytest.fixture
def redis(redis_url: str) -> Iterator[tuple[str, Redis]]:
    """A database of this test's own on the Redis that may be emptied."""
    url = f"{redis_url.rsplit('/', 1)[0]}/8" if redis_url.count("/") > 2 else f"{redis_url}/8"
    client = Redis.from_url(url)
    client.flushdb()
    yield url, client
    client.flushdb()
    client.close()


def test_hints_thrice_and_a_broker_flushed_mid_way_send_each_document_once(
    shop: Shop, redis: tuple[str, Redis]
) -> None:
    url, client = redis
    worker, heard = shop.worker(), list[Hint]()
    works = Running(
        worker,
        Schedules(worker.database, worker.clock, [], worker.activation),
        sweep=0.1,
        threads={QUEUE: TIMES},
        broker_url=url,
        broker_prefix=f"documents{os.getpid()}",
    )
    tell = works.local.tell

    def listen(hints: list[Hint]) -> None:
        heard.extend(hints)
        tell(hints)

    works.local.tell = listen  # type: ignore[method-assign, assignment]
    sender = hint_app(url, lambda hint: None, prefix=works.broker_prefix)
    shop.fault(Kind.SLOW, times=2, seconds="0.3")
    works.start()
    try:
        shop.sell()
        until(lambda: bool(heard))
        hint = heard[0]
        for _ in range(TIMES):
            arguments = (hint.tenant_id, str(hint.key), hint.queue)
            sender.send_task(TASK, args=arguments, queue=f"{works.broker_prefix}.{hint.queue}")
        until(lambda: heard.count(hint) > TIMES)
        # The next one is sold, and what Redis knows of it is gone while it is on its way.
        shop.sell()
        client.flushdb()
        shop.sell()
        until(shop.settled)
    finally:
        sender.close()
        assert works.stop()
    assert [document.state for document in shop.documents()] == ["accepted"] * 3
    assert shop.at_the_authority() == {f"POSE{d.number}": d.code for d in shop.documents()}
    assert shop.sends() == 3

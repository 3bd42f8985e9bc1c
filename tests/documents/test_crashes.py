"""The pipeline is ended at every point it passes, and goes on from there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from uuid import UUID

import pytest

from addons.edi.pipeline import carry_out
from addons.edi.rules import SENDER_LOST
from addons.l10n_co_dian.simulator import Kind
from core.addons.parts import Delivery
from core.db import trace
from core.events.consumers import RetryLater, Task
from tests.documents.shop import Shop

pytestmark = pytest.mark.services


class EndedError(Exception):
    """The process ended here."""


@contextmanager
def ended_at(point: int | None) -> Iterator[list[str]]:
    """Count the points that are passed; end at the ``point``-th."""
    passed: list[str] = []

    def listen(kind: str, detail: str) -> None:
        passed.append(f"{kind} {detail[:40]}")
        if point is not None and len(passed) == point:
            raise EndedError(passed[-1])

    trace.listeners.append(listen)
    try:
        yield passed
    finally:
        trace.listeners.remove(listen)


def task_of(shop: Shop) -> tuple[Task, Delivery]:
    version = shop.versions()[-1]
    delivery = Delivery(UUID(int=1), "edi.version.issued.v1", {"version": str(version.id)}, 1)
    return Task(shop.house.database, shop.tenant, shop.clock, shop.house.enabled), delivery


def resume(task: Task, delivery: Delivery, shop: Shop) -> None:
    """Let another worker take over, until nothing is left to do."""
    shop.clock.advance(SENDER_LOST)
    for _attempt in range(20):
        try:
            return carry_out(task, delivery)
        except RetryLater as later:
            shop.clock.advance(timedelta(seconds=later.seconds))
    raise AssertionError("it never ends")


def end_everywhere(shop: Shop, *, step: int = 1) -> int:
    """End one document at every ``step``-th point, until one passes them all; resume each."""
    point = 1
    while True:
        shop.sell()
        task, delivery = task_of(shop)
        with ended_at(point) as passed, suppress(EndedError, RetryLater):
            carry_out(task, delivery)
        resume(task, delivery, shop)
        newest = shop.documents()[-1]
        assert newest.state == "accepted", passed[-1]
        if len(passed) < point:
            return point
        point += step


def test_ended_anywhere_it_resumes_and_counts_once(shop: Shop) -> None:
    assert end_everywhere(shop) > 30
    accepted = shop.at_the_authority()
    assert accepted == {f"POSE{d.number}": d.code for d in shop.documents()}
    # What was ended after its send was asked about, never sent again.
    assert shop.sends() == len(accepted)


def test_ended_anywhere_while_the_answer_is_lost_too(shop: Shop) -> None:
    shop.fault(Kind.RESET_AFTER, times=10_000)
    end_everywhere(shop, step=6)
    accepted = shop.at_the_authority()
    assert accepted == {f"POSE{d.number}": d.code for d in shop.documents()}
    assert shop.sends() == len(accepted)

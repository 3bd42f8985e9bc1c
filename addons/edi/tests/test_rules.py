from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from addons.edi.rules import (
    SENDER_LOST,
    Act,
    Situation,
    StepTaken,
    key_to_ask,
    next_act,
    pause,
    wait_for_sender,
)

NOW = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)


def taken(*steps: str, at: datetime = NOW) -> tuple[StepTaken, ...]:
    """Read steps written as ``send/accepted``."""
    parts = (step.partition("/") for step in steps)
    return tuple(StepTaken(name, outcome, at) for name, _slash, outcome in parts)


def situation(*steps: str, at: datetime = NOW, **values: object) -> Situation:
    given: dict[str, object] = {"state": "sent", "newest": True, "signed": True, **values}
    return Situation(steps=taken(*steps, at=at), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", ["accepted", "rejected", "void"])
def test_a_settled_document_is_left_alone(state: str) -> None:
    assert next_act(situation(state=state), NOW) is Act.STOP


def test_a_version_that_was_followed_by_another_is_left_alone() -> None:
    assert next_act(situation("send/rejected", newest=False), NOW) is Act.STOP


def test_what_is_not_signed_is_signed_whatever_was_tried() -> None:
    assert next_act(situation("build/done", signed=False), NOW) is Act.SIGN


@pytest.mark.parametrize(
    ("steps", "act"),
    [
        (("build/done", "sign/done", "validate/not_checked"), Act.SEND),
        (("send/started",), Act.WAIT),
        (("send/started", "send/unreachable"), Act.ASK),
        (("send/started", "send/pending"), Act.ASK),
        (("send/started", "send/not_known"), Act.ASK),
        (("send/started", "send/not_delivered"), Act.SEND),
        (("send/started", "send/failed"), Act.SEND),
        (("send/unreachable", "ask/unreachable"), Act.ASK),
        (("send/unreachable", "ask/pending"), Act.ASK),
        (("send/unreachable", "ask/failed"), Act.ASK),
        (("send/unreachable", "ask/not_delivered"), Act.ASK),
        (("send/unreachable", "ask/not_known"), Act.SEND),
    ],
)
def test_what_comes_next_follows_from_the_last_step(steps: tuple[str, ...], act: Act) -> None:
    assert next_act(situation(*steps), NOW) is act


def test_a_sender_that_is_silent_too_long_is_asked_after() -> None:
    begun = situation("send/started", at=NOW - SENDER_LOST + timedelta(seconds=1))
    assert next_act(begun, NOW) is Act.WAIT
    assert wait_for_sender(begun, NOW) == 1
    assert wait_for_sender(begun, NOW - timedelta(milliseconds=1500)) == 3
    assert next_act(begun, NOW + timedelta(seconds=1)) is Act.ASK


@pytest.mark.parametrize(
    ("answers", "seconds"), [(1, 5), (3, 5), (4, 120), (8, 120), (9, 1800), (90, 1800)]
)
def test_patience_grows_with_every_answer_that_settles_nothing(answers: int, seconds: int) -> None:
    steps = ["send/started", "send/unreachable", *["ask/pending"] * (answers - 1)]
    assert pause(taken(*steps)) == seconds


def test_the_key_of_the_last_send_is_asked_with() -> None:
    first = StepTaken("send", "pending", NOW, "zip-1")
    second = StepTaken("send", "pending", NOW, "zip-2")
    begun = StepTaken("send", "started", NOW)
    asked = StepTaken("ask", "pending", NOW, "other")
    assert key_to_ask([begun, first, asked, begun, second, asked]) == "zip-2"
    assert not key_to_ask([begun])

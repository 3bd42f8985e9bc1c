"""What is done next with a version, and how long to wait: pure, from the steps taken so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, Literal

StepName = Literal["build", "sign", "validate", "send", "ask", "store"]
StepOutcome = Literal[
    "done",
    "not_checked",
    "started",
    "accepted",
    "rejected",
    "pending",
    "unreachable",
    "not_delivered",
    "not_known",
    "failed",
]

#: The whole wait for one answer of the authority.
ANSWER_WITHIN: Final = timedelta(seconds=45)
#: A send that was begun and said nothing for this long: its worker died, nobody knows what arrived.
SENDER_LOST: Final = timedelta(seconds=60)
#: Nothing is left to do with a document that stands here.
FINAL_STATES: Final = frozenset({"accepted", "rejected", "void"})

#: Seconds until the authority is tried again: thrice soon, five times after the two minutes of the
#: annex (FE 1.9, contingency of the authority), then every half hour.
_SOON, _LATER, _RARELY = 5, 120, 1800


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step as stored, oldest first in every sequence of them.

    ``key`` is what the authority gave with it to ask with.
    """

    step: str
    outcome: str
    taken_at: datetime
    key: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a version stands. ``newest`` is false when a later version took its place."""

    state: str
    newest: bool
    signed: bool
    steps: tuple[StepTaken, ...]


class Act(Enum):
    """What to do next."""

    STOP = "stop"
    SIGN = "sign"
    SEND = "send"
    ASK = "ask"
    WAIT = "wait"


def next_act(situation: Situation, now: datetime) -> Act:
    """Say what to do next; a send whose answer was lost is followed by a question, never a send."""
    if situation.state in FINAL_STATES or not situation.newest:
        return Act.STOP
    if not situation.signed:
        return Act.SIGN
    talked = [taken for taken in situation.steps if taken.step in {"send", "ask"}]
    if not talked:
        return Act.SEND
    last = talked[-1]
    if last.outcome == "started":
        return Act.ASK if now - last.taken_at >= SENDER_LOST else Act.WAIT
    if last.step == "send":
        return Act.SEND if last.outcome in {"not_delivered", "failed"} else Act.ASK
    return Act.SEND if last.outcome == "not_known" else Act.ASK


def key_to_ask(steps: Sequence[StepTaken]) -> str:
    """Give the key that came with the last send, empty where none did."""
    sent = [s for s in steps if s.step == "send" and s.outcome != "started"]
    return sent[-1].key if sent else ""


def wait_for_sender(situation: Situation, now: datetime) -> int:
    """Say in how many seconds, rounded up, a send that somebody began counts as lost."""
    left = situation.steps[-1].taken_at + SENDER_LOST - now
    return max(1, -(-left // timedelta(seconds=1)))


def pause(steps: Sequence[StepTaken]) -> int:
    """Say how many seconds to wait after so many answers that settled nothing."""
    tries = sum(1 for s in steps if s.step in {"send", "ask"} and s.outcome != "started")
    if tries <= 3:
        return _SOON
    return _LATER if tries <= 8 else _RARELY

"""When a discount may be given, and how large it may be. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

Reason = Literal["happy_hour", "closed", "too_much"]

_CENT: Final = Decimal("0.01")
_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Window:
    """From an hour to an hour of the clock on some days of the week; hours such as 17.5.

    One that closes before it opens goes on past midnight and belongs to the day it opened on. One
    that closes when it opens is never open. Days are those of ISO 8601: 1 Monday to 7 Sunday.
    """

    opens: Decimal
    closes: Decimal
    days: frozenset[int]

    def is_open(self, moment: datetime) -> bool:
        """Tell whether it is open at a local moment: at the opening minute, not at the closing."""
        minute, today = moment.hour * 60 + moment.minute, moment.isoweekday()
        opens, closes = _minute(self.opens), _minute(self.closes)
        if opens <= closes:
            return today in self.days and opens <= minute < closes
        yesterday = today - 1 or 7
        return (today in self.days and minute >= opens) or (
            yesterday in self.days and minute < closes
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """What a business decided: when, how much at most (percent of a line), and how strictly."""

    window: Window
    percent: Decimal
    enforced: bool = True

    def reason(self, moment: datetime, gross: Decimal, discount: Decimal) -> Reason:
        """Say why a discount on a line is given, or which rule it breaks."""
        if not self.window.is_open(moment):
            return "closed"
        return "happy_hour" if discount <= highest(gross, self.percent) else "too_much"


def highest(gross: Decimal, percent: Decimal) -> Decimal:
    """Give the largest discount on a line, in whole cents, half up; never more than the line."""
    share = min(max(percent, Decimal(0)), Decimal(100))
    return min((gross * share / 100).quantize(_CENT, ROUND_HALF_UP), gross)


def days_of(text: str) -> frozenset[int]:
    """Read days such as ``12345``; anything but 1 to 7 says nothing."""
    return frozenset(_digits(text))


def _digits(text: str) -> Iterator[int]:
    yield from (int(letter) for letter in text if letter in "1234567")


def _minute(hour: Decimal) -> int:
    return min(max(int(hour * 60), 0), _DAY)

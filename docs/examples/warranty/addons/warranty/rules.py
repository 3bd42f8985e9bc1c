"""How long a warranty lasts."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def last_day(starts_on: date, months: int) -> date:
    """Give the last day of a term of ``months`` that begins on ``starts_on``; it is covered too.

    First and last day have the same number; in a month that has no such day the term ends on its
    last one (Código Civil, art. 67; Ley 4 de 1913, art. 59). Beyond the calendar it is the
    calendar's last day.
    """
    years, month = divmod(starts_on.month - 1 + months, 12)
    year = starts_on.year + years
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(starts_on.day, monthrange(year, month + 1)[1]))


def is_covered(starts_on: date, ends_on: date, day: date) -> bool:
    """Tell whether a day lies within the warranty; both ends count."""
    return starts_on <= day <= ends_on

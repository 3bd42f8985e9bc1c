"""Money, quantities and dates as people in Colombia write them (docs/look.md, section 8)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date

from core.i18n.catalog import language

NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
#: What a list or a form shows where there is nothing.
NOTHING: Final = "—"


def money(amount: Decimal | None, decimals: int = 0) -> str:
    """Write ``$ 52.450``; two decimals for bases and taxes; a true minus before the sign."""
    if amount is None:
        return NOTHING
    sign = MINUS if amount < 0 else ""
    return f"{sign}${NBSP}{_figures(abs(amount), decimals)}"


def quantity(amount: Decimal | None, unit: str = "", decimals: int | None = None) -> str:
    """Write ``0,750 kg``; without ``decimals`` trailing zeros are dropped."""
    if amount is None:
        return NOTHING
    if decimals is None:
        exponent = amount.normalize().as_tuple().exponent
        decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    sign = MINUS if amount < 0 else ""
    return f"{sign}{_figures(abs(amount), decimals)}" + (f"{NBSP}{unit}" if unit else "")


def whole(number: int | None) -> str:
    """Write ``1.248``: how many there are of something."""
    return NOTHING if number is None else quantity(Decimal(number))


def percent(rate: Decimal) -> str:
    """Write ``19 %``."""
    return quantity(rate, "%")


def day(value: date | None) -> str:
    """Write ``21 nov 2026``."""
    if value is None:
        return NOTHING
    return format_date(value, "d MMM y", locale=language()).replace(".", "")


def moment(value: datetime | None, zone: str = "America/Bogota") -> str:
    """Write ``21 nov 2026, 4:20 p. m.`` in the zone of the establishment."""
    if value is None:
        return NOTHING
    local = value.astimezone(ZoneInfo(zone))
    half = f"a.{NBSP}m." if local.hour < 12 else f"p.{NBSP}m."
    return f"{day(local.date())}, {local.hour % 12 or 12}:{local.minute:02d}{NBSP}{half}"


def _figures(amount: Decimal, decimals: int) -> str:
    plain = f"{amount:,.{decimals}f}"
    return plain.replace(",", " ").replace(".", ",").replace(" ", ".")

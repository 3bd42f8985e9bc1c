"""Roundings, one named function per rule, and exact sharing; nothing here ever sees a float.

The browser has the same functions in ``addons/taxes/static/taxes/decimal.mjs``; golden vectors run
through both keep them equal to the last cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
)
from typing import ClassVar, Final

from core.errors import BadInputError
from core.i18n import _

CENT: Final = Decimal("0.01")
PESO: Final = Decimal(1)

#: Adds and multiplies without losing a digit, whatever context the thread has; refuses otherwise.
EXACT: Final = Context(prec=120, traps=[InvalidOperation, DivisionByZero, Overflow, Inexact])
#: Rounds on purpose, with room for every digit that comes in.
_WIDE: Final = Context(prec=120, traps=[InvalidOperation, DivisionByZero, Overflow])

#: Decimals a currency is printed with: ISO 4217 minor units, except that Colombia, whose centavo
#: is no longer minted, prints prices and totals in whole pesos.
PRINTED_DECIMALS: Final = {
    "ARS": 2,
    "BOB": 2,
    "BRL": 2,
    "CAD": 2,
    "CHF": 2,
    "CLP": 0,
    "COP": 0,
    "CRC": 2,
    "DOP": 2,
    "EUR": 2,
    "GBP": 2,
    "GTQ": 2,
    "HNL": 2,
    "JPY": 0,
    "MXN": 2,
    "NIO": 2,
    "PAB": 2,
    "PEN": 2,
    "PYG": 0,
    "USD": 2,
    "UYU": 2,
    "VES": 2,
}


class UnsharableError(BadInputError):
    """An amount that cannot be spread exactly: part of a cent, below zero, or over nothing."""

    code: ClassVar[str] = "money.unsharable"


class UnknownCurrencyError(BadInputError):
    """A currency that no one has told us how to print."""

    code: ClassVar[str] = "money.unknown_currency"


def half_up2(amount: Decimal) -> Decimal:
    """Round to cents, a half away from zero: shelf amounts and stock values (trade custom)."""
    return amount.quantize(CENT, ROUND_HALF_UP, _WIDE)


def half_even2(amount: Decimal, divided_by: Decimal = PESO) -> Decimal:
    """Round ``amount / divided_by`` to cents, a half to the even cent.

    The rule of DIAN's technical annex 1.9 for amounts in XML (NTC 3711). The quotient is never
    written down before it is rounded, so no half is mistaken for more or less than a half.
    """
    top, bottom = amount.as_integer_ratio()
    over, under = divided_by.as_integer_ratio()
    cents, rest = divmod(top * under * 100, bottom * over)
    twice, whole = 2 * rest, bottom * over
    if twice > whole or (twice == whole and cents % 2):
        cents += 1
    return _cents(cents)


def truncate2(amount: Decimal) -> Decimal:
    """Cut after the cents: amounts inside CUFE, CUDE and CUDS (annex 1.9)."""
    return amount.quantize(CENT, ROUND_DOWN, _WIDE)


def whole_pesos(amount: Decimal) -> Decimal:
    """Round to whole pesos, a half away from zero: shelf prices, cash and payables only."""
    return amount.quantize(PESO, ROUND_HALF_UP, _WIDE)


def largest_remainder(total: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Spread ``total`` (whole cents) in proportion to ``weights``; the parts add up to it exactly.

    Every part is first cut to the cent; the cents left over go one by one to the parts that lost
    most, the earlier first among equals. So a part never exceeds its weight when the total does
    not exceed their sum and the weights are whole cents.
    """
    steps = _integers(weights)
    cents = EXACT.multiply(total, Decimal(100))
    whole = sum(steps)
    if total < 0 or min(steps, default=0) < 0 or cents != cents.to_integral_value():
        raise UnsharableError(_("Only whole cents above zero can be shared out."))
    if whole == 0:
        if total:
            raise UnsharableError(_("There is nothing to share the amount among."))
        return tuple(_cents(0) for _step in steps)
    parts = [divmod(int(cents) * step, whole) for step in steps]
    left = int(cents) - sum(part for part, _lost in parts)
    luckiest = sorted(range(len(parts)), key=lambda place: -parts[place][1])[:left]
    return tuple(_cents(part + (place in luckiest)) for place, (part, _lost) in enumerate(parts))


def printed_decimals(currency: str) -> int:
    """Tell how many decimals people expect after an amount in ``currency`` (ISO 4217 code)."""
    if currency not in PRINTED_DECIMALS:
        raise UnknownCurrencyError(
            _("The currency {currency} is not known; use its three-letter code.", currency=currency)
        )
    return PRINTED_DECIMALS[currency]


def _integers(weights: Sequence[Decimal]) -> list[int]:
    """Scale weights to whole numbers, keeping their proportions."""
    pairs = [weight.as_integer_ratio() for weight in weights]
    scale = max((bottom for _top, bottom in pairs), default=1)
    # Denominators divide powers of ten, but not always one another: 2 and 5 do not.
    while any(scale % bottom for _top, bottom in pairs):
        scale *= 10
    return [top * (scale // bottom) for top, bottom in pairs]


def _cents(count: int) -> Decimal:
    return Decimal(count).scaleb(-2, _WIDE)

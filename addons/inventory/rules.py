"""What stock is worth at its average cost: pure arithmetic, exact to the last decimal.

The value is the truth and the unit cost is derived from it. Values are rounded half-up, a half
away from zero, at the moment they are written down, and never before.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core.money import EXACT

ZERO: Final = Decimal(0)
#: Decimals of a value, whatever the currency's.
VALUE_DECIMALS: Final = 2
#: Decimals of a unit cost.
COST_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Stock:
    """What is at one place of one product, and what it is worth.

    ``last_cost`` is what one unit cost at the last receipt: the cost of issues and counts where
    nothing is left to average.
    """

    quantity: Decimal = ZERO
    value: Decimal = ZERO
    last_cost: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Change:
    """What one move does: the stock after it, and the value that came in or went out.

    ``variance`` goes to the result and not to stock. ``flagged`` tells that more left than there
    was, at the last known cost.
    """

    stock: Stock
    value: Decimal
    variance: Decimal = ZERO
    flagged: bool = False


EMPTY: Final = Stock()


def rounded(amount: Decimal, decimals: int = VALUE_DECIMALS) -> Decimal:
    """Round half-up, a half away from zero."""
    return ratio(amount, Decimal(1), decimals)


def ratio(top: Decimal, bottom: Decimal, decimals: int = VALUE_DECIMALS) -> Decimal:
    """Give ``top / bottom`` rounded half-up; the quotient is never written down unrounded."""
    over, under = top.as_integer_ratio()
    times, by = bottom.as_integer_ratio()
    number, divisor = over * by * 10**decimals, under * times
    steps, rest = divmod(abs(number), abs(divisor))
    if 2 * rest >= abs(divisor):
        steps += 1
    sign = 1 if (number < 0) == (divisor < 0) else -1
    return Decimal(sign * steps).scaleb(-decimals, EXACT)


def share(value: Decimal, part: Decimal, whole: Decimal, decimals: int = VALUE_DECIMALS) -> Decimal:
    """Give the part of ``value`` that goes with ``part`` of ``whole``, rounded half-up."""
    return ratio(EXACT.multiply(value, part), whole, decimals)


def cost_of(quantity: Decimal, cost: Decimal, decimals: int = VALUE_DECIMALS) -> Decimal:
    """Give ``quantity · cost`` rounded half-up."""
    return rounded(EXACT.multiply(quantity, cost), decimals)


def unit_cost(value: Decimal, quantity: Decimal) -> Decimal:
    """Give ``value / quantity`` at six decimals, for people; nothing costs 0."""
    return ratio(value, quantity, COST_DECIMALS) if quantity else ZERO


def average_receipt(
    stock: Stock, quantity: Decimal, cost: Decimal, decimals: int = VALUE_DECIMALS
) -> Change:
    """Take in ``quantity`` at ``cost`` each.

    Into stock below zero the whole new quantity is worth ``cost`` each; what left too cheap or too
    dear before is the variance.
    """
    return average_arrival(stock, quantity, cost_of(quantity, cost, decimals), cost, decimals)


def average_arrival(
    stock: Stock, quantity: Decimal, value: Decimal, cost: Decimal, decimals: int = VALUE_DECIMALS
) -> Change:
    """Take in ``quantity`` worth ``value`` in all, at ``cost`` each by its paper."""
    held = stock.quantity + quantity
    if stock.quantity >= 0:
        return Change(Stock(held, stock.value + value, cost), value)
    worth = cost_of(held, cost, decimals)
    return Change(Stock(held, worth, cost), value, stock.value + value - worth)


def average_issue(stock: Stock, quantity: Decimal, decimals: int = VALUE_DECIMALS) -> Change:
    """Let ``quantity`` go at the average; what is missing goes at the last known cost, flagged.

    When the quantity reaches zero the whole remaining value goes. Whether more may leave than
    there is was decided before.
    """
    held = stock.quantity - quantity
    if held > 0:
        value = share(stock.value, quantity, stock.quantity, decimals)
    elif held == 0:
        value = stock.value
    elif stock.quantity > 0:
        # What is there goes whole, what is missing at the average before the move.
        value = share(stock.value, quantity, stock.quantity, decimals)
    else:
        value = _last_known(stock, quantity, decimals)
    left = Stock(held, stock.value - value, stock.last_cost)
    return Change(left, value, flagged=held < 0)


def average_return(
    stock: Stock, quantity: Decimal, value: Decimal, decimals: int = VALUE_DECIMALS
) -> Change:
    """Take back ``quantity`` at the ``value`` it once left with."""
    held = stock.quantity + quantity
    worth = stock.value + value
    # Only from below zero can a return leave a value without stock, or a negative average.
    if stock.quantity < 0 and (worth if held == 0 else held * worth < 0):
        proper = share(value, held, quantity, decimals)
        return Change(Stock(held, proper, stock.last_cost), value, worth - proper)
    return Change(Stock(held, worth, stock.last_cost), value)


def average_supplier_return(
    stock: Stock, quantity: Decimal, cost: Decimal, decimals: int = VALUE_DECIMALS
) -> Change:
    """Send back ``quantity`` that came in worth ``cost`` in all.

    It leaves at that cost, but never with more than the value in stock, and with all of it when
    the quantity becomes 0; the difference is the variance.
    """
    held = stock.quantity - quantity
    if held < 0:
        change = average_issue(stock, quantity, decimals)
        return Change(change.stock, change.value, cost - change.value, flagged=True)
    value = min(cost, stock.value) if held else stock.value
    return Change(Stock(held, stock.value - value, stock.last_cost), value, cost - value)


def at_average(stock: Stock, quantity: Decimal, decimals: int = VALUE_DECIMALS) -> Decimal:
    """Give what ``quantity`` is worth at the average, or at the last cost where nothing is left."""
    if stock.quantity > 0:
        return share(stock.value, quantity, stock.quantity, decimals)
    return _last_known(stock, quantity, decimals)


def _last_known(stock: Stock, quantity: Decimal, decimals: int) -> Decimal:
    if stock.quantity:
        return share(stock.value, quantity, stock.quantity, decimals)
    return cost_of(quantity, stock.last_cost, decimals)

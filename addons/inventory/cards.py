"""A product's card under each costing method: what every move does to quantity and value.

The warehouse keeps average cost; the replay tool computes any of the three. A card is fed in the
order of the moves and whether more may leave than there is was decided before.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, Protocol

from addons.inventory.rules import (
    EMPTY,
    ZERO,
    Change,
    Stock,
    at_average,
    average_issue,
    average_receipt,
    average_return,
    average_supplier_return,
    cost_of,
    share,
)

Method = Literal["average", "fifo", "standard"]


class Card(Protocol):
    """What every costing method can say of a move; ``stock`` is what there is before it."""

    stock: Stock

    def receipt(self, document: str, quantity: Decimal, cost: Decimal) -> Change:
        """Take in ``quantity`` at ``cost`` each."""
        ...

    def issue(self, quantity: Decimal) -> Change:
        """Let ``quantity`` go."""
        ...

    def customer_return(self, quantity: Decimal, value: Decimal | None) -> Change:
        """Take back what left worth ``value``; None where nobody says with which document."""
        ...

    def supplier_return(self, document: str, quantity: Decimal, cost: Decimal) -> Change:
        """Send back ``quantity`` of a receipt, worth ``cost`` when it came."""
        ...

    def surplus(self, quantity: Decimal, cost: Decimal | None) -> Change:
        """Take in what a count found; ``cost`` is used where there is nothing to compare with."""
        ...

    def landed_cost(self, document: str, amount: Decimal, received: Decimal) -> Change:
        """Add freight or duty of a receipt to what is left of it; the rest is the variance."""
        ...


class AverageCard:
    """Every unit is worth the same: value / quantity."""

    def __init__(self, decimals: int) -> None:
        self.stock = EMPTY
        self.decimals = decimals

    def receipt(self, document: str, quantity: Decimal, cost: Decimal) -> Change:  # noqa: ARG002
        """Raise quantity and value."""
        return self._now(average_receipt(self.stock, quantity, cost, self.decimals))

    def issue(self, quantity: Decimal) -> Change:
        """Take the average; the last unit takes all that is left."""
        return self._now(average_issue(self.stock, quantity, self.decimals))

    def customer_return(self, quantity: Decimal, value: Decimal | None) -> Change:
        """Put back what it left with, else the average."""
        worth = at_average(self.stock, quantity, self.decimals) if value is None else value
        return self._now(average_return(self.stock, quantity, worth, self.decimals))

    def supplier_return(self, document: str, quantity: Decimal, cost: Decimal) -> Change:  # noqa: ARG002
        """Take what it came with, never more than there is."""
        return self._now(average_supplier_return(self.stock, quantity, cost, self.decimals))

    def surplus(self, quantity: Decimal, cost: Decimal | None) -> Change:
        """Put in the average, else ``cost``, else the last known cost."""
        if self.stock.quantity > 0 or cost is None:
            worth = at_average(self.stock, quantity, self.decimals)
        else:
            worth = cost_of(quantity, cost, self.decimals)
        return self._now(average_return(self.stock, quantity, worth, self.decimals))

    def landed_cost(self, document: str, amount: Decimal, received: Decimal) -> Change:  # noqa: ARG002
        """Spread it over what may still be there of the receipt."""
        there = min(max(self.stock.quantity, ZERO), received)
        stays = share(amount, there, received, self.decimals)
        return self._now(_dearer(self.stock, stays, amount))

    def _now(self, change: Change) -> Change:
        self.stock = change.stock
        return change


class StandardCard(AverageCard):
    """Every unit is worth the standard: the cost of the product's first receipt.

    What a receipt cost more or less than the standard, and all freight and duty, is variance.
    """

    def __init__(self, decimals: int) -> None:
        super().__init__(decimals)
        self.standard: Decimal | None = None

    def receipt(self, document: str, quantity: Decimal, cost: Decimal) -> Change:  # noqa: ARG002
        """Raise the stock by the standard, whatever was paid."""
        if self.standard is None:
            self.standard = cost
        before, held = self.stock, self.stock.quantity + quantity
        if before.quantity < 0:
            worth = cost_of(held, self.standard, self.decimals)
        else:
            worth = before.value + cost_of(quantity, self.standard, self.decimals)
        value, paid = worth - before.value, cost_of(quantity, cost, self.decimals)
        return self._now(Change(Stock(held, worth, self.standard), value, paid - value))

    def surplus(self, quantity: Decimal, cost: Decimal | None) -> Change:
        """Put in the standard; ``cost`` counts only before there is one."""
        return super().surplus(quantity, cost if self.standard is None else None)

    def landed_cost(self, document: str, amount: Decimal, received: Decimal) -> Change:  # noqa: ARG002
        """Leave the standard as it is."""
        return self._now(_dearer(self.stock, ZERO, amount))


@dataclass(slots=True)
class Layer:
    """What is left of one arrival."""

    document: str
    quantity: Decimal
    value: Decimal


class FifoCard:
    """What came first goes first, each layer at its own cost."""

    def __init__(self, decimals: int) -> None:
        self.stock = EMPTY
        self.decimals = decimals
        self.layers: list[Layer] = []

    def receipt(self, document: str, quantity: Decimal, cost: Decimal) -> Change:
        """Add a layer; into stock below zero, of what is left after filling the hole."""
        change = average_receipt(self.stock, quantity, cost, self.decimals)
        if self.stock.quantity < 0:
            self._only(document, change.stock)
        else:
            self.layers.append(Layer(document, quantity, change.value))
        return self._now(change)

    def issue(self, quantity: Decimal) -> Change:
        """Take the oldest layers; what is missing goes at the last known cost."""
        return self._now(self._take(quantity, self.layers))

    def customer_return(self, quantity: Decimal, value: Decimal | None) -> Change:
        """Put a layer in front: it is as old as what left."""
        worth = self._newest(quantity) if value is None else value
        return self._arrive(quantity, worth, front=True)

    def supplier_return(self, document: str, quantity: Decimal, cost: Decimal) -> Change:
        """Take the receipt's own layers, then the oldest."""
        own = [layer for layer in self.layers if layer.document == document]
        others = [layer for layer in self.layers if layer.document != document]
        taken = self._take(quantity, own + others)
        variance = cost - taken.value
        return self._now(Change(taken.stock, taken.value, variance, taken.flagged))

    def surplus(self, quantity: Decimal, cost: Decimal | None) -> Change:
        """Add a layer at the newest one's cost, else ``cost``, else the last known cost."""
        if self.layers or cost is None:
            worth = self._newest(quantity)
        else:
            worth = cost_of(quantity, cost, self.decimals)
        return self._arrive(quantity, worth, front=False)

    def landed_cost(self, document: str, amount: Decimal, received: Decimal) -> Change:
        """Make the receipt's open layers dearer."""
        own = [layer for layer in self.layers if layer.document == document]
        left = sum((layer.quantity for layer in own), ZERO)
        stays = rest = share(amount, left, received, self.decimals)
        for layer in own:
            more = rest if layer is own[-1] else share(rest, layer.quantity, left, self.decimals)
            layer.value += more
            rest, left = rest - more, left - layer.quantity
        return self._now(_dearer(self.stock, stays, amount))

    def _take(self, quantity: Decimal, order: list[Layer]) -> Change:
        before, wanted, value = self.stock, quantity, ZERO
        for layer in order:
            taken = min(wanted, layer.quantity)
            worth = (
                layer.value
                if taken == layer.quantity
                else share(layer.value, taken, layer.quantity, self.decimals)
            )
            layer.quantity, layer.value = layer.quantity - taken, layer.value - worth
            wanted, value = wanted - taken, value + worth
            if not wanted:
                break
        self.layers = [layer for layer in self.layers if layer.quantity]
        if wanted:
            value += at_average(before, wanted, self.decimals)
        held = Stock(before.quantity - quantity, before.value - value, before.last_cost)
        return Change(held, value, flagged=held.quantity < 0)

    def _arrive(self, quantity: Decimal, value: Decimal, *, front: bool) -> Change:
        change = average_return(self.stock, quantity, value, self.decimals)
        if self.stock.quantity < 0:
            self._only("", change.stock)
        else:
            self.layers.insert(0 if front else len(self.layers), Layer("", quantity, value))
        return self._now(change)

    def _newest(self, quantity: Decimal) -> Decimal:
        if self.layers:
            newest = self.layers[-1]
            return share(newest.value, quantity, newest.quantity, self.decimals)
        return at_average(self.stock, quantity, self.decimals)

    def _only(self, document: str, stock: Stock) -> None:
        held = stock.quantity > 0
        self.layers = [Layer(document, stock.quantity, stock.value)] if held else []

    def _now(self, change: Change) -> Change:
        self.stock = change.stock
        return change


CARDS: Final[dict[Method, type[AverageCard | FifoCard]]] = {
    "average": AverageCard,
    "fifo": FifoCard,
    "standard": StandardCard,
}


def _dearer(stock: Stock, stays: Decimal, amount: Decimal) -> Change:
    held = Stock(stock.quantity, stock.value + stays, stock.last_cost)
    return Change(held, stays, amount - stays)

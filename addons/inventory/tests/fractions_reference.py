"""The costing rules once more, written with fractions and without looking at the other ones.

A card is a list of (quantity, value) layers; the average method keeps one. Stock below zero is a
debt beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Any


def cents(amount: Fraction) -> Fraction:
    sign = -1 if amount < 0 else 1
    return Fraction(sign * floor(abs(amount) * 100 + Fraction(1, 2)), 100)


@dataclass
class Reference:
    fifo: bool
    layers: list[list[Any]] = field(default_factory=list)  # [document, quantity, value]
    debt: Fraction = Fraction(0)
    debt_value: Fraction = Fraction(0)
    last: Fraction = Fraction(0)
    issued: dict[str, list[Fraction]] = field(
        default_factory=dict
    )  # [quantity, value, back, back value]
    received: dict[str, list[Fraction]] = field(default_factory=dict)

    @property
    def quantity(self) -> Fraction:
        return sum((layer[1] for layer in self.layers), Fraction(0)) - self.debt

    @property
    def value(self) -> Fraction:
        return sum((layer[2] for layer in self.layers), Fraction(0)) - self.debt_value

    def known(self) -> Fraction:
        return self.value / self.quantity if self.quantity else self.last

    def put(
        self, document: str, quantity: Fraction, value: Fraction, *, front: bool = False
    ) -> None:
        layer = [document, quantity, value]
        if self.fifo or not self.layers:
            self.layers.insert(0 if front else len(self.layers), layer)
        else:
            self.layers[0][1] += quantity
            self.layers[0][2] += value

    def take(self, quantity: Fraction, order: Sequence[list[Any]]) -> Fraction:
        known, out = self.known(), Fraction(0)
        for layer in order:
            part = min(quantity, layer[1])
            worth = layer[2] if part == layer[1] else cents(layer[2] * part / layer[1])
            layer[1] -= part
            layer[2] -= worth
            quantity -= part
            out += worth
        self.layers = [layer for layer in self.layers if layer[1]]
        missing = cents(quantity * known)
        self.debt += quantity
        self.debt_value += missing
        return out + missing

    def receipt(
        self, document: str, quantity: Fraction, cost: Fraction
    ) -> tuple[Fraction, Fraction, Fraction]:
        value, variance = cents(quantity * cost), Fraction(0)
        if self.debt:
            held = self.quantity + quantity
            worth = cents(held * cost)
            variance = self.value + value - worth
            self.settle(document, held, worth)
        else:
            self.put(document, quantity, value)
        self.last = cost
        paper = self.received.setdefault(document, [Fraction(0)] * 4)
        paper[0] += quantity
        paper[1] += value
        return value, Fraction(0), variance

    def settle(self, document: str, held: Fraction, worth: Fraction) -> None:
        self.debt = self.debt_value = Fraction(0)
        if held > 0:
            self.layers = [[document, held, worth]]
        else:
            self.debt, self.debt_value = -held, -worth

    def issue(self, document: str, quantity: Fraction) -> tuple[Fraction, Fraction, Fraction]:
        out = self.take(quantity, self.layers)
        paper = self.issued.setdefault(document, [Fraction(0)] * 4)
        paper[0] += quantity
        paper[1] += out
        return Fraction(0), out, Fraction(0)

    def back(self, document: str, quantity: Fraction) -> tuple[Fraction, Fraction, Fraction]:
        paper = self.issued[document]
        last = paper[2] + quantity == paper[0]
        value = paper[1] - paper[3] if last else cents(paper[1] * quantity / paper[0])
        paper[2] += quantity
        paper[3] += value
        return self.arrive(quantity, value, front=True)

    def arrive(
        self, quantity: Fraction, value: Fraction, *, front: bool
    ) -> tuple[Fraction, Fraction, Fraction]:
        if not self.debt:
            self.put("", quantity, value, front=front)
            return value, Fraction(0), Fraction(0)
        held, worth = self.quantity + quantity, self.value + value
        proper = worth
        if (held == 0 and worth) or held * worth < 0:
            proper = cents(held * value / quantity)
        self.settle("", held, proper)
        return value, Fraction(0), worth - proper

    def to_supplier(self, document: str, quantity: Fraction) -> tuple[Fraction, Fraction, Fraction]:
        paper = self.received[document]
        theirs = cents(paper[1] * quantity / paper[0])
        if self.fifo:
            own = [layer for layer in self.layers if layer[0] == document]
            out = self.take(quantity, own + [x for x in self.layers if x[0] != document])
        elif quantity >= self.quantity:
            out = self.take(quantity, self.layers)
        else:
            out = min(theirs, self.value)
            self.layers[0][1] -= quantity
            self.layers[0][2] -= out
        return Fraction(0), out, theirs - out

    def count(self, quantity: Fraction) -> tuple[Fraction, Fraction, Fraction]:
        if quantity < 0:
            return Fraction(0), self.take(-quantity, self.layers), Fraction(0)
        cost = self.layers[-1][2] / self.layers[-1][1] if self.layers else self.known()
        return self.arrive(quantity, cents(quantity * cost), front=False)

    def landed(self, document: str, amount: Fraction) -> tuple[Fraction, Fraction, Fraction]:
        received = self.received[document][0]
        own = [layer for layer in self.layers if not self.fifo or layer[0] == document]
        left = min(sum((layer[1] for layer in own), Fraction(0)), received)
        stays = cents(amount * left / received)
        if own:
            own[-1][2] += stays
        return stays, Fraction(0), amount - stays

    def step(
        self, kind: str, document: str, quantity: Fraction, price: Fraction, reverses: str
    ) -> tuple[Fraction, Fraction, Fraction]:
        """Give what came in, what went out and the variance."""
        if kind == "receipt":
            return self.receipt(document, quantity, price)
        if kind == "issue":
            return self.issue(document, quantity)
        if kind == "count":
            return self.count(quantity)
        if kind == "landed_cost":
            return self.landed(reverses, price)
        return (
            self.back(reverses, quantity)
            if kind == "customer_return"
            else (self.to_supplier(reverses, quantity))
        )

"""Cards of any story, against the rules written a second time with fractions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.inventory.cards import Method
from addons.inventory.replay import CardLine, Kind, replay
from addons.inventory.tests.fractions_reference import Reference

D = Decimal
ZERO = D(0)
METHODS: tuple[Method, ...] = ("average", "fifo", "standard")
KINDS: tuple[Kind, ...] = (
    "receipt",
    "issue",
    "customer_return",
    "supplier_return",
    "count",
    "landed_cost",
)


@dataclass(frozen=True)
class Chance:
    """What chance proposes; the story makes a line of it that can be."""

    kind: Kind
    quantity: Decimal
    cost: Decimal
    which: int
    shortage: bool


@dataclass
class Story:
    """Lines in which documents go back no further than they went."""

    below_zero: bool
    held: Decimal = ZERO
    lines: list[CardLine] = field(default_factory=list)
    issued: dict[str, Decimal] = field(default_factory=dict)
    received: dict[str, Decimal] = field(default_factory=dict)

    def tell(self, chance: Chance) -> None:
        """Add a line, unless it cannot be."""
        document, quantity, reverses = f"X{len(self.lines)}", chance.quantity, ""
        papers = self.issued if chance.kind == "customer_return" else self.received
        if chance.kind in {"customer_return", "supplier_return", "landed_cost"}:
            if not papers:
                return
            reverses = sorted(papers)[chance.which % len(papers)]
            quantity = min(quantity, papers[reverses])
        if chance.kind == "landed_cost":
            quantity = D(0)
        elif quantity == 0:
            return
        if chance.kind == "count" and chance.shortage:
            quantity = -quantity
        leaves = chance.kind in {"issue", "supplier_return"}
        change = -quantity if leaves else quantity
        if change < 0 and self.held + change < 0 and not self.below_zero:
            return
        self.held += change
        if reverses:
            papers[reverses] -= quantity
        elif chance.kind in {"issue", "receipt"}:
            (self.issued if leaves else self.received)[document] = quantity
        costs = chance.kind in {"receipt", "landed_cost"}
        self.lines.append(
            CardLine(
                line=len(self.lines) + 1,
                day=date(2026, 1, 1),
                document=document,
                product="rice",
                kind=chance.kind,
                quantity=quantity,
                cost=round(chance.cost, 2) if costs else None,
                reverses=reverses,
            )
        )


quantities = st.integers(1, 40).map(lambda steps: D(steps) / 4)
costs = st.integers(0, 500_000).map(lambda steps: D(steps) / 1000)
chances = st.lists(
    st.builds(Chance, st.sampled_from(KINDS), quantities, costs, st.integers(0, 9), st.booleans()),
    min_size=1,
    max_size=25,
)


def told(chances: Iterable[Chance], *, below_zero: bool) -> list[CardLine]:
    story = Story(below_zero)
    # Nothing can leave before something came.
    story.tell(Chance("receipt", D(7), D("33.33"), 0, shortage=False))
    for chance in chances:
        story.tell(chance)
    return story.lines


def card(lines: list[CardLine], method: Method, *, below_zero: bool) -> list[dict[str, Any]]:
    result = replay(lines, method=method, negative="allow" if below_zero else "block")
    found: list[dict[str, Any]] = result["rice"]["lines"]
    return found


def side(line: dict[str, Any], name: str, figure: str) -> Decimal:
    return D(line[name][figure]) if line[name] else D(0)


@pytest.mark.parametrize("method", ["average", "fifo"])
@pytest.mark.parametrize("below_zero", [False, True])
@given(chances=chances)
def test_both_ways_of_writing_the_rules_agree(
    method: Method, below_zero: bool, chances: list[Chance]
) -> None:
    lines = told(chances, below_zero=below_zero)
    reference = Reference(fifo=method == "fifo")
    for line, shown in zip(lines, card(lines, method, below_zero=below_zero), strict=True):
        expected = reference.step(
            line.kind,
            line.document,
            Fraction(line.quantity),
            Fraction(line.cost or 0),
            line.reverses,
        )
        found = (side(shown, "in", "value"), side(shown, "out", "value"), D(shown["variance"]))
        assert tuple(map(Fraction, found)) == expected
        assert Fraction(side(shown, "balance", "quantity")) == reference.quantity
        assert Fraction(side(shown, "balance", "value")) == reference.value


@pytest.mark.parametrize("method", METHODS)
@given(chances=chances)
def test_every_line_is_the_one_before_plus_in_minus_out(
    method: Method, chances: list[Chance]
) -> None:
    quantity = value = D(0)
    for line in card(told(chances, below_zero=False), method, below_zero=False):
        quantity += side(line, "in", "quantity") - side(line, "out", "quantity")
        value += side(line, "in", "value") - side(line, "out", "value")
        assert side(line, "balance", "quantity") == quantity
        assert side(line, "balance", "value") == value
        assert quantity > 0 or value == 0
        assert value >= 0


@pytest.mark.parametrize("method", METHODS)
@given(chances=chances)
def test_an_average_is_never_negative_and_nothing_is_worth_nothing(
    method: Method, chances: list[Chance]
) -> None:
    for line in card(told(chances, below_zero=True), method, below_zero=True):
        assert side(line, "balance", "unit_cost") >= 0
        assert side(line, "balance", "quantity") or not side(line, "balance", "value")

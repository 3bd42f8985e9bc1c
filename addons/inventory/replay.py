"""Computes cards from a list of moves without a database: it answers what would my cost be.

It checks an imported card and is the oracle of the tests. Lines are taken in date order, file
order within a day; products are independent.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from typing import Any, Final, Literal, get_args

from addons.inventory.cards import CARDS, AverageCard, FifoCard, Method
from addons.inventory.errors import ReplayError
from addons.inventory.rules import COST_DECIMALS, ZERO, Change, rounded, share, unit_cost
from core.i18n import _
from core.money import EXACT

Kind = Literal["receipt", "issue", "customer_return", "supplier_return", "count", "landed_cost"]
Policy = Literal["block", "allow"]

COLUMNS: Final = ("date", "document", "product", "kind", "quantity", "unit_cost", "reverses")
KINDS: Final[tuple[str, ...]] = get_args(Kind)
#: Few enough digits that products and sums stay exact.
_NUMBER: Final = re.compile(r"[+-]?\d{1,12}(\.\d{1,9})?")


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of the file; ``line`` counts from 1 after the headings."""

    line: int
    day: date
    document: str
    product: str
    kind: Kind
    quantity: Decimal
    cost: Decimal | None
    reverses: str


@dataclass(slots=True)
class _Paper:
    """What a document moved of a product, and how much of it went back."""

    quantity: Decimal = ZERO
    value: Decimal = ZERO
    back: Decimal = ZERO
    back_value: Decimal = ZERO


@dataclass(slots=True)
class _Product:
    card: AverageCard | FifoCard
    issues: dict[str, _Paper] = field(default_factory=dict)
    receipts: dict[str, _Paper] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    in_value: Decimal = ZERO
    out_value: Decimal = ZERO
    variance: Decimal = ZERO


def read_lines(text: Iterable[str]) -> list[CardLine]:
    """Read the lines of a CSV file; ``ReplayError`` names the first that cannot be understood."""
    reader = csv.DictReader(text)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise ReplayError(_("The file lacks the column {column}.", column=missing[0]), line=0)
    return [_line(number, row) for number, row in enumerate(reader, start=1)]


def replay(
    lines: Sequence[CardLine],
    *,
    method: Method = "average",
    negative: Policy = "block",
    decimals: int = 2,
) -> dict[str, Any]:
    """Give the card and totals of every product, numbers as strings, ready for JSON.

    ``ReplayError`` names the line that takes out more than there is (unless ``negative`` is
    allow), or that goes back to a document that did not move so much.
    """
    products: dict[str, _Product] = {}
    with localcontext(EXACT):
        for line in sorted(lines, key=lambda line: (line.day, line.line)):
            product = products.get(line.product)
            if product is None:
                product = products[line.product] = _Product(CARDS[method](decimals))
            _Replay(product, negative, decimals).take(line)
        return {name: _result(product, decimals) for name, product in products.items()}


@dataclass(frozen=True, slots=True)
class _Replay:
    product: _Product
    negative: Policy
    decimals: int

    def take(self, line: CardLine) -> None:
        """Apply one line and write down what it did."""
        steps: dict[Kind, Callable[[CardLine], tuple[Change, bool]]] = {
            "receipt": self.receipt,
            "issue": self.issue,
            "customer_return": self.customer_return,
            "supplier_return": self.supplier_return,
            "count": self.count,
            "landed_cost": self.landed_cost,
        }
        change, comes_in = steps[line.kind](line)
        self.product.lines.append(self._shown(line, change, comes_in=comes_in))
        if comes_in:
            self.product.in_value += change.value
        else:
            self.product.out_value += change.value
        self.product.variance += change.variance

    def receipt(self, line: CardLine) -> tuple[Change, bool]:
        """Take in at the line's cost."""
        if line.cost is None:
            raise _refused(line, _("a receipt needs a unit cost, 0 if it was free"))
        change = self.product.card.receipt(line.document, line.quantity, line.cost)
        self._note(self.product.receipts, line, change)
        return change, True

    def issue(self, line: CardLine) -> tuple[Change, bool]:
        """Let go, if there is enough."""
        self._check_enough(line, line.quantity)
        change = self.product.card.issue(line.quantity)
        self._note(self.product.issues, line, change)
        return change, False

    def customer_return(self, line: CardLine) -> tuple[Change, bool]:
        """Take back at the value it left with."""
        value = self._what_left(line) if line.reverses else None
        return self.product.card.customer_return(line.quantity, value), True

    def supplier_return(self, line: CardLine) -> tuple[Change, bool]:
        """Send back at the value it came with."""
        self._check_enough(line, line.quantity)
        if not line.reverses:
            return self.product.card.issue(line.quantity), False
        paper = self._paper(self.product.receipts, line)
        self._check_back(line, paper)
        cost = share(paper.value, line.quantity, paper.quantity, self.decimals)
        paper.back += line.quantity
        return self.product.card.supplier_return(line.reverses, line.quantity, cost), False

    def count(self, line: CardLine) -> tuple[Change, bool]:
        """Take in a surplus, or let a shortage go."""
        if line.quantity < 0:
            self._check_enough(line, -line.quantity)
            return self.product.card.issue(-line.quantity), False
        if line.quantity == 0:
            return Change(self.product.card.stock, ZERO), True
        return self.product.card.surplus(line.quantity, line.cost), True

    def landed_cost(self, line: CardLine) -> tuple[Change, bool]:
        """Make what is left of a receipt dearer."""
        if line.cost is None:
            raise _refused(line, _("a landed cost needs its amount as unit cost"))
        paper = self._paper(self.product.receipts, line)
        amount = rounded(line.cost, self.decimals)
        return self.product.card.landed_cost(line.reverses, amount, paper.quantity), True

    def _what_left(self, line: CardLine) -> Decimal:
        paper = self._paper(self.product.issues, line)
        self._check_back(line, paper)
        if paper.back + line.quantity == paper.quantity:
            value = paper.value - paper.back_value
        else:
            value = share(paper.value, line.quantity, paper.quantity, self.decimals)
        paper.back += line.quantity
        paper.back_value += value
        return value

    def _check_enough(self, line: CardLine, wanted: Decimal) -> None:
        there = self.product.card.stock.quantity
        if self.negative == "block" and wanted > there:
            raise _refused(
                line,
                _(
                    "{wanted} would leave and there are {there}",
                    wanted=_plain(wanted),
                    there=_plain(there),
                ),
            )

    def _check_back(self, line: CardLine, paper: _Paper) -> None:
        if paper.back + line.quantity > paper.quantity:
            raise _refused(
                line, _("more would go back than {document} moved", document=line.reverses)
            )

    def _paper(self, papers: dict[str, _Paper], line: CardLine) -> _Paper:
        if line.reverses not in papers:
            raise _refused(
                line, _("there is no earlier document {document}", document=line.reverses)
            )
        return papers[line.reverses]

    def _note(self, papers: dict[str, _Paper], line: CardLine, change: Change) -> None:
        paper = papers.setdefault(line.document, _Paper())
        paper.quantity += line.quantity
        paper.value += change.value

    def _shown(self, line: CardLine, change: Change, *, comes_in: bool) -> dict[str, Any]:
        moved = ZERO if line.kind == "landed_cost" else abs(line.quantity)
        side = self._side(moved, change.value)
        return {
            "line": line.line,
            "document": line.document,
            "kind": line.kind,
            "in": side if comes_in else None,
            "out": None if comes_in else side,
            "balance": self._side(change.stock.quantity, change.stock.value),
            "variance": _fixed(change.variance, self.decimals),
        }

    def _side(self, quantity: Decimal, value: Decimal) -> dict[str, str]:
        return {
            "quantity": _plain(quantity),
            "unit_cost": _fixed(unit_cost(value, quantity), COST_DECIMALS),
            "value": _fixed(value, self.decimals),
        }


def _result(product: _Product, decimals: int) -> dict[str, Any]:
    sums = {
        "in_value": product.in_value,
        "out_value": product.out_value,
        "variance": product.variance,
    }
    totals = {name: _fixed(value, decimals) for name, value in sums.items()}
    return {"lines": product.lines, "totals": totals}


def _line(number: int, row: dict[str, str]) -> CardLine:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    kind: Any = cells["kind"]
    if kind not in KINDS:
        raise ReplayError(
            _("line {line}: there is no kind {kind}", line=number, kind=kind), line=number
        )
    try:
        day = date.fromisoformat(cells["date"])
    except ValueError as error:
        text = _("line {line}: write the date as 2026-03-16", line=number)
        raise ReplayError(text, line=number) from error
    cost = _number(number, cells["unit_cost"])
    line = CardLine(
        line=number,
        day=day,
        document=cells["document"],
        product=cells["product"],
        kind=kind,
        quantity=_number(number, cells["quantity"]) or ZERO,
        cost=cost,
        reverses=cells["reverses"],
    )
    if line.kind not in {"count", "landed_cost"} and line.quantity <= 0:
        raise _refused(line, _("write a quantity above zero"))
    if cost is not None and cost < 0:
        raise _refused(line, _("a cost cannot be below zero"))
    return line


def _number(number: int, text: str) -> Decimal | None:
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ReplayError(
            _("line {line}: {text} is not a number", line=number, text=text[:40]), line=number
        )
    return Decimal(text)


def _refused(line: CardLine, reason: object) -> ReplayError:
    text = _("line {line}: {reason}", line=line.line, reason=reason)
    return ReplayError(text, line=line.line)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"


def _fixed(number: Decimal, decimals: int) -> str:
    return f"{number:.{decimals}f}"


def table(result: dict[str, Any]) -> Iterator[str]:
    """Give the cards as lines of text for a terminal."""
    heading = ("line", "document", "kind", "in", "out", "quantity", "unit cost", "value")
    for product, card in result.items():
        yield product
        yield _row(heading)
        for line in card["lines"]:
            sides = ((line[name] or {}).get("value", "") for name in ("in", "out"))
            balance = (line["balance"][name] for name in ("quantity", "unit_cost", "value"))
            yield _row((str(line["line"]), line["document"], line["kind"], *sides, *balance))
        totals = card["totals"]
        yield ", ".join(f"{name} {totals[name]}" for name in totals)
        yield ""


def _row(cells: Sequence[str]) -> str:
    return "  ".join(f"{cell:>15}" for cell in cells)

"""What a basket amounts to: bases, taxes and total, to the cent, on the server as at the till.

``static/taxes/rules.mjs`` is the same arithmetic for the browser; ``tests/vectors.json`` holds both
to the same cents. Everything is kept at two decimals whatever the currency: with bases in whole
pesos a third of the tickets left the ±2.00 that DIAN tolerates per tax; with cents none does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final, Literal, NamedTuple, TypeAlias

from addons.taxes.errors import (
    BadLineError,
    BadRateError,
    ConflictingRulesError,
    DiscountTooLargeError,
    PriceBelowTaxError,
)
from core.i18n import _
from core.money import EXACT, half_even2, half_up2, largest_remainder

Treatment: TypeAlias = Literal["taxed", "exempt", "excluded"]
Kind: TypeAlias = Literal["percent", "per_unit"]

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)
NO_MONEY: Final = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class TaxRule:
    """One tax as it bears on a line.

    ``code`` is DIAN's (annex 1.9, table 13.2.2): 01 IVA, 04 INC, 22 plastic bags. ``rate`` is a
    percentage (19 means 19 %) or, per unit, pesos for one. Exempt is IVA at 0 % and is declared in
    the document; excluded is outside the tax and is not. Both have rate 0.
    """

    code: str
    treatment: Treatment
    kind: Kind = "percent"
    rate: Decimal = ZERO

    def __post_init__(self) -> None:
        if self.treatment == "taxed":
            fits = _is_number(self.rate) and self.rate > 0
            fits = fits and (self.kind == "per_unit" or self.rate <= HUNDRED)
        else:
            fits = _is_number(self.rate) and self.rate == 0 and self.kind == "percent"
        if not fits or not self.code:
            raise BadRateError(
                _("The rate {rate} does not fit the tax {code}.", rate=self.rate, code=self.code)
            )


@dataclass(frozen=True, slots=True)
class PricedLine:
    """What is sold, for how much, under which taxes.

    ``quantity`` is above zero; ``unit_price`` and ``discount`` (money off the line) are in the
    document's currency, with tax or without it as ``price_includes_tax`` says.
    """

    quantity: Decimal
    unit_price: Decimal
    discount: Decimal = ZERO
    taxes: tuple[TaxRule, ...] = ()
    price_includes_tax: bool = True

    def __post_init__(self) -> None:
        figures = (self.quantity, self.unit_price, self.discount)
        if not all(map(_is_number, figures)) or self.quantity <= 0:
            raise BadLineError(_("Write a quantity above zero, and price and discount in figures."))
        if self.unit_price < 0 or self.discount < 0:
            raise BadLineError(_("Prices and discounts cannot be below zero."))
        if len({(rule.code, rule.kind) for rule in self.taxes}) < len(self.taxes):
            raise ConflictingRulesError(_("A line can bear each tax only once."))
        if self.discount > EXACT.multiply(self.quantity, self.unit_price):
            raise DiscountTooLargeError(_("The discount is larger than what it is taken from."))


class TaxAmount(NamedTuple):
    """A tax of a line; ``base`` is money, or the number of units for a tax per unit."""

    rule: TaxRule
    base: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """A line, computed. All amounts have two decimals.

    ``gross`` is quantity by price, ``discount`` all that was taken off it (its own and its share of
    the document's), ``base`` the value without taxes, ``total`` = base + taxes. With tax included,
    ``total`` = gross − discount exactly: what the shelf says.
    """

    gross: Decimal
    discount: Decimal
    base: Decimal
    taxes: tuple[TaxAmount, ...]
    total: Decimal


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """All lines under one tax and rate, summed: one TaxSubtotal of the document."""

    code: str
    treatment: Treatment
    rate: Decimal
    base: Decimal
    amount: Decimal
    kind: Kind = "percent"


@dataclass(frozen=True, slots=True)
class BasketAmounts:
    """A basket, computed: every figure is a sum of its lines, never rounded again.

    ``subtotal`` is the sum of bases (LineExtensionAmount), ``taxable_base`` the part of it under a
    percentage, 0 % included (TaxExclusiveAmount), ``total`` = subtotal + taxes_total.
    """

    lines: tuple[LineAmounts, ...]
    groups: tuple[TaxGroup, ...]
    subtotal: Decimal
    taxes_total: Decimal
    total: Decimal
    taxable_base: Decimal


class _Draft(NamedTuple):
    """A line before its share of the document's discount; ``room`` is what can be given away."""

    line: PricedLine
    gross: Decimal
    net: Decimal
    fixed: tuple[TaxAmount, ...]
    room: Decimal


def basket_amounts(lines: Sequence[PricedLine], document_discount: Decimal = ZERO) -> BasketAmounts:
    """Compute bases, taxes and total of a basket.

    Tax included, per line: gross = half_up2(quantity · price − discount), tax = half_even2(gross −
    gross / (1 + Σ rates)) split between the rates by largest remainder, base = gross − tax. Tax not
    included: base = half_up2(quantity · price − discount), each tax = half_even2(base · rate).
    Taxes per unit are half_even2(quantity · pesos), inside the price or on top of it likewise, and
    no percentage is charged on them. ``document_discount`` (whole cents, in the terms of the
    prices) is spread over the lines first, in proportion to what each can give away, by largest
    remainder. So the total of a ticket is the sum of its shelf prices less discounts, exactly.
    """
    if not _is_number(document_discount) or document_discount < 0:
        raise BadLineError(_("Prices and discounts cannot be below zero."))
    if document_discount != half_up2(document_discount):
        raise BadLineError(_("The discount of the document cannot have parts of a cent."))
    with localcontext(EXACT):
        drafts = [_draft(line) for line in lines]
        rooms = [draft.room for draft in drafts]
        if document_discount > sum(rooms, ZERO):
            raise DiscountTooLargeError(_("The discount is larger than what it is taken from."))
        shares = largest_remainder(document_discount, rooms)
        return _basket([_amounts(d, share) for d, share in zip(drafts, shares, strict=True)])


def _draft(line: PricedLine) -> _Draft:
    worth = line.quantity * line.unit_price
    net = half_up2(worth - line.discount)
    fixed = tuple(
        TaxAmount(rule, line.quantity, half_even2(line.quantity * rule.rate))
        for rule in line.taxes
        if rule.kind == "per_unit"
    )
    room = net - _sum(fixed) if line.price_includes_tax else net
    if room < 0:
        raise PriceBelowTaxError(_("The price, tax included, does not cover the tax per unit."))
    return _Draft(line, half_up2(worth), net, fixed, room)


def _amounts(draft: _Draft, share: Decimal) -> LineAmounts:
    rules = [
        rule for rule in draft.line.taxes if rule.kind == "percent" and rule.treatment != "excluded"
    ]
    worth = draft.room - share
    if draft.line.price_includes_tax:
        rates = sum((rule.rate for rule in rules), ZERO)
        tax = half_even2(worth * rates, HUNDRED + rates)
        base, parts = worth - tax, largest_remainder(tax, [rule.rate for rule in rules])
    else:
        base, parts = worth, tuple(half_even2(worth * rule.rate, HUNDRED) for rule in rules)
    taxes = (
        *(TaxAmount(rule, base, part) for rule, part in zip(rules, parts, strict=True)),
        *draft.fixed,
    )
    discount = draft.gross - draft.net + share
    return LineAmounts(draft.gross, discount, base, taxes, base + _sum(taxes))


def _basket(lines: Sequence[LineAmounts]) -> BasketAmounts:
    taxable = (line.base for line in lines if any(tax.rule.kind == "percent" for tax in line.taxes))
    return BasketAmounts(
        lines=tuple(lines),
        groups=_groups(lines),
        subtotal=sum((line.base for line in lines), NO_MONEY),
        taxes_total=sum((_sum(line.taxes) for line in lines), NO_MONEY),
        total=sum((line.total for line in lines), NO_MONEY),
        taxable_base=sum(taxable, NO_MONEY),
    )


def _groups(lines: Sequence[LineAmounts]) -> tuple[TaxGroup, ...]:
    """Sum the taxes of all lines by tax, kind and rate, in that order."""
    sums: dict[tuple[str, Kind, Decimal, Treatment], tuple[Decimal, Decimal]] = {}
    for rule, base, amount in (tax for line in lines for tax in line.taxes):
        key = (rule.code, rule.kind, rule.rate, rule.treatment)
        so_far = sums.get(key, (ZERO, NO_MONEY))
        sums[key] = (so_far[0] + base, so_far[1] + amount)
    return tuple(
        TaxGroup(code, treatment, rate, base, amount, kind)
        for (code, kind, rate, treatment), (base, amount) in sorted(sums.items())
    )


def _sum(taxes: Sequence[TaxAmount]) -> Decimal:
    return sum((tax.amount for tax in taxes), NO_MONEY)


def _is_number(value: object) -> bool:
    """Tell a finite Decimal from anything else, a float above all."""
    return isinstance(value, Decimal) and value.is_finite()

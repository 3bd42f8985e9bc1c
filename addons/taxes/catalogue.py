"""Colombian rates by tax class, each with the days it holds for and the law that says so.

A rate is never edited: a new one is added and the old one closed. What a class lacks on a day is an
error, not a guess; a business can hold later rates of its own before we publish ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal, get_args

from addons.taxes.errors import NoRateError, UnknownTaxClassError
from addons.taxes.rules import TaxRule
from core.i18n import _

TaxClass = Literal["iva_19", "iva_5", "exempt", "excluded", "inc_8", "bag"]

#: What a product may be, in the order a form offers it.
TAX_CLASSES: Final[tuple[TaxClass, ...]] = get_args(TaxClass)

IVA: Final = "01"
INC: Final = "04"
BAGS: Final = "22"

#: How each class bears: DIAN's tax code, treatment, and percentage or pesos per unit.
_SHAPES: Final[dict[TaxClass, TaxRule]] = {
    "iva_19": TaxRule(IVA, "taxed", "percent", Decimal(19)),
    "iva_5": TaxRule(IVA, "taxed", "percent", Decimal(5)),
    "exempt": TaxRule(IVA, "exempt"),
    "excluded": TaxRule(IVA, "excluded"),
    "inc_8": TaxRule(INC, "taxed", "percent", Decimal(8)),
    "bag": TaxRule(BAGS, "taxed", "per_unit", Decimal(73)),
}


@dataclass(frozen=True, slots=True)
class DatedRate:
    """A rate (percent, or pesos per unit) and its days, both ends included; open when None."""

    code: str
    tax_class: TaxClass
    rate: Decimal
    valid_from: date
    valid_to: date | None
    source: str

    def holds(self, on: date) -> bool:
        """Tell whether ``on`` is one of its days."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


def _bag(year: int, pesos: int, source: str) -> DatedRate:
    """One calendar year of the tax on plastic bags, which began on 1 July 2017."""
    first = date(2017, 7, 1) if year == 2017 else date(year, 1, 1)
    return DatedRate(f"bag_{year}", "bag", Decimal(pesos), first, date(year, 12, 31), source)


_BAG_LAW: Final = "ET art. 512-15 (Ley 1819 de 2016, art. 207)"
_ZERO: Final = Decimal(0)

RATES: Final[tuple[DatedRate, ...]] = (
    DatedRate(
        "iva_general",
        "iva_19",
        Decimal(19),
        date(2017, 1, 1),
        None,
        "ET art. 468 (Ley 1819 de 2016, art. 184)",
    ),
    DatedRate(
        "iva_reduced",
        "iva_5",
        Decimal(5),
        date(2013, 1, 1),
        None,
        "ET arts. 468-1 and 468-3 (Ley 1607 de 2012, arts. 48 and 49; Ley 1819 de 2016, art. 185)",
    ),
    DatedRate(
        "iva_exempt",
        "exempt",
        _ZERO,
        date(2013, 1, 1),
        None,
        "ET arts. 477 to 481 (Ley 1607 de 2012, arts. 54 to 57; Ley 2010 de 2019, art. 12)",
    ),
    DatedRate(
        "iva_excluded",
        "excluded",
        _ZERO,
        date(2013, 1, 1),
        None,
        "ET arts. 424 and 476 (Ley 1607 de 2012, art. 38; Ley 1819 de 2016, art. 175)",
    ),
    DatedRate(
        "inc_meals",
        "inc_8",
        Decimal(8),
        date(2013, 1, 1),
        None,
        "ET arts. 512-1 and 512-9 (Ley 1607 de 2012, arts. 71 and 79)",
    ),
    _bag(2017, 20, _BAG_LAW),
    _bag(2018, 30, _BAG_LAW),
    _bag(2019, 40, _BAG_LAW),
    _bag(2020, 50, _BAG_LAW),
    # From 2021 the law adjusts it by the consumer price index of November, to the nearest peso;
    # only the years whose certified figure has been read are here.
    _bag(2025, 70, f"{_BAG_LAW}; certified by DIAN for 2025"),
    _bag(2026, 73, f"{_BAG_LAW}; Circular DIAN 000005 of 2025-12-16"),
)


def rate_on(tax_class: str, on: date, rates: Sequence[DatedRate] = RATES) -> DatedRate:
    """Give the rate of a class on a day; refuses an unknown class and a day without a rate."""
    if tax_class not in TAX_CLASSES:
        raise UnknownTaxClassError(_("There is no tax class {tax_class}.", tax_class=tax_class))
    for rate in rates:
        if rate.tax_class == tax_class and rate.holds(on):
            return rate
    raise NoRateError(
        _(
            "The rate of {tax_class} on {day} is not known yet; add it to the tax rates.",
            tax_class=tax_class,
            day=on.isoformat(),
        )
    )


def rule_on(tax_class: str, on: date, rates: Sequence[DatedRate] = RATES) -> TaxRule:
    """Give the tax rule of a class on a day, with that day's rate."""
    found = rate_on(tax_class, on, rates)
    shape = _SHAPES[found.tax_class]
    return TaxRule(shape.code, shape.treatment, shape.kind, found.rate)

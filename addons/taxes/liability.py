"""Who owes which tax: a line's taxes from product class, seller's profile, buyer and date.

Pure: no session, clock or request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from addons.taxes.catalogue import IVA, RATES, DatedRate, rule_on
from addons.taxes.errors import NoProfileError
from addons.taxes.rules import TaxRule
from core.i18n import _

#: Responsibilities of the RUT (box 53), as DIAN's documents name them.
RESPONSIBLE_FOR_IVA: Final = "O-48"
NOT_RESPONSIBLE_FOR_IVA: Final = "O-49"
RESPONSIBLE_FOR_INC: Final = "O-33"

Destination = Literal["domestic", "export"]


@dataclass(frozen=True, slots=True)
class ProfilePeriod:
    """The seller's responsibilities between two days, both included; open when None."""

    responsibilities: frozenset[str]
    valid_from: date
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        """Tell whether ``on`` is one of its days."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class SellerProfile:
    """What the seller answers for, period by period, as the RUT said at the time."""

    periods: tuple[ProfilePeriod, ...]

    def responsibilities(self, on: date) -> frozenset[str]:
        """Give the responsibilities of a day; the latest period that covers it wins."""
        covering = [period for period in self.periods if period.holds(on)]
        if not covering:
            raise NoProfileError(
                _(
                    "Write the tax responsibilities of the business on {day}, as its RUT has them.",
                    day=on.isoformat(),
                )
            )
        return max(covering, key=lambda period: period.valid_from).responsibilities


@dataclass(frozen=True, slots=True)
class Buyer:
    """What matters of the buyer for the taxes of a line: where the goods go."""

    destination: Destination = "domestic"


#: Whoever buys over the counter.
FINAL_CONSUMER: Final = Buyer()


def line_taxes(
    product_class: str,
    seller_profile: SellerProfile,
    buyer: Buyer,
    on: date,
    *,
    rates: Sequence[DatedRate] = RATES,
) -> tuple[TaxRule, ...]:
    """Give the taxes that a line owes on the calendar date ``on`` of the document.

    - A seller not responsible for IVA charges none, not even at 0 %, on any class (ET arts. 437 and
      437 par. 3): no rule, so no IVA group in the document.
    - An exported good is exempt whatever its class (ET art. 481 a).
    - INC on meals only by a seller responsible for it (ET arts. 512-1 and 512-13).
    - The tax on bags only by a seller responsible for IVA (ET art. 512-15). The line of the class
      ``bag`` bears that tax alone, as in DIAN's sample documents: the price, tax included, is the
      tax; a shop that also charges for the bag sells it as ``iva_19`` besides.

    Refuses an unknown class, a day without a rate and a day outside the seller's profile.
    """
    rule = rule_on(product_class, on, rates)
    duties = seller_profile.responsibilities(on)
    if product_class == "inc_8":
        return (rule,) if RESPONSIBLE_FOR_INC in duties else ()
    if RESPONSIBLE_FOR_IVA not in duties:
        return ()
    if rule.code == IVA and buyer.destination == "export":
        return (TaxRule(IVA, "exempt"),)
    return (rule,)

"""What other addons may call: taxes of a line, amounts of a basket, the seller's profile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from addons.taxes.catalogue import (
    RATES,
    TAX_CLASSES,
    DatedRate,
    TaxClass,
    rate_on,
    rule_on,
)
from addons.taxes.liability import (
    FINAL_CONSUMER,
    NOT_RESPONSIBLE_FOR_IVA,
    RESPONSIBLE_FOR_INC,
    RESPONSIBLE_FOR_IVA,
    Buyer,
    ProfilePeriod,
    SellerProfile,
    line_taxes,
)
from addons.taxes.models import ProfilePeriodRow
from addons.taxes.rules import (
    BasketAmounts,
    LineAmounts,
    PricedLine,
    TaxAmount,
    TaxGroup,
    TaxRule,
    basket_amounts,
)
from core.audit.services import record
from core.tenancy.cache import bump_epoch, cached

if TYPE_CHECKING:
    from core.tenancy import TenantSession

__all__ = [
    "FINAL_CONSUMER",
    "NOT_RESPONSIBLE_FOR_IVA",
    "RATES",
    "RESPONSIBLE_FOR_INC",
    "RESPONSIBLE_FOR_IVA",
    "TAX_CLASSES",
    "BasketAmounts",
    "Buyer",
    "DatedRate",
    "LineAmounts",
    "PricedLine",
    "ProfilePeriod",
    "SellerProfile",
    "TaxAmount",
    "TaxClass",
    "TaxGroup",
    "TaxRule",
    "basket_amounts",
    "line_taxes",
    "rate_on",
    "rule_on",
    "seller_profile",
    "set_profile",
]


def set_profile(
    session: TenantSession, *, valid_from: date, responsibilities: Iterable[str]
) -> None:
    """Say what the business answers for from a day on (RUT, box 53); later periods stand."""
    row = session.scalars(
        select(ProfilePeriodRow).where(ProfilePeriodRow.valid_from == valid_from)
    ).first()
    if row is None:
        row = ProfilePeriodRow(valid_from=valid_from)
        session.add(row)
    row.responsibilities = ";".join(sorted(responsibilities))
    session.flush()
    record(session, "taxes.profile.set", "taxes.profile", row.id, value=row.responsibilities)
    bump_epoch(session)


def seller_profile(session: TenantSession) -> SellerProfile:
    """Give the business's profile, from the cache where the epoch is still the same."""

    def read() -> SellerProfile:
        rows = session.scalars(select(ProfilePeriodRow).order_by(ProfilePeriodRow.valid_from))
        return SellerProfile(
            tuple(
                ProfilePeriod(
                    frozenset(row.responsibilities.split(";")), row.valid_from, row.valid_to
                )
                for row in rows
            )
        )

    return cached(session, "taxes.profile", read)

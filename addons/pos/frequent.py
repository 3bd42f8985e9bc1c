"""What sells most at an establishment: the products a till shows first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import func, select

from addons.pos.models import Sale, SaleLine

if TYPE_CHECKING:
    from core.tenancy import TenantSession

#: The newest sales that are looked at: a busy week, read in milliseconds however old the shop is.
SALES: Final = 2000
#: Three screens of tiles.
PRODUCTS: Final = 48


def frequent_products(session: TenantSession, establishment_id: UUID) -> Sequence[UUID]:
    """Give the products on most of the newest tickets of an establishment, most frequent first.

    Tickets are counted, not units: 0,750 kg and twelve units weigh the same. Asked when a till
    page is loaded, never while it sells.
    """
    newest = (
        select(Sale.id)
        .where(Sale.establishment_id == establishment_id)
        .order_by(Sale.occurred_at.desc(), Sale.id.desc())
        .limit(SALES)
    )
    tickets = func.count(SaleLine.sale_id.distinct())
    query = (
        select(SaleLine.product_id)
        .where(SaleLine.sale_id.in_(newest))
        .group_by(SaleLine.product_id)
        .order_by(tickets.desc(), SaleLine.product_id)
        .limit(PRODUCTS)
    )
    return session.scalars(query).all()

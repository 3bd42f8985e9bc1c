"""Every discount that a till gave, and why."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped

from core.db import Amount, Posted, addon_registry, tenant_foreign_key
from core.tenancy import TenantBound


class Base(DeclarativeBase):
    """Root of the tables of happy_hour."""

    registry = addon_registry()


class Discount(TenantBound, Posted, Base):
    """What was taken off one line of a sale; written with the sale, never changed."""

    __tablename__ = "happy_hour_discount"
    __table_args__ = (
        UniqueConstraint("tenant_id", "line_id"),
        tenant_foreign_key("establishment_id", "core_establishment"),
        tenant_foreign_key("product_id", "catalog_product"),
        #: The orders of the list, and what it is narrowed by.
        Index(None, "tenant_id", "occurred_at", "id"),
        Index(None, "tenant_id", "business_date"),
        Index(None, "tenant_id", "reason"),
        CheckConstraint("reason IN ('happy_hour', 'closed', 'too_much')", name="known_reason"),
    )

    establishment_id: Mapped[UUID]
    sale_id: Mapped[UUID]
    line_id: Mapped[UUID]
    product_id: Mapped[UUID]
    #: The number that the ticket prints.
    reference: Mapped[str]
    #: Quantity by price, and what was taken off it.
    gross: Mapped[Amount]
    discount: Mapped[Amount]
    #: happy_hour, or the rule that it broke.
    reason: Mapped[str]

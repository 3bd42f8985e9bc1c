"""Warranties, and how a customer wants to be reached about them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.db import Archivable, Versioned, addon_registry, tenant_foreign_key
from core.db.extension import Extension
from core.tenancy import TenantBound


class Base(DeclarativeBase):
    """Root of the tables of warranty."""

    registry = addon_registry()


class Warranty(TenantBound, Archivable, Versioned, Base):
    """A promise about one product to one customer, for so many months from a day on."""

    __tablename__ = "warranty_warranty"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        #: The orders of the list, and what it is narrowed by.
        Index(None, "tenant_id", "number", "id"),
        Index(None, "tenant_id", "ends_on", "id"),
        Index(None, "tenant_id", "state"),
        Index(None, "tenant_id", "partner_id"),
        tenant_foreign_key("product_id", "catalog_product"),
        tenant_foreign_key("partner_id", "contacts_partner"),
        CheckConstraint("state IN ('in_force', 'claimed', 'closed')", name="known_state"),
        CheckConstraint("months BETWEEN 1 AND 240", name="months_fit"),
    )

    #: As the certificate says it.
    number: Mapped[str]
    product_id: Mapped[UUID]
    partner_id: Mapped[UUID]
    #: What was written on the certificate: they find the two records, and stay as they were said.
    product_code: Mapped[str]
    identification: Mapped[str]
    starts_on: Mapped[date]
    months: Mapped[int]
    #: The last day of the promise; reckoned from the two before.
    ends_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="in_force")


class ContactWish(Extension, Base):
    """What we know of a customer beside the contact: templates write ``partner.warranty``."""

    __tablename__ = "warranty_partner"
    extends = "contacts_partner"
    known_as = "warranty"

    #: phone, email or visit; empty when nobody asked.
    preferred: Mapped[str] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(default="")

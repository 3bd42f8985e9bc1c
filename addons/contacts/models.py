"""The people and companies a business deals with."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.db import (
    Archivable,
    Versioned,
    addon_registry,
    one_to_many,
    tenant_foreign_key,
)
from core.tenancy import TenantBound


class Base(DeclarativeBase):
    """Root of the tables of contacts."""

    registry = addon_registry()


class Partner(TenantBound, Archivable, Versioned, Base):
    """A person or a company: customer, supplier, or both."""

    __tablename__ = "contacts_partner"
    __table_args__ = (
        UniqueConstraint("tenant_id", "identification_type", "identification"),
        #: The orders of the list.
        Index(None, "tenant_id", "name", "id"),
        Index(None, "tenant_id", "identification", "id"),
        CheckConstraint("kind IN ('person', 'company')", name="known_kind"),
    )

    kind: Mapped[str] = mapped_column(default="person")
    #: Code of DIAN's table of identification types: 13 cédula, 31 NIT…
    identification_type: Mapped[str]
    #: Digits or letters without points, dashes or check digit.
    identification: Mapped[str]
    #: Only of a NIT.
    check_digit: Mapped[str] = mapped_column(default="")
    #: As the RUT or the document says.
    name: Mapped[str]
    trade_name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    #: DIVIPOLA code of the municipality (DANE), five digits.
    municipality: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="CO")
    #: Fiscal responsibilities of the RUT, separated by semicolons: ``O-13;O-15`` or ``R-99-PN``.
    responsibilities: Mapped[str] = mapped_column(default="R-99-PN")
    #: 48 responsible for IVA, 49 not responsible.
    regime: Mapped[str] = mapped_column(default="49")
    is_customer: Mapped[bool] = mapped_column(default=True)
    is_supplier: Mapped[bool] = mapped_column(default=False)

    addresses: Mapped[list[PartnerAddress]] = one_to_many(
        lambda: PartnerAddress.partner_id, lambda: Partner, owned=True
    )


class PartnerAddress(TenantBound, Base):
    """Another place of a partner: a branch, a warehouse, where goods are delivered."""

    __tablename__ = "contacts_address"
    __table_args__ = (
        tenant_foreign_key("partner_id", "contacts_partner", ondelete="CASCADE"),
        Index(None, "tenant_id", "partner_id"),
    )

    partner_id: Mapped[UUID]
    #: Its place among the others, from 0 on.
    position: Mapped[int] = mapped_column(default=0)
    #: What people call it: Bodega, Sucursal norte.
    name: Mapped[str]
    address: Mapped[str]
    #: DIVIPOLA code of the municipality (DANE), five digits.
    municipality: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")

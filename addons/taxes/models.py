"""What the business answers for, period by period."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped

from core.db import Versioned, addon_registry
from core.tenancy import TenantBound


class Base(DeclarativeBase):
    """Root of the tables of taxes."""

    registry = addon_registry()


class ProfilePeriodRow(TenantBound, Versioned, Base):
    """The seller's responsibilities from a day on, until the next period or ``valid_to``."""

    __tablename__ = "taxes_profile"
    __table_args__ = (
        UniqueConstraint("tenant_id", "valid_from"),
        Index(None, "tenant_id", "valid_from", "id"),
    )

    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    #: Codes of box 53 of the RUT separated by semicolons: ``O-48`` responsible for IVA, ``O-49``
    #: not, ``O-33`` responsible for INC.
    responsibilities: Mapped[str]

"""The businesses, their establishments, and the key that ties every row to one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from core.db.base import Archivable, Base, Versioned
from core.ids import uuid7
from core.tenancy.errors import TenantError


@dataclass(frozen=True, slots=True)
class TenantRef:
    """One business as programs pass it around."""

    id: int
    uid: UUID


class Tenant(Base):
    """One business (one tax identity) that uses the platform. A platform table."""

    __tablename__ = "core_tenant"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What the outside world calls this business; ``id`` never leaves the database.
    uid: Mapped[UUID] = mapped_column(unique=True, default=uuid7)
    name: Mapped[str]
    #: A practice business: marked on every page, never holds a production certificate.
    is_demo: Mapped[bool] = mapped_column(default=False)
    archived_at: Mapped[datetime | None]

    @validates("uid")
    def _uid_never_changes(self, _key: str, uid: UUID) -> UUID:
        if self.uid not in {None, uid}:
            raise TenantError("the uid of a business never changes")
        return uid

    @property
    def ref(self) -> TenantRef:
        """Give what sessions and tasks need to know."""
        return TenantRef(self.id, self.uid)


class OwnedByTenant:
    """Mix into the few platform tables whose rows a business's own transaction may write.

    A tenant session filters them like the business's rows; the key never starts with tenant_id,
    because workers read them across businesses.
    """

    tenant_id: Mapped[int] = mapped_column(ForeignKey("core_tenant.id", ondelete="CASCADE"))


class Epoch(OwnedByTenant, Base):
    """Counts changes to a business's masters and settings, so that caches know when to forget.

    A platform table; written as the last statement of a change, read once by every request.
    """

    __tablename__ = "core_epoch"

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("core_tenant.id", ondelete="CASCADE"), primary_key=True
    )
    value: Mapped[int] = mapped_column(default=1)


class TenantBound:
    """Mix into every model whose rows belong to exactly one tenant."""

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("core_tenant.id", ondelete="RESTRICT"), primary_key=True, sort_order=-2
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, sort_order=-1)


class Establishment(TenantBound, Archivable, Versioned, Base):
    """A place of business: its address, municipality, zone, and when its day ends."""

    __tablename__ = "core_establishment"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        CheckConstraint("cutoff_minutes BETWEEN 0 AND 720", name="cutoff_in_the_morning"),
    )

    code: Mapped[str]
    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    #: DIVIPOLA code of the municipality (DANE), five digits, e.g. 11001.
    municipality: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    #: Main economic activity (CIIU Rev. 4), four digits.
    activity: Mapped[str] = mapped_column(default="")
    zone: Mapped[str] = mapped_column(default="America/Bogota")
    #: A bar that closes at 4 a. m. counts those hours for the day before: 240.
    cutoff_minutes: Mapped[int] = mapped_column(default=0)

    def business_date(self, occurred_at: datetime) -> date:
        """Give the day that a moment counts for, by the zone and cut-off valid now."""
        return business_date(occurred_at, self.zone, self.cutoff_minutes)


class Business(TenantBound, Versioned, Base):
    """Who the business is before the law: one row per tenant, its ``id`` the tenant's uid."""

    __tablename__ = "core_business"
    __table_args__ = (CheckConstraint("kind IN ('person', 'company')", name="known_kind"),)

    kind: Mapped[str] = mapped_column(default="company")
    #: As the tax register (RUT) has it.
    legal_name: Mapped[str]
    trade_name: Mapped[str] = mapped_column(default="")
    #: Code of the country's table of identification types; in Colombia 31 is a NIT.
    identification_type: Mapped[str] = mapped_column(default="31")
    #: Without points, dashes or check digit.
    identification: Mapped[str]
    check_digit: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="CO")
    #: ISO 4217, what the books are kept in.
    currency: Mapped[str] = mapped_column(default="COP")


def business_date(occurred_at: datetime, zone: str, cutoff_minutes: int = 0) -> date:
    """Give the date of (occurred_at in ``zone`` − cut-off); the fiscal date is the calendar's."""
    local = occurred_at.astimezone(ZoneInfo(zone))
    return (local - timedelta(minutes=cutoff_minutes)).date()

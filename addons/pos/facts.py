"""What a till knows of its surroundings, cached by (business, epoch)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast
from uuid import UUID

from sqlalchemy import select

from addons.pos.models import Counter, PaymentMethod, Till
from core.db.plan import Lock, table_of
from core.errors import NotFoundError
from core.i18n import _
from core.tenancy import Establishment
from core.tenancy.cache import cached

if TYPE_CHECKING:
    from core.tenancy import TenantSession

Kind = Literal["cash", "card", "transfer"]


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """A way to pay."""

    code: str
    name: str
    kind: Kind
    means: str
    asks_reference: bool


@dataclass(frozen=True, slots=True)
class TillFacts:
    """A till with its establishment."""

    id: UUID
    code: str
    name: str
    prefix: str
    left_handed: bool
    establishment_id: UUID
    establishment: str
    address: str
    municipality: str
    phone: str
    zone: str
    cutoff_minutes: int

    @property
    def counter(self) -> Lock:
        """Name the row that numbers its internal receipts."""
        table = table_of(Counter)
        return Lock(table, (("id", self.id),), ("next_number",), "insert", (("next_number", 1),))


def tills(session: TenantSession) -> Mapping[UUID, TillFacts]:
    """Give every till that is in use, by id."""

    def read() -> Mapping[UUID, TillFacts]:
        same = (Establishment.id == Till.establishment_id) & (
            Establishment.tenant_id == Till.tenant_id
        )
        query = (
            select(Till, Establishment)
            .join(Establishment, same)
            .where(Till.archived_at.is_(None))
            .order_by(Till.code)
        )
        return {till.id: _till(till, place) for till, place in session.execute(query)}

    return cached(session, "pos.tills", read)


def till_facts(session: TenantSession, till_id: UUID) -> TillFacts:
    """Give one till, or raise ``NotFoundError``."""
    found = tills(session).get(till_id)
    if found is None:
        raise NotFoundError(_("This till does not exist."))
    return found


def payment_methods(session: TenantSession) -> Mapping[str, MethodFacts]:
    """Give the ways to pay in their order, by code."""

    def read() -> Mapping[str, MethodFacts]:
        query = (
            select(PaymentMethod)
            .where(PaymentMethod.archived_at.is_(None))
            .order_by(PaymentMethod.position, PaymentMethod.code)
        )
        return {
            row.code: MethodFacts(
                row.code, row.name, cast("Kind", row.kind), row.means, row.asks_reference
            )
            for row in session.scalars(query)
        }

    return cached(session, "pos.methods", read)


def _till(till: Till, place: Establishment) -> TillFacts:
    return TillFacts(
        id=till.id,
        code=till.code,
        name=till.name,
        prefix=till.prefix,
        left_handed=till.left_handed,
        establishment_id=place.id,
        establishment=place.name,
        address=place.address,
        municipality=place.municipality,
        phone=place.phone,
        zone=place.zone,
        cutoff_minutes=place.cutoff_minutes,
    )

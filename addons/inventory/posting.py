"""Applies one document's moves to locked balances, and posts its entry."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from addons.inventory.models import NO_LOT, Balance, Location, Move
from addons.inventory.rules import ZERO, Stock, unit_cost
from addons.ledger.services import EntryDraft, Posting, joined, post_entry
from core.ids import uuid7
from core.tenancy import Establishment

if TYPE_CHECKING:
    from core.tenancy import TenantSession


@dataclass(slots=True, kw_only=True)
class Document:
    """What people and the ledger know some moves by; its entry is posted when it is closed."""

    source: str
    establishment_id: UUID
    business_date: date
    occurred_at: datetime
    id: UUID = field(default_factory=uuid7)
    reference: str = ""
    reason: str = ""
    postings: list[Posting] = field(default_factory=list)

    def post(self, debit: str, credit: str, amount: Decimal) -> None:
        """Note that ``amount`` went from the role ``credit`` to the role ``debit``."""
        self.postings += (Posting(debit, debit=amount), Posting(credit, credit=amount))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One move of a document: ``kind`` as in the model, ends, and what it is worth.

    ``cost`` is the unit cost on its paper, where it has one; else it follows from the value.
    """

    kind: str
    product_id: UUID
    from_id: UUID
    to_id: UUID
    quantity: Decimal
    value: Decimal
    cost: Decimal | None = None
    variance: Decimal = ZERO
    flagged: bool = False
    reverses_id: UUID | None = None


def document_at(session: TenantSession, warehouse: Location, source: str) -> Document:
    """Begin a document of the warehouse's establishment, now."""
    key = (session.tenant_id, warehouse.establishment_id)
    establishment = session.get_one(Establishment, key)
    now = session.clock.now()
    return Document(
        source=source,
        establishment_id=establishment.id,
        business_date=establishment.business_date(now),
        occurred_at=now,
    )


def locked_balances(
    session: TenantSession, location_id: UUID, product_ids: Collection[UUID]
) -> dict[UUID, Balance]:
    """Hold the balances of products at a place, in product order; what is missing starts at zero.

    Sales lock in the same order (place, then product), so nobody waits in a circle.
    """
    wanted = sorted(product_ids)
    here = (Balance.location_id == location_id, Balance.lot_id == NO_LOT)
    query = (
        select(Balance)
        .where(*here, Balance.product_id.in_(wanted))
        .order_by(Balance.product_id)
        .execution_options(populate_existing=True)
    )
    known = {row.product_id for row in session.scalars(query)}
    missing = [product_id for product_id in wanted if product_id not in known]
    if missing and not _made(session, location_id, missing):
        # Somebody else made one of them meanwhile: find out which.
        for product_id in missing:
            _made(session, location_id, [product_id])
    return {row.product_id: row for row in session.scalars(query.with_for_update())}


def stock_in(balance: Balance) -> Stock:
    """Give what a balance row says."""
    return Stock(balance.quantity, balance.value, balance.last_cost)


def settle(balance: Balance, stock: Stock) -> None:
    """Write into a locked balance what is there now."""
    balance.quantity, balance.value = stock.quantity, stock.value
    balance.last_cost = stock.last_cost


def add_move(session: TenantSession, document: Document, step: Step) -> Move:
    """Record one move of a document."""
    move = Move(
        id=uuid7(),
        business_date=document.business_date,
        occurred_at=document.occurred_at,
        product_id=step.product_id,
        from_id=step.from_id,
        to_id=step.to_id,
        kind=step.kind,
        quantity=step.quantity,
        unit_cost=unit_cost(step.value, step.quantity) if step.cost is None else step.cost,
        value=step.value,
        variance=step.variance,
        flagged=step.flagged,
        source=document.source,
        source_id=document.id,
        reference=document.reference,
        reason=document.reason,
        reverses_id=step.reverses_id,
    )
    session.add(move)
    return move


def close(session: TenantSession, document: Document) -> None:
    """Post the document's entry; one that comes to nothing posts none."""
    session.flush()
    draft = EntryDraft(
        id=uuid7(),
        establishment_id=document.establishment_id,
        source=document.source,
        source_id=document.id,
        reference=document.reference,
        business_date=document.business_date,
        occurred_at=document.occurred_at,
        postings=joined(document.postings),
    )
    post_entry(session, draft)


def _made(session: TenantSession, location_id: UUID, product_ids: Sequence[UUID]) -> bool:
    fresh: dict[str, Any] = {"quantity": ZERO, "value": ZERO, "last_cost": ZERO}
    try:
        with session.begin_nested():
            session.add_all(
                Balance(location_id=location_id, product_id=product_id, **fresh)
                for product_id in product_ids
            )
            session.flush()
    except IntegrityError:
        return False
    return True

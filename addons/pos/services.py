"""Tills, drawer sessions and cash movements: what a shop does besides selling."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from addons.ledger.services import (
    DRAWER_DIFFERENCE,
    DRAWER_MOVEMENT,
    MONEY,
    EntryDraft,
    Posting,
    post_entry,
)
from addons.pos.drafts import CloseDrawer, MoveCash
from addons.pos.errors import DrawerClosedError, DrawerOpenError
from addons.pos.facts import TillFacts, till_facts
from addons.pos.models import CashMovement, Counter, DrawerSession, PaymentMethod, Till
from addons.pos.queries import cash_method, expected_in_drawer
from core.audit.services import record
from core.errors import BadInputError, NotFoundError
from core.i18n import _
from core.ids import uuid7
from core.tenancy import business_date
from core.tenancy.cache import bump_epoch

if TYPE_CHECKING:
    from addons.pos.pricing import Seller
    from core.tenancy import Establishment, TenantSession

_USUAL_METHODS = (
    ("cash", "Efectivo", "cash", "10", False),
    ("card", "Tarjeta", "card", "49", True),
    ("transfer", "Transferencia", "transfer", "47", True),
)


@dataclass(frozen=True, slots=True)
class Closing:
    """How a drawer was closed; ``difference`` = counted − expected."""

    expected: Decimal
    counted: Decimal
    difference: Decimal


def create_till(
    session: TenantSession,
    establishment: Establishment,
    *,
    code: str,
    name: str,
    prefix: str = "",
    key: UUID | None = None,
) -> Till:
    """Add a till to an establishment; ``key`` is its id where others know it already."""
    till = Till(
        id=key or uuid7(), establishment_id=establishment.id, code=code, name=name, prefix=prefix
    )
    session.add(till)
    session.flush()
    session.add(Counter(id=till.id))
    record(session, "pos.till.create", "pos.till", till.id, code=code)
    bump_epoch(session)
    return till


def create_usual_methods(session: TenantSession) -> None:
    """Add cash, card and transfer where they are missing."""
    known = set(session.scalars(select(PaymentMethod.code)))
    session.add_all(
        PaymentMethod(
            code=code, name=name, kind=kind, means=means, asks_reference=asks, position=position
        )
        for position, (code, name, kind, means, asks) in enumerate(_USUAL_METHODS)
        if code not in known
    )
    bump_epoch(session)


def open_drawer(
    session: TenantSession, till_id: UUID, *, key: UUID, seller: Seller, float_amount: Decimal
) -> DrawerSession:
    """Open the drawer of a till with its float; the same ``key`` again gives the same session.

    Raises ``DrawerOpenError`` when another session of the till is open.
    """
    known = session.get(DrawerSession, (session.tenant_id, key))
    if known is not None:
        return known
    till = till_facts(session, till_id)
    # Two who open it at once wait for each other here, and the second sees the first's session.
    session.scalars(select(Till).where(Till.id == till_id).with_for_update()).one()
    busy = session.scalars(
        select(DrawerSession).where(DrawerSession.open_till_id == till_id)
    ).first()
    if busy is not None:
        raise DrawerOpenError(
            _("{name} opened this drawer already. Close it first.", name=busy.opened_by_name),
            session_id=str(busy.id),
        )
    drawer = DrawerSession(
        id=key,
        till_id=till.id,
        establishment_id=till.establishment_id,
        open_till_id=till.id,
        opened_by=seller.id,
        opened_by_name=seller.name,
        opened_at=session.clock.now(),
        float_amount=float_amount,
    )
    session.add(drawer)
    record(session, "pos.drawer.open", "pos.session", key, float=str(float_amount))
    session.flush()
    return drawer


def move_cash(session: TenantSession, session_id: UUID, movement: MoveCash) -> None:
    """Put cash into the drawer or take it out, with its reason; the same id counts once."""
    if session.get(CashMovement, (session.tenant_id, movement.id)) is not None:
        return
    drawer = _open_session(session, session_id)
    if movement.kind == "out" and movement.amount > expected_in_drawer(session, drawer):
        raise BadInputError(
            _("There is not so much cash in the drawer."), fields={"amount": str(movement.amount)}
        )
    now = session.clock.now()
    till = till_facts(session, drawer.till_id)
    day = business_date(now, till.zone, till.cutoff_minutes)
    session.add(
        CashMovement(
            id=movement.id,
            session_id=drawer.id,
            kind=movement.kind,
            amount=movement.amount,
            reason=movement.reason,
            occurred_at=now,
            business_date=day,
        )
    )
    record(
        session,
        f"pos.drawer.cash_{movement.kind}",
        "pos.session",
        drawer.id,
        amount=str(movement.amount),
        reason=movement.reason,
    )
    entered = movement.amount if movement.kind == "in" else -movement.amount
    _post(session, till, "pos.cash_movement", movement.id, (DRAWER_MOVEMENT, entered))


def close_drawer(session: TenantSession, session_id: UUID, count: CloseDrawer) -> Closing:
    """Close a drawer with what was counted; a difference is recorded and never blocks.

    Closing again answers the same.
    """
    drawer = _locked(session, session_id)
    if drawer.state == "closed":
        return Closing(
            drawer.expected or Decimal(0),
            drawer.counted or Decimal(0),
            drawer.difference or Decimal(0),
        )
    counted = sum((row.denomination * row.count for row in count.counted), Decimal(0))
    if count.counted and counted != count.counted_total:
        raise BadInputError(
            _("The notes and coins do not come to the total."),
            fields={"counted_total": str(counted)},
        )
    expected = expected_in_drawer(session, drawer)
    difference = count.counted_total - expected
    drawer.state = "closed"
    drawer.open_till_id = None
    drawer.closed_at = session.clock.now()
    drawer.closed_by = session.user_id
    drawer.expected, drawer.counted = expected, count.counted_total
    drawer.difference = difference
    drawer.count_detail = [
        {"denomination": str(row.denomination), "count": row.count} for row in count.counted
    ]
    drawer.note = count.note
    session.flush()
    till = till_facts(session, drawer.till_id)
    _post(session, till, "pos.session", drawer.id, (DRAWER_DIFFERENCE, difference))
    record(
        session,
        "pos.drawer.close",
        "pos.session",
        drawer.id,
        expected=str(expected),
        counted=str(count.counted_total),
        difference=str(difference),
    )
    return Closing(expected, count.counted_total, difference)


def _open_session(session: TenantSession, session_id: UUID) -> DrawerSession:
    drawer = _locked(session, session_id)
    if drawer.state != "open":
        raise DrawerClosedError(_("The drawer is closed. Open it first."))
    return drawer


def _locked(session: TenantSession, session_id: UUID) -> DrawerSession:
    query = select(DrawerSession).where(DrawerSession.id == session_id).with_for_update()
    drawer = session.scalars(query, execution_options={"populate_existing": True}).first()
    if drawer is None:
        raise NotFoundError(_("This drawer session does not exist."))
    return drawer


def _post(
    session: TenantSession, till: TillFacts, source: str, key: UUID, change: tuple[str, Decimal]
) -> None:
    """Post that cash in the drawer changed by an amount, against a role."""
    role, amount = change
    if not amount:
        return
    cash = Posting(
        MONEY, cash_method(session), debit=max(amount, Decimal(0)), credit=max(-amount, Decimal(0))
    )
    other = Posting(role, debit=cash.credit, credit=cash.debit)
    now = session.clock.now()
    post_entry(
        session,
        EntryDraft(
            id=uuid7(),
            establishment_id=till.establishment_id,
            source=source,
            source_id=key,
            reference=till.code,
            business_date=business_date(now, till.zone, till.cutoff_minutes),
            occurred_at=now,
            postings=(cash, other),
        ),
    )

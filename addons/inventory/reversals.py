"""Undoes moves: never by changing them, always by another move that names them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import func, select

from addons.inventory.errors import BadStockError, NotEnoughStockError, ReversalError
from addons.inventory.models import Balance, Location, Move
from addons.inventory.posting import (
    Document,
    Step,
    add_move,
    close,
    document_at,
    locked_balances,
    settle,
    stock_in,
)
from addons.inventory.rules import ZERO, Change, average_return, average_supplier_return, share
from addons.ledger.services import COST, GOODS_RECEIVED, INVENTORY, OPENING, STOCK_DIFFERENCE
from core.audit.services import record
from core.errors import NotFoundError
from core.i18n import _

if TYPE_CHECKING:
    from core.tenancy import TenantSession

#: What a move becomes when it goes back.
BACK: Final = {
    "issue": "customer_return",
    "receipt": "supplier_return",
    "count": "count",
    "transfer": "transfer",
}
#: Which role gave or took what is not inventory, by the source of the move.
_OTHER_SIDE: Final = {
    "inventory.receipt": GOODS_RECEIVED,
    "inventory.opening": OPENING,
    "inventory.count": STOCK_DIFFERENCE,
}


def reverse_move(
    session: TenantSession, move_id: UUID, *, reason: str, quantity: Decimal | None = None
) -> UUID:
    """Bring goods back where they were, at the cost they left with; give the new move's id.

    ``quantity`` is the part that goes back, all that has not gone back yet if None. Goods that
    came in leave at what they cost then; what differs from their value now is the variance.
    """
    move = session.get(Move, (session.tenant_id, move_id))
    if move is None:
        raise NotFoundError(_("This stock move does not exist."))
    if not reason.strip():
        raise BadStockError(_("Write the reason."), fields={"reason": ""})
    if move.reverses_id is not None:
        raise ReversalError(_("This move undoes another one. Record it anew instead."))
    ends = select(Location).where(Location.id.in_((move.from_id, move.to_id)))
    places = {place.id: place for place in session.scalars(ends)}
    balances = _lock_ends(session, move, places)
    back, value = _what_is_left(session, move, quantity)
    near = next(place for place in places.values() if place.kind == "warehouse")
    document = document_at(session, near, "inventory.reversal")
    document.reference, document.reason = move.reference, reason.strip()
    step = _go_back(document, move, places, balances, (back, value))
    reversal = add_move(session, document, step)
    close(session, document)
    record(session, "inventory.stock.reverse", "inventory.move", move.id, reason=reason)
    return reversal.id


def _lock_ends(
    session: TenantSession, move: Move, places: dict[UUID, Location]
) -> dict[UUID, Balance]:
    return {
        key: locked_balances(session, key, [move.product_id])[move.product_id]
        for key in sorted(places)
        if places[key].kind == "warehouse"
    }


def _go_back(
    document: Document,
    move: Move,
    places: dict[UUID, Location],
    balances: dict[UUID, Balance],
    goods: tuple[Decimal, Decimal],
) -> Step:
    quantity, value = goods
    left = came = None
    if move.to_id in balances:
        left = _leave(places[move.to_id], balances[move.to_id], quantity, value)
        settle(balances[move.to_id], left.stock)
    if move.from_id in balances:
        # Between two warehouses the goods keep the cost they leave with.
        came = average_return(
            stock_in(balances[move.from_id]), quantity, left.value if left else value
        )
        settle(balances[move.from_id], came.stock)
    variance = _post(document, _OTHER_SIDE.get(move.source, COST), left, came)
    return Step(
        kind=BACK[move.kind],
        product_id=move.product_id,
        from_id=move.to_id,
        to_id=move.from_id,
        quantity=quantity,
        value=left.value if left else value,
        variance=variance,
        flagged=bool(left and left.flagged),
        reverses_id=move.id,
    )


def _post(document: Document, other: str, left: Change | None, came: Change | None) -> Decimal:
    if left and came:
        document.post(COST, INVENTORY, came.variance)
        return came.variance
    if left:
        document.post(other, INVENTORY, left.value + left.variance)
        document.post(INVENTORY, _result(other), left.variance)
        return left.variance
    if came:
        document.post(INVENTORY, other, came.value)
        document.post(_result(other), INVENTORY, came.variance)
        return came.variance
    return ZERO


def _result(other: str) -> str:
    return STOCK_DIFFERENCE if other == STOCK_DIFFERENCE else COST


def _leave(place: Location, balance: Balance, quantity: Decimal, value: Decimal) -> Change:
    if place.negative == "block" and quantity > balance.quantity:
        raise NotEnoughStockError(
            _("There is not enough left in the warehouse to undo this."),
            product_id=str(balance.product_id),
        )
    return average_supplier_return(stock_in(balance), quantity, value)


def _what_is_left(
    session: TenantSession, move: Move, quantity: Decimal | None
) -> tuple[Decimal, Decimal]:
    query = select(func.sum(Move.quantity), func.sum(Move.value)).where(Move.reverses_id == move.id)
    gone, worth = session.execute(query).one()
    left = move.quantity - (gone or ZERO)
    back = left if quantity is None else quantity
    if not 0 < back <= left:
        raise ReversalError(_("All of this has gone back already, or less is left of it."))
    if move.kind == "issue" and back == left:
        return back, move.value - (worth or ZERO)
    return back, share(move.value, back, move.quantity)

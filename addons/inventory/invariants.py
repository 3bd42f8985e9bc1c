"""What must hold of the stock at all times; ``manage.py verify`` asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias
from uuid import UUID

from sqlalchemy import func, select

from addons.inventory.models import Balance, Location, Move
from addons.inventory.rules import (
    EMPTY,
    ZERO,
    Change,
    Stock,
    at_average,
    average_arrival,
    average_issue,
    average_return,
    average_supplier_return,
    share,
)
from addons.ledger.services import COST, INVENTORY, posted_by_document
from core.addons.parts import Finding, Invariant
from core.i18n import _

if TYPE_CHECKING:
    from core.tenancy import TenantSession

#: Location, lot, product.
Place: TypeAlias = tuple[UUID, UUID, UUID]

SOURCES: Final = (
    "inventory.sale",
    "inventory.receipt",
    "inventory.opening",
    "inventory.count",
    "inventory.transfer",
    "inventory.reversal",
)


def on_hand_is_the_sum_of_moves(session: TenantSession) -> Sequence[Finding]:
    """Compare every balance with the moves into and out of its place (I1)."""
    summed = _sums(session)
    warehouses = _warehouses(session)
    held = {_place(row): row.quantity for row in session.scalars(select(Balance))}
    keys = held.keys() | {key for key in summed if key[0] in warehouses}
    return [
        Finding("I1", f"on hand {held.get(key, ZERO)}, moves {summed[key]}", str(key[2]))
        for key in sorted(keys)
        if held.get(key, ZERO) != summed[key]
    ]


def everything_adds_up_to_nothing(session: TenantSession) -> Sequence[Finding]:
    """Add what warehouses hold to what the outsides gave and took: zero per product (I2)."""
    warehouses = _warehouses(session)
    total: defaultdict[UUID, Decimal] = defaultdict(Decimal)
    for (location, _lot, product), quantity in _sums(session).items():
        if location not in warehouses:
            total[product] += quantity
    query = select(Balance.product_id, func.sum(Balance.quantity)).group_by(Balance.product_id)
    for product, quantity in session.execute(query):
        total[product] += quantity
    return [
        Finding("I2", f"over all places {quantity}", str(product))
        for product, quantity in sorted(total.items())
        if quantity
    ]


def value_is_a_replay_from_zero(session: TenantSession) -> Sequence[Finding]:
    """Make every move again in the order they were recorded; each must cost the same (I3)."""
    findings = []
    stocks: defaultdict[Place, Stock] = defaultdict(lambda: EMPTY)
    for place, move, change in _again(session, stocks):
        stocks[place] = change.stock
        if place[0] == move.from_id and change.value != move.value:
            findings.append(
                Finding("I3", f"left with {move.value}, should {change.value}", str(move.id))
            )
    for row in session.scalars(select(Balance).order_by(Balance.id)):
        expected = stocks[_place(row)].value
        if row.value != expected:
            text = f"worth {row.value}, by its moves {expected}"
            findings.append(Finding("I3", text, str(row.product_id)))
    return findings


def nothing_is_worth_nothing(session: TenantSession) -> Sequence[Finding]:
    """Find value where there is no quantity (I3)."""
    query = select(Balance).where(Balance.quantity == ZERO, Balance.value != ZERO)
    return [
        Finding("I3", f"nothing left is worth {row.value}", str(row.product_id))
        for row in session.scalars(query)
    ]


def cost_posted_is_the_value_that_left(session: TenantSession) -> Sequence[Finding]:
    """Compare, document by document, cost of sales in the ledger with the moves (I4)."""
    query = select(
        Move.source_id, Move.kind, func.sum(Move.value), func.sum(Move.variance)
    ).group_by(Move.source_id, Move.kind)
    left: defaultdict[UUID, Decimal] = defaultdict(Decimal)
    for document, kind, value, variance in session.execute(query):
        left[document] += _cost(kind, value, variance)
    posted = posted_by_document(session, COST, SOURCES)
    return [
        Finding("I4", f"cost posted {posted.get(key, ZERO)}, left {left[key]}", str(key))
        for key in sorted(left.keys() | posted.keys())
        if posted.get(key, ZERO) != left[key]
    ]


def blocked_stock_is_never_negative(session: TenantSession) -> Sequence[Finding]:
    """Find stock below zero where that is blocked and no printed sale explains it (I5)."""
    blocks = {row.id for row in session.scalars(select(Location)) if row.negative == "block"}
    findings = []
    for row in session.scalars(select(Balance).where(Balance.quantity < ZERO)):
        explained = select(Move.id).where(
            Move.product_id == row.product_id,
            Move.from_id == row.location_id,
            Move.flagged.is_(True),
        )
        if row.location_id in blocks and session.scalars(explained.limit(1)).first() is None:
            findings.append(Finding("I5", f"{row.quantity} on hand", str(row.product_id)))
    return findings


def valuation_is_the_ledgers(session: TenantSession) -> Sequence[Finding]:
    """Compare what all stock is worth with the role inventory of the ledger (I6)."""
    worth = session.scalar(select(func.sum(Balance.value))) or ZERO
    posted = sum(posted_by_document(session, INVENTORY).values(), ZERO)
    if worth == posted:
        return []
    return [Finding("I6", f"stock is worth {worth}, the ledger says {posted}")]


INVARIANTS: Final = (
    Invariant("I1", _("What is on hand is the sum of its moves"), on_hand_is_the_sum_of_moves),
    Invariant("I2", _("Every move has two ends"), everything_adds_up_to_nothing),
    Invariant("I3", _("Stock is worth what its moves say"), value_is_a_replay_from_zero),
    Invariant("I3", _("Nothing left is worth nothing"), nothing_is_worth_nothing),
    Invariant("I4", _("Cost of sales is the value that left"), cost_posted_is_the_value_that_left),
    Invariant("I5", _("Blocked stock is never negative"), blocked_stock_is_never_negative),
    Invariant("I6", _("The ledger knows what the stock is worth"), valuation_is_the_ledgers),
)


def _sums(session: TenantSession) -> defaultdict[Place, Decimal]:
    summed: defaultdict[Place, Decimal] = defaultdict(Decimal)
    for end, sign in ((Move.to_id, 1), (Move.from_id, -1)):
        query = select(end, Move.lot_id, Move.product_id, func.sum(Move.quantity))
        for location, lot, product, quantity in session.execute(
            query.group_by(end, Move.lot_id, Move.product_id)
        ):
            summed[location, lot, product] += sign * quantity
    return summed


def _warehouses(session: TenantSession) -> set[UUID]:
    return set(session.scalars(select(Location.id).where(Location.kind == "warehouse")))


def _place(row: Balance) -> Place:
    return row.location_id, row.lot_id, row.product_id


def _again(
    session: TenantSession, stocks: defaultdict[Place, Stock]
) -> Iterator[tuple[Place, Move, Change]]:
    warehouses = _warehouses(session)
    reversed_ids = select(Move.reverses_id).where(Move.reverses_id.is_not(None))
    originals = {
        row.id: row for row in session.scalars(select(Move).where(Move.id.in_(reversed_ids)))
    }
    query = select(Move).order_by(Move.product_id, Move.recorded_at, Move.id)
    for move in session.scalars(query.execution_options(yield_per=1000)):
        original = originals.get(move.reverses_id) if move.reverses_id else None
        if move.from_id in warehouses:
            place = (move.from_id, move.lot_id, move.product_id)
            yield place, move, _leave(stocks[place], move, original)
        if move.to_id in warehouses:
            place = (move.to_id, move.lot_id, move.product_id)
            yield place, move, _come(stocks[place], move, original)


def _leave(stock: Stock, move: Move, original: Move | None) -> Change:
    if original is None:
        return average_issue(stock, move.quantity)
    cost = share(original.value, move.quantity, original.quantity)
    return average_supplier_return(stock, move.quantity, cost)


def _come(stock: Stock, move: Move, original: Move | None) -> Change:
    if original is not None:
        return average_return(stock, move.quantity, move.value)
    if move.kind == "count":
        return average_return(stock, move.quantity, at_average(stock, move.quantity))
    return average_arrival(stock, move.quantity, move.value, move.unit_cost)


def _cost(kind: str, value: Decimal, variance: Decimal) -> Decimal:
    """Tell what moves of a kind add to cost of sales; a count goes to its own result."""
    match kind:
        case "issue":
            return value
        case "customer_return":
            return variance - value
        case "supplier_return":
            return -variance
        case "count":
            return ZERO
        case _:
            return variance

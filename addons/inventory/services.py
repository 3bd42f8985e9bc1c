"""What the rest of the platform may ask of the stock.

Every verb locks the balances it changes, place by place and in product order, as sales do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from addons.catalog.services import ProductLabel, product_labels
from addons.inventory.errors import BadStockError, NotEnoughStockError
from addons.inventory.models import NO_LOT, Balance, Location, Move
from addons.inventory.places import create_warehouse, ensure_places, outside, warehouse
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
from addons.inventory.reversals import reverse_move
from addons.inventory.rules import (
    ZERO,
    Change,
    Stock,
    at_average,
    average_arrival,
    average_issue,
    average_receipt,
    average_return,
    unit_cost,
)
from addons.ledger.services import COST, GOODS_RECEIVED, INVENTORY, OPENING, STOCK_DIFFERENCE
from core.audit.services import record
from core.i18n import _
from core.i18n.formats import quantity as written

if TYPE_CHECKING:
    from core.tenancy import TenantSession

__all__ = [
    "Arrival",
    "adjust_stock",
    "create_warehouse",
    "ensure_places",
    "open_stock",
    "receive_stock",
    "reverse_move",
    "stock_of",
    "transfer_stock",
]


@dataclass(frozen=True, slots=True)
class Arrival:
    """So much of a product, and what one unit costs without what is recoverable of it."""

    product_id: UUID
    quantity: Decimal
    cost: Decimal


def receive_stock(
    session: TenantSession,
    warehouse_id: UUID,
    arrivals: Sequence[Arrival],
    *,
    reference: str,
) -> UUID:
    """Take goods of a supplier in at cost, owed until they are invoiced; give the document's id.

    A quantity that is not above zero or finer than the product's unit, a cost below zero, and a
    product that is not stocked are refused with ``BadStockError``.
    """
    place = warehouse(session, warehouse_id)
    document = document_at(session, place, "inventory.receipt")
    document.reference = reference
    return _take_in(session, document, place, arrivals, GOODS_RECEIVED)


def open_stock(
    session: TenantSession, warehouse_id: UUID, arrivals: Sequence[Arrival], *, reference: str
) -> UUID:
    """Take in what the business had before it worked with us, against its opening balance."""
    place = warehouse(session, warehouse_id)
    document = document_at(session, place, "inventory.opening")
    document.reference = reference
    return _take_in(session, document, place, arrivals, OPENING)


def adjust_stock(
    session: TenantSession,
    warehouse_id: UUID,
    counted: Mapping[UUID, Decimal],
    *,
    reason: str,
    reference: str = "",
) -> UUID:
    """Make the stock what was counted, product by product; give the document's id.

    A surplus comes in at the average, or the last cost where nothing was left; a shortage goes
    out as an issue. The difference goes to the result. A reason is required.
    """
    if not reason.strip():
        raise BadStockError(_("Write the reason of the difference."), fields={"reason": ""})
    place = warehouse(session, warehouse_id)
    labels = _labels(session, counted)
    for product_id, quantity in counted.items():
        _check_quantity(labels[product_id], quantity, may_be_zero=True)
    document = document_at(session, place, "inventory.count")
    document.reference, document.reason = reference, reason.strip()
    balances = locked_balances(session, place.id, counted)
    loss = outside(session, "loss")
    for product_id in sorted(counted):
        _count(session, document, (place, loss), balances[product_id], counted[product_id])
    close(session, document)
    record(session, "inventory.stock.adjust", "inventory.document", document.id, reason=reason)
    return document.id


def transfer_stock(
    session: TenantSession,
    from_id: UUID,
    to_id: UUID,
    quantities: Mapping[UUID, Decimal],
    *,
    reference: str,
) -> UUID:
    """Bring goods from one warehouse to another at the cost they have; give the document's id."""
    if from_id == to_id:
        raise BadStockError(_("Choose two different warehouses."), fields={"to": str(to_id)})
    giving, taking = warehouse(session, from_id), warehouse(session, to_id)
    labels = _labels(session, quantities)
    document = document_at(session, taking, "inventory.transfer")
    document.reference = reference
    held = {
        place.id: locked_balances(session, place.id, quantities)
        for place in sorted((giving, taking), key=lambda place: place.id)
    }
    for product_id in sorted(quantities):
        quantity, label = quantities[product_id], labels[product_id]
        _check_quantity(label, quantity)
        source, target = held[from_id][product_id], held[to_id][product_id]
        _check_enough(giving, label, source.quantity, quantity)
        out = average_issue(stock_in(source), quantity)
        cost = unit_cost(out.value, quantity)
        come = average_arrival(stock_in(target), quantity, out.value, cost)
        settle(source, out.stock)
        settle(target, come.stock)
        document.post(COST, INVENTORY, come.variance)
        step = Step(
            kind="transfer",
            product_id=product_id,
            from_id=from_id,
            to_id=to_id,
            quantity=quantity,
            value=out.value,
            variance=come.variance,
            flagged=out.flagged,
        )
        add_move(session, document, step)
    close(session, document)
    record(session, "inventory.stock.transfer", "inventory.document", document.id)
    return document.id


def stock_of(
    session: TenantSession, product_ids: Collection[UUID], location_id: UUID
) -> Mapping[UUID, Decimal]:
    """Tell how much of each product is at a place; of one never seen there, 0."""
    query = select(Balance.product_id, Balance.quantity).where(
        Balance.location_id == location_id,
        Balance.lot_id == NO_LOT,
        Balance.product_id.in_(product_ids),
    )
    known: dict[UUID, Decimal] = dict(session.execute(query).all())
    return {product_id: known.get(product_id, ZERO) for product_id in product_ids}


def _take_in(
    session: TenantSession,
    document: Document,
    place: Location,
    arrivals: Sequence[Arrival],
    credited: str,
) -> UUID:
    labels = _labels(session, {arrival.product_id for arrival in arrivals})
    for arrival in arrivals:
        _check_quantity(labels[arrival.product_id], arrival.quantity)
        if arrival.cost < 0:
            raise BadStockError(
                _("A cost cannot be below zero."), fields={"cost": format(arrival.cost, "f")}
            )
    balances = locked_balances(session, place.id, labels)
    supplier = outside(session, "supplier")
    for arrival in arrivals:
        balance = balances[arrival.product_id]
        change = average_receipt(stock_in(balance), arrival.quantity, arrival.cost)
        settle(balance, change.stock)
        document.post(INVENTORY, credited, change.value)
        document.post(COST, INVENTORY, change.variance)
        step = Step(
            kind="receipt",
            product_id=arrival.product_id,
            from_id=supplier.id,
            to_id=place.id,
            quantity=arrival.quantity,
            value=change.value,
            cost=arrival.cost,
            variance=change.variance,
        )
        add_move(session, document, step)
    close(session, document)
    record(session, "inventory.stock.receive", "inventory.document", document.id)
    return document.id


def _count(
    session: TenantSession,
    document: Document,
    places: tuple[Location, Location],
    balance: Balance,
    counted: Decimal,
) -> Move | None:
    place, loss = places
    stock, difference = stock_in(balance), counted - balance.quantity
    if difference == 0:
        return None
    change = _surplus(stock, difference) if difference > 0 else average_issue(stock, -difference)
    settle(balance, change.stock)
    if difference > 0:
        document.post(INVENTORY, STOCK_DIFFERENCE, change.value - change.variance)
    else:
        document.post(STOCK_DIFFERENCE, INVENTORY, change.value)
    step = Step(
        kind="count",
        product_id=balance.product_id,
        from_id=loss.id if difference > 0 else place.id,
        to_id=place.id if difference > 0 else loss.id,
        quantity=abs(difference),
        value=change.value,
        variance=change.variance,
    )
    return add_move(session, document, step)


def _surplus(stock: Stock, quantity: Decimal) -> Change:
    return average_return(stock, quantity, at_average(stock, quantity))


def _labels(session: TenantSession, ids: Collection[UUID]) -> Mapping[UUID, ProductLabel]:
    labels = product_labels(session, ids)
    for product_id in ids:
        if product_id not in labels or not labels[product_id].stocked:
            raise BadStockError(
                _("This product keeps no stock."), fields={"product_id": str(product_id)}
            )
    return labels


def _check_quantity(label: ProductLabel, quantity: Decimal, *, may_be_zero: bool = False) -> None:
    text = written(quantity)
    if quantity < 0 or (quantity == 0 and not may_be_zero):
        raise BadStockError(
            _("{product}: write a quantity above zero.", product=label.name),
            fields={"quantity": text},
        )
    if quantity != round(quantity, label.unit_decimals):
        raise BadStockError(
            _("{product}: {quantity} has too many decimals.", product=label.name, quantity=text),
            fields={"quantity": text},
        )


def _check_enough(place: Location, label: ProductLabel, there: Decimal, wanted: Decimal) -> None:
    if place.negative == "block" and wanted > there:
        raise NotEnoughStockError(
            _(
                "{product}: only {quantity} left in the warehouse.",
                product=label.name,
                quantity=written(max(there, ZERO)),
            ),
            product_id=str(label.id),
        )

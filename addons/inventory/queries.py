"""What there is, what it is worth, and how it came to be so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select

from addons.catalog.services import ProductLabel, product_labels, stocked_products
from addons.inventory.models import NO_LOT, Balance, Location, Move
from addons.inventory.rules import ZERO, unit_cost
from addons.inventory.services import stock_of
from core.sale import StockLevel

if TYPE_CHECKING:
    from core.tenancy import TenantSession


@dataclass(frozen=True, slots=True)
class StockRow:
    """One product at one warehouse."""

    product: ProductLabel
    quantity: Decimal
    unit_cost: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class CardKey:
    """Where a page of a card ended: the last move on it, and the balance before that move.

    Carrying the balance makes every page cost the same, however far back it is.
    """

    recorded_at: datetime
    id: UUID
    quantity: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class CardRow:
    """One line of a product's card at a warehouse; one of ``came`` and ``left`` is None."""

    move: Move
    came: Decimal | None
    left: Decimal | None
    quantity: Decimal
    value: Decimal

    @property
    def unit_cost(self) -> Decimal:
        """Give the average after the move; nothing costs 0."""
        return unit_cost(self.value, self.quantity)


def warehouses(session: TenantSession) -> Sequence[Location]:
    """Give the warehouses by code."""
    query = select(Location).where(Location.kind == "warehouse", Location.archived_at.is_(None))
    return session.scalars(query.order_by(Location.code)).all()


def stock_page(
    session: TenantSession,
    location_id: UUID,
    *,
    text: str = "",
    after: tuple[str, UUID] | None = None,
    limit: int = 50,
) -> list[StockRow]:
    """Give products by name with what is at a warehouse, from the key (name, id) ``after``."""
    products = stocked_products(session, text=text, after=after, limit=limit)
    query = select(Balance).where(
        Balance.location_id == location_id,
        Balance.lot_id == NO_LOT,
        Balance.product_id.in_([product.id for product in products]),
    )
    held = {row.product_id: row for row in session.scalars(query)}
    return [_stock_row(product, held.get(product.id)) for product in products]


def stock_at(session: TenantSession, product: ProductLabel, location_id: UUID) -> StockRow:
    """Give one product at a warehouse."""
    quantity, value = _now(session, product.id, location_id)
    return StockRow(product, quantity, unit_cost(value, quantity), value)


def levels(
    session: TenantSession, establishment_id: UUID, product_ids: Collection[UUID]
) -> Mapping[UUID, StockLevel]:
    """Tell how much of each stocked product is at the warehouse an establishment sells from.

    What keeps no stock is left out, and so is everything where there is no such warehouse.
    """
    query = select(Location).where(
        Location.establishment_id == establishment_id,
        Location.is_default.is_(True),
        Location.archived_at.is_(None),
    )
    warehouse = session.scalars(query).first()
    if warehouse is None:
        return {}
    labels = product_labels(session, product_ids)
    held = stock_of(session, product_ids, warehouse.id)
    blocks = warehouse.negative == "block"
    return {
        key: StockLevel(key, held[key], blocks)
        for key in product_ids
        if key in labels and labels[key].stocked
    }


def low_stock(
    session: TenantSession, location_id: UUID, *, at_most: Decimal = ZERO, limit: int = 50
) -> list[StockRow]:
    """Give products that were once at a warehouse and of which ``at_most`` is left, least first."""
    query = (
        select(Balance)
        .where(Balance.location_id == location_id, Balance.quantity <= at_most)
        .order_by(Balance.quantity, Balance.product_id)
        .limit(limit)
    )
    held = {row.product_id: row for row in session.scalars(query)}
    labels = product_labels(session, held)
    return [_stock_row(labels[key], row) for key, row in held.items()]


def valuation(session: TenantSession) -> Mapping[UUID, Decimal]:
    """Tell what the stock of every warehouse is worth now."""
    query = select(Balance.location_id, func.sum(Balance.value)).group_by(Balance.location_id)
    return dict(session.execute(query).all())


def kardex(
    session: TenantSession,
    product_id: UUID,
    location_id: UUID,
    *,
    after: CardKey | None = None,
    limit: int = 50,
) -> list[CardRow]:
    """Give a product's card at a warehouse, newest first, as it was recorded.

    A late sale stands where it changed the balance, whatever its date. ``after`` is ``key_of`` the
    last row already seen.
    """
    query = (
        select(Move)
        .where(
            Move.product_id == product_id,
            (Move.from_id == location_id) | (Move.to_id == location_id),
        )
        .order_by(Move.recorded_at.desc(), Move.id.desc())
        .limit(limit)
    )
    if after is None:
        quantity, value = _now(session, product_id, location_id)
    else:
        quantity, value = after.quantity, after.value
        query = query.where(
            (Move.recorded_at < after.recorded_at)
            | ((Move.recorded_at == after.recorded_at) & (Move.id < after.id))
        )
    rows = []
    for move in session.scalars(query):
        row = _card_row(move, location_id, quantity, value)
        rows.append(row)
        quantity, value = _before(row)
    return rows


def key_of(row: CardRow) -> CardKey:
    """Give the key of the page that follows ``row``."""
    return CardKey(row.move.recorded_at, row.move.id, *_before(row))


def effect(move: Move, location_id: UUID) -> tuple[Decimal, Decimal]:
    """Tell what a move changed at one of its ends: quantity and value."""
    if move.to_id == location_id:
        return move.quantity, move.value - move.variance
    return -move.quantity, -move.value


def _now(session: TenantSession, product_id: UUID, location_id: UUID) -> tuple[Decimal, Decimal]:
    query = select(Balance.quantity, Balance.value).where(
        Balance.location_id == location_id,
        Balance.product_id == product_id,
        Balance.lot_id == NO_LOT,
    )
    found = session.execute(query).first()
    return (found[0], found[1]) if found else (ZERO, ZERO)


def _card_row(move: Move, location_id: UUID, quantity: Decimal, value: Decimal) -> CardRow:
    comes = move.to_id == location_id
    return CardRow(
        move=move,
        came=move.quantity if comes else None,
        left=None if comes else move.quantity,
        quantity=quantity,
        value=value,
    )


def _before(row: CardRow) -> tuple[Decimal, Decimal]:
    where = row.move.from_id if row.came is None else row.move.to_id
    quantity, value = effect(row.move, where)
    return row.quantity - quantity, row.value - value


def _stock_row(product: ProductLabel, balance: Balance | None) -> StockRow:
    if balance is None:
        return StockRow(product, ZERO, ZERO, ZERO)
    cost = unit_cost(balance.value, balance.quantity)
    return StockRow(product, balance.quantity, cost, balance.value)

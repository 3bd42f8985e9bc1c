"""Places, immutable moves between them, and balances that are a cache of their sums."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.db import (
    Amount,
    Archivable,
    Posted,
    Quantity,
    UnitCost,
    addon_registry,
    tenant_foreign_key,
)
from core.tenancy import TenantBound

#: Stands for "no lot", because a unique key holds no NULL apart.
NO_LOT: Final = UUID(int=0)


class Base(DeclarativeBase):
    """Root of the tables of inventory."""

    registry = addon_registry()


class Location(TenantBound, Archivable, Base):
    """Where stock is: a warehouse, or one of the outsides it comes from and goes to.

    The sum of a product over all locations is always zero.
    """

    __tablename__ = "inventory_location"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        tenant_foreign_key("establishment_id", "core_establishment"),
        CheckConstraint(
            "kind IN ('warehouse', 'supplier', 'customer', 'loss', 'production', 'transit')",
            name="known_kind",
        ),
        CheckConstraint("negative IN ('block', 'allow')", name="known_policy"),
    )

    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    #: Of a warehouse; the outsides belong to the whole business.
    establishment_id: Mapped[UUID | None]
    #: The warehouse that the establishment's tills sell from.
    is_default: Mapped[bool] = mapped_column(default=False)
    #: What happens when more leaves than there is: refused, or flagged and revalued later.
    negative: Mapped[str] = mapped_column(default="block")


class Move(TenantBound, Posted, Base):
    """So much of a product from one place to another, at a cost; never edited, only reversed."""

    __tablename__ = "inventory_move"
    __table_args__ = (
        tenant_foreign_key("product_id", "catalog_product"),
        tenant_foreign_key("from_id", "inventory_location"),
        tenant_foreign_key("to_id", "inventory_location"),
        tenant_foreign_key("reverses_id", "inventory_move"),
        #: The card of a product, in the order its moves changed the balance.
        Index(None, "tenant_id", "product_id", "recorded_at", "id"),
        Index(None, "tenant_id", "recorded_at", "id"),
        Index(None, "tenant_id", "reference"),
        Index(None, "tenant_id", "reverses_id"),
        Index(None, "tenant_id", "source", "source_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("from_id <> to_id", name="two_ends"),
    )

    product_id: Mapped[UUID]
    from_id: Mapped[UUID]
    to_id: Mapped[UUID]
    lot_id: Mapped[UUID] = mapped_column(default=NO_LOT)
    #: receipt, issue, customer_return, supplier_return, count, transfer, landed_cost.
    kind: Mapped[str]
    #: In the product's unit.
    quantity: Mapped[Quantity]
    #: value / quantity, for people; the value is the truth. Of a receipt, the cost on its paper.
    unit_cost: Mapped[UnitCost]
    #: Two decimals whatever the currency's.
    value: Mapped[Amount]
    #: What goes to the result and not to stock: a correction of what left below zero.
    variance: Mapped[Amount]
    #: Left more than there was, at the last known cost.
    flagged: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str]
    source_id: Mapped[UUID]
    #: The document people know it by.
    reference: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    reverses_id: Mapped[UUID | None]


class Balance(TenantBound, Base):
    """What is at a place now, and what it is worth; locked before it changes.

    Of a warehouse only: the outsides have no balance row, their sums come from the moves.
    """

    __tablename__ = "inventory_balance"
    __table_args__ = (
        UniqueConstraint("tenant_id", "location_id", "lot_id", "product_id"),
        tenant_foreign_key("product_id", "catalog_product"),
        tenant_foreign_key("location_id", "inventory_location"),
        Index(None, "tenant_id", "product_id"),
    )

    product_id: Mapped[UUID]
    location_id: Mapped[UUID]
    lot_id: Mapped[UUID] = mapped_column(default=NO_LOT)
    quantity: Mapped[Quantity]
    value: Mapped[Amount]
    #: What the last unit cost: for counts and for issues beyond the stock.
    last_cost: Mapped[UnitCost]

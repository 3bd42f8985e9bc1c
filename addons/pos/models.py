"""Tills, drawer sessions, sales and what belongs to them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.db import (
    Amount,
    Archivable,
    JsonDocument,
    Posted,
    Quantity,
    Rate,
    UnitPrice,
    Versioned,
    addon_registry,
    many_to_one,
    tenant_foreign_key,
)
from core.tenancy import TenantBound


class Base(DeclarativeBase):
    """Root of the tables of the point of sale."""

    registry = addon_registry()


class Till(TenantBound, Archivable, Versioned, Base):
    """One cash desk of an establishment."""

    __tablename__ = "pos_till"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        Index(None, "tenant_id", "name", "id"),
        Index(None, "tenant_id", "code", "id"),
        tenant_foreign_key("establishment_id", "core_establishment"),
    )

    establishment_id: Mapped[UUID]
    #: Short and printed: C1.
    code: Mapped[str]
    name: Mapped[str]
    #: Prefix of its internal receipts, where no legal range numbers its sales.
    prefix: Mapped[str] = mapped_column(default="")
    left_handed: Mapped[bool] = mapped_column(default=False)


class Counter(TenantBound, Base):
    """The next internal receipt number of a till; shares the till's ``id``."""

    __tablename__ = "pos_counter"
    __table_args__ = (tenant_foreign_key("id", "pos_till"),)

    next_number: Mapped[int] = mapped_column(default=1)


class PaymentMethod(TenantBound, Archivable, Versioned, Base):
    """A way to pay: cash, a card, a transfer."""

    __tablename__ = "pos_payment_method"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        Index(None, "tenant_id", "position", "id"),
        CheckConstraint("kind IN ('cash', 'card', 'transfer')", name="known_kind"),
    )

    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    #: DIAN payment means code: 10 cash, 48 credit card, 49 debit card, 47 transfer.
    means: Mapped[str]
    #: Whether the till asks for an approval or reference number.
    asks_reference: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)


class DrawerSession(TenantBound, Base):
    """From the moment a drawer is opened with its float until it is counted and closed."""

    __tablename__ = "pos_session"
    __table_args__ = (
        tenant_foreign_key("till_id", "pos_till"),
        tenant_foreign_key("establishment_id", "core_establishment"),
        Index(None, "tenant_id", "till_id", "opened_at"),
        Index(None, "tenant_id", "opened_at", "id"),
        UniqueConstraint("tenant_id", "open_till_id"),
        CheckConstraint("state IN ('open', 'closed')", name="known_state"),
    )

    till_id: Mapped[UUID]
    establishment_id: Mapped[UUID]
    #: Equals ``till_id`` while open and is empty afterwards: one open session per till.
    open_till_id: Mapped[UUID | None] = mapped_column(default=None)
    opened_by: Mapped[UUID]
    opened_by_name: Mapped[str]
    opened_at: Mapped[datetime]
    #: Cash that was in the drawer when it was opened.
    float_amount: Mapped[Amount]
    state: Mapped[str] = mapped_column(default="open")
    closed_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    #: Cash that should be there, that was counted, and counted − expected.
    expected: Mapped[Amount | None]
    counted: Mapped[Amount | None]
    difference: Mapped[Amount | None]
    #: Coins and notes as counted: [{"denomination", "count"}].
    count_detail: Mapped[JsonDocument | None]
    note: Mapped[str] = mapped_column(default="")
    #: The node that opened it; empty is this server.
    source_node: Mapped[str] = mapped_column(default="")


class Sale(TenantBound, Posted, Base):
    """A sale that was made and paid. Its ``id`` was minted when the ticket was opened."""

    __tablename__ = "pos_sale"
    __table_args__ = (
        UniqueConstraint("tenant_id", "prefix", "number"),
        tenant_foreign_key("till_id", "pos_till"),
        tenant_foreign_key("session_id", "pos_session"),
        tenant_foreign_key("establishment_id", "core_establishment"),
        tenant_foreign_key("customer_id", "contacts_partner"),
        Index(None, "tenant_id", "session_id"),
        Index(None, "tenant_id", "occurred_at", "id"),
        #: People remember the number of a ticket, not its prefix.
        Index(None, "tenant_id", "number"),
        CheckConstraint("origin IN ('live', 'printed')", name="known_origin"),
        CheckConstraint("document_mode IN ('normal', 'contingency')", name="known_mode"),
    )

    establishment_id: Mapped[UUID]
    till_id: Mapped[UUID]
    session_id: Mapped[UUID]
    customer_id: Mapped[UUID | None]
    cashier_name: Mapped[str]
    prefix: Mapped[str]
    number: Mapped[int]
    origin: Mapped[str]
    document_mode: Mapped[str]
    #: When the number was taken: what the paper says.
    issued_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    currency: Mapped[str]
    rate: Mapped[Rate]
    subtotal: Mapped[Amount]
    taxes_total: Mapped[Amount]
    total: Mapped[Amount]
    functional_total: Mapped[Amount]
    change: Mapped[Amount]
    #: The node that made it; empty is this server.
    source_node: Mapped[str] = mapped_column(default="")


class SaleLine(TenantBound, Base):
    """One line of a sale, with the amounts as computed then."""

    __tablename__ = "pos_sale_line"
    __table_args__ = (
        tenant_foreign_key("sale_id", "pos_sale"),
        tenant_foreign_key("product_id", "catalog_product"),
        Index(None, "tenant_id", "sale_id", "position"),
        Index(None, "tenant_id", "product_id"),
        {"info": {"insert_only": True}},
    )

    sale_id: Mapped[UUID]
    position: Mapped[int]
    product_id: Mapped[UUID]
    description: Mapped[str]
    unit: Mapped[str]
    tax_class: Mapped[str]
    quantity: Mapped[Quantity]
    unit_price: Mapped[UnitPrice]
    gross: Mapped[Amount]
    discount: Mapped[Amount]
    base: Mapped[Amount]
    #: [{"code", "treatment", "kind", "rate", "base", "amount"}], decimals as strings.
    taxes: Mapped[JsonDocument]
    total: Mapped[Amount]

    sale: Mapped[Sale] = many_to_one(lambda: SaleLine.sale_id, lambda: Sale)


class SaleTax(TenantBound, Base):
    """All lines of a sale under one tax and rate: what the tax reports sum."""

    __tablename__ = "pos_sale_tax"
    __table_args__ = (
        tenant_foreign_key("sale_id", "pos_sale"),
        Index(None, "tenant_id", "sale_id"),
        {"info": {"insert_only": True}},
    )

    sale_id: Mapped[UUID]
    code: Mapped[str]
    treatment: Mapped[str]
    kind: Mapped[str]
    rate: Mapped[Rate]
    base: Mapped[Amount]
    amount: Mapped[Amount]


class Payment(TenantBound, Base):
    """One payment of a sale; the sum of amounts is the sale's total."""

    __tablename__ = "pos_payment"
    __table_args__ = (
        tenant_foreign_key("sale_id", "pos_sale"),
        Index(None, "tenant_id", "sale_id"),
        Index(None, "tenant_id", "session_id", "method"),
        CheckConstraint("amount > 0", name="amount_positive"),
        {"info": {"insert_only": True}},
    )

    sale_id: Mapped[UUID]
    #: Copied from the sale: a drawer's closing sums by method without reading its sales.
    session_id: Mapped[UUID]
    method: Mapped[str]
    kind: Mapped[str]
    amount: Mapped[Amount]
    #: What was handed over; the rest came back as change.
    tendered: Mapped[Amount]
    reference: Mapped[str] = mapped_column(default="")


class CashMovement(TenantBound, Posted, Base):
    """Cash put into or taken out of a drawer, with its reason."""

    __tablename__ = "pos_cash_movement"
    __table_args__ = (
        tenant_foreign_key("session_id", "pos_session"),
        Index(None, "tenant_id", "session_id"),
        CheckConstraint("kind IN ('in', 'out')", name="known_kind"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    session_id: Mapped[UUID]
    kind: Mapped[str]
    amount: Mapped[Amount]
    reason: Mapped[str]


class Discrepancy(TenantBound, Base):
    """A rule that a printed sale broke: a person resolves it; the sale stands."""

    __tablename__ = "pos_discrepancy"
    __table_args__ = (
        tenant_foreign_key("sale_id", "pos_sale"),
        Index(None, "tenant_id", "resolved_at", "found_at"),
    )

    sale_id: Mapped[UUID]
    code: Mapped[str]
    text: Mapped[str]
    found_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[UUID | None]
    resolution: Mapped[str] = mapped_column(default="")

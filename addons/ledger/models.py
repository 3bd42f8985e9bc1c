"""Balanced lines by account role, from the first sale on; accounting maps roles to accounts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.db import Amount, Posted, Rate, addon_registry, many_to_one, tenant_foreign_key
from core.tenancy import TenantBound


class Base(DeclarativeBase):
    """Root of the tables of the ledger."""

    registry = addon_registry()


class Entry(TenantBound, Posted, Base):
    """One balanced entry; posted once, reversed by another that names it."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        #: What happened is posted once: ``source`` says what (pos.sale), ``source_id`` which.
        UniqueConstraint("tenant_id", "source", "source_id"),
        tenant_foreign_key("establishment_id", "core_establishment"),
        tenant_foreign_key("reverses_id", "ledger_entry"),
        Index(None, "tenant_id", "business_date", "id"),
        Index(None, "tenant_id", "reference", "id"),
    )

    establishment_id: Mapped[UUID]
    source: Mapped[str]
    source_id: Mapped[UUID]
    #: The document people know it by, e.g. POSE1096.
    reference: Mapped[str]
    reverses_id: Mapped[UUID | None]
    currency: Mapped[str] = mapped_column(default="COP")
    #: Functional currency for one unit of ``currency``.
    rate: Mapped[Rate]


class Line(TenantBound, Base):
    """One side of an entry. Debit and credit are in the document's currency; one of them is 0."""

    __tablename__ = "ledger_line"
    __table_args__ = (
        tenant_foreign_key("entry_id", "ledger_entry"),
        Index(None, "tenant_id", "entry_id"),
        Index(None, "tenant_id", "role", "business_date"),
        CheckConstraint("debit >= 0 AND credit >= 0", name="not_negative"),
        CheckConstraint("debit = 0 OR credit = 0", name="one_side"),
        {"info": {"insert_only": True}},
    )

    entry_id: Mapped[UUID]
    position: Mapped[int]
    #: What the line stands for: income, tax, cost, inventory, cash, receivable, rounding…
    role: Mapped[str]
    #: Narrows the role: the tax class of an income, the method of a payment.
    detail: Mapped[str] = mapped_column(default="")
    #: Copied from the entry, so that a balance by role and day reads one index.
    business_date: Mapped[date]
    debit: Mapped[Amount]
    credit: Mapped[Amount]
    functional_debit: Mapped[Amount]
    functional_credit: Mapped[Amount]

    entry: Mapped[Entry] = many_to_one(lambda: Line.entry_id, lambda: Entry)

"""What falls due, and what was sent about it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.db import Amount, Archivable, Versioned, addon_registry
from core.tenancy import TenantBound


class Base(DeclarativeBase):
    """Root of the tables of reminders."""

    registry = addon_registry()


class Reminder(TenantBound, Archivable, Versioned, Base):
    """A document or a payment that falls due on a day."""

    __tablename__ = "reminders_reminder"
    __table_args__ = (
        #: The orders of the list; the task reads by the day too.
        Index(None, "tenant_id", "due_on", "id"),
        Index(None, "tenant_id", "title", "id"),
        Index(None, "tenant_id", "kind"),
        CheckConstraint("kind IN ('document', 'payment')", name="known_kind"),
        CheckConstraint("days_before BETWEEN 0 AND 90", name="days_fit"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
    )

    kind: Mapped[str]
    title: Mapped[str]
    due_on: Mapped[date]
    #: How many days before it to remind.
    days_before: Mapped[int] = mapped_column(default=3)
    #: Of a payment, in pesos; zero where nobody said.
    amount: Mapped[Amount]
    #: Who is reminded by mail; empty for nobody.
    email: Mapped[str] = mapped_column(default="")
    #: The day of ``due_on`` that was announced already: another day is announced again.
    announced_for: Mapped[date | None]


class Sent(TenantBound, Base):
    """That an announcement went out on a channel: it is not sent there again."""

    __tablename__ = "reminders_sent"
    __table_args__ = (UniqueConstraint("tenant_id", "event_id", "channel"),)

    event_id: Mapped[UUID]
    #: mail or webhook.
    channel: Mapped[str]
    sent_at: Mapped[datetime]

"""The outbox and the inbox of a business, and the platform's list of who has work waiting."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base
from core.db.types import JsonDocument
from core.ids import uuid7
from core.tenancy.models import OwnedByTenant, TenantBound

OUTBOX_STATES: Final = ("pending", "done", "parked", "dead")
INBOX_STATES: Final = ("waiting", "done", "parked", "dead")


class Outbox(TenantBound, Base):
    """An event that happened, written in the transaction that made it happen."""

    __tablename__ = "core_outbox"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'done', 'parked', 'dead')", name="known_state"),
        Index(None, "tenant_id", "state", "recorded_at"),
    )

    #: With its version: ``pos.sale.completed.v1``.
    name: Mapped[str]
    queue: Mapped[str]
    payload: Mapped[JsonDocument]
    recorded_at: Mapped[datetime]
    #: "parked" waits for an addon to be enabled again; "dead" waits for a person.
    state: Mapped[str] = mapped_column(default="pending")
    #: How often a worker looked at it, in any queue.
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]


class Inbox(TenantBound, Base):
    """How far one consumer is with one event, so that an event delivered twice counts once.

    A consumer that succeeds at once leaves one row, "done". "waiting" is tried again at ``due_at``.
    """

    __tablename__ = "core_inbox"
    __table_args__ = (
        UniqueConstraint("tenant_id", "event_id", "consumer"),
        CheckConstraint("state IN ('waiting', 'done', 'parked', 'dead')", name="known_state"),
        Index(None, "tenant_id", "state", "consumer"),
    )

    event_id: Mapped[UUID]
    #: ``<addon>.<consumer>``.
    consumer: Mapped[str]
    state: Mapped[str] = mapped_column(default="done")
    #: Failures so far; a consumer that asked to be called later did not fail.
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class Wakeup(OwnedByTenant, Base):
    """Says that a business has work waiting in a queue; its ``id`` is the outbox row's.

    A platform table: workers claim rows across businesses, and see no business data here. Deleted
    in the transaction that finishes the work. An event waits in each queue on its own.
    """

    __tablename__ = "core_wakeup"
    __table_args__ = (Index(None, "queue", "tenant_id", "due_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    queue: Mapped[str] = mapped_column(primary_key=True)
    #: While a worker holds it, the end of its lease: nobody else looks before.
    due_at: Mapped[datetime]
    #: A worker that dies is replaced when its lease ends.
    lease_until: Mapped[datetime | None]


class ScheduleLease(OwnedByTenant, Base):
    """Which worker runs a schedule of a business, and when it is due again. A platform table."""

    __tablename__ = "core_schedule"
    # The name first: a key that starts with tenant_id would be a business's table.
    __table_args__ = (PrimaryKeyConstraint("name", "tenant_id"), Index(None, "due_at"))

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("core_tenant.id", ondelete="CASCADE"), primary_key=True
    )
    #: ``<addon>.<schedule>``.
    name: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None]

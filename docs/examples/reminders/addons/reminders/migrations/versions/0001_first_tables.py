"""First tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db.types import Instant, Scaled, Whole

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run by the owner of the tables; adds, never takes away."""
    op.create_table(
        "reminders_reminder",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("days_before", Whole, nullable=False),
        sa.Column("amount", Scaled(4), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("announced_for", sa.Date(), nullable=True),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.Column("version", Whole, nullable=False),
        sa.CheckConstraint(
            "kind IN ('document', 'payment')", name=op.f("ck_reminders_reminder_known_kind")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_reminders_reminder_amount_not_negative")),
        sa.CheckConstraint(
            "days_before BETWEEN 0 AND 90", name=op.f("ck_reminders_reminder_days_fit")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_reminders_reminder_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_reminders_reminder")),
    )
    op.create_index(
        op.f("ix_reminders_reminder_tenant_id_due_on_id"),
        "reminders_reminder",
        ["tenant_id", "due_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_reminders_reminder_tenant_id_kind"),
        "reminders_reminder",
        ["tenant_id", "kind"],
        unique=False,
    )
    op.create_index(
        op.f("ix_reminders_reminder_tenant_id_title_id"),
        "reminders_reminder",
        ["tenant_id", "title", "id"],
        unique=False,
    )
    op.create_table(
        "reminders_sent",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("sent_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_reminders_sent_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_reminders_sent")),
        sa.UniqueConstraint(
            "tenant_id",
            "event_id",
            "channel",
            name=op.f("uq_reminders_sent_tenant_id_event_id_channel"),
        ),
    )

"""first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db.types import Instant, Scaled, Whole

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run by the owner of the tables; adds, never takes away."""
    op.create_table(
        "ledger_entry",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("rate", Scaled(8), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("occurred_at", Instant(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "establishment_id"],
            ["core_establishment.tenant_id", "core_establishment.id"],
            name=op.f("fk_ledger_entry_tenant_id_establishment_id_core_establishment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reverses_id"],
            ["ledger_entry.tenant_id", "ledger_entry.id"],
            name=op.f("fk_ledger_entry_tenant_id_reverses_id_ledger_entry"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_ledger_entry_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint(
            "tenant_id",
            "source",
            "source_id",
            name=op.f("uq_ledger_entry_tenant_id_source_source_id"),
        ),
    )
    op.create_index(
        op.f("ix_ledger_entry_tenant_id_business_date_id"),
        "ledger_entry",
        ["tenant_id", "business_date", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_ledger_entry_tenant_id_reference_id"),
        "ledger_entry",
        ["tenant_id", "reference", "id"],
        unique=False,
    )
    op.create_table(
        "ledger_line",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("position", Whole, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("debit", Scaled(4), nullable=False),
        sa.Column("credit", Scaled(4), nullable=False),
        sa.Column("functional_debit", Scaled(4), nullable=False),
        sa.Column("functional_credit", Scaled(4), nullable=False),
        sa.CheckConstraint("debit = 0 OR credit = 0", name=op.f("ck_ledger_line_one_side")),
        sa.CheckConstraint("debit >= 0 AND credit >= 0", name=op.f("ck_ledger_line_not_negative")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["ledger_entry.tenant_id", "ledger_entry.id"],
            name=op.f("fk_ledger_line_tenant_id_entry_id_ledger_entry"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_ledger_line_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_ledger_line")),
    )
    op.create_index(
        op.f("ix_ledger_line_tenant_id_entry_id"),
        "ledger_line",
        ["tenant_id", "entry_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_ledger_line_tenant_id_role_business_date"),
        "ledger_line",
        ["tenant_id", "role", "business_date"],
        unique=False,
    )

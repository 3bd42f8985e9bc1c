"""first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db.types import Whole

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run by the owner of the tables; adds, never takes away."""
    op.create_table(
        "taxes_profile",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("responsibilities", sa.Text(), nullable=False),
        sa.Column("version", Whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_taxes_profile_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_taxes_profile")),
        sa.UniqueConstraint(
            "tenant_id", "valid_from", name=op.f("uq_taxes_profile_tenant_id_valid_from")
        ),
    )
    op.create_index(
        op.f("ix_taxes_profile_tenant_id_valid_from_id"),
        "taxes_profile",
        ["tenant_id", "valid_from", "id"],
        unique=False,
    )

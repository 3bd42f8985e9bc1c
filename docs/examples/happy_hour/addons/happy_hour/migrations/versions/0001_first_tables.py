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
        "happy_hour_discount",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("gross", Scaled(4), nullable=False),
        sa.Column("discount", Scaled(4), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("occurred_at", Instant(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('happy_hour', 'closed', 'too_much')",
            name=op.f("ck_happy_hour_discount_known_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "establishment_id"],
            ["core_establishment.tenant_id", "core_establishment.id"],
            name=op.f("fk_happy_hour_discount_tenant_id_establishment_id_core_establishment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "product_id"],
            ["catalog_product.tenant_id", "catalog_product.id"],
            name=op.f("fk_happy_hour_discount_tenant_id_product_id_catalog_product"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_happy_hour_discount_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_happy_hour_discount")),
        sa.UniqueConstraint(
            "tenant_id", "line_id", name=op.f("uq_happy_hour_discount_tenant_id_line_id")
        ),
    )
    op.create_index(
        op.f("ix_happy_hour_discount_tenant_id_business_date"),
        "happy_hour_discount",
        ["tenant_id", "business_date"],
        unique=False,
    )
    op.create_index(
        op.f("ix_happy_hour_discount_tenant_id_occurred_at_id"),
        "happy_hour_discount",
        ["tenant_id", "occurred_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_happy_hour_discount_tenant_id_reason"),
        "happy_hour_discount",
        ["tenant_id", "reason"],
        unique=False,
    )

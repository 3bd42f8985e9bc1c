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
        "inventory_location",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("establishment_id", sa.Uuid(), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("negative", sa.Text(), nullable=False),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('warehouse', 'supplier', 'customer', 'loss', 'production', 'transit')",
            name=op.f("ck_inventory_location_known_kind"),
        ),
        sa.CheckConstraint(
            "negative IN ('block', 'allow')", name=op.f("ck_inventory_location_known_policy")
        ),
        sa.CheckConstraint(
            "is_default IN (false, true)", name=op.f("ck_inventory_location_is_default_is_boolean")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "establishment_id"],
            ["core_establishment.tenant_id", "core_establishment.id"],
            name=op.f("fk_inventory_location_tenant_id_establishment_id_core_establishment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_inventory_location_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_inventory_location")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_inventory_location_tenant_id_code")),
    )
    op.create_table(
        "inventory_balance",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", Scaled(6), nullable=False),
        sa.Column("value", Scaled(4), nullable=False),
        sa.Column("last_cost", Scaled(6), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id"],
            ["inventory_location.tenant_id", "inventory_location.id"],
            name=op.f("fk_inventory_balance_tenant_id_location_id_inventory_location"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "product_id"],
            ["catalog_product.tenant_id", "catalog_product.id"],
            name=op.f("fk_inventory_balance_tenant_id_product_id_catalog_product"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_inventory_balance_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_inventory_balance")),
        sa.UniqueConstraint(
            "tenant_id",
            "location_id",
            "lot_id",
            "product_id",
            name=op.f("uq_inventory_balance_tenant_id_location_id_lot_id_product_id"),
        ),
    )
    op.create_index(
        op.f("ix_inventory_balance_tenant_id_product_id"),
        "inventory_balance",
        ["tenant_id", "product_id"],
        unique=False,
    )
    op.create_table(
        "inventory_move",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quantity", Scaled(6), nullable=False),
        sa.Column("unit_cost", Scaled(6), nullable=False),
        sa.Column("value", Scaled(4), nullable=False),
        sa.Column("variance", Scaled(4), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("occurred_at", Instant(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "flagged IN (false, true)", name=op.f("ck_inventory_move_flagged_is_boolean")
        ),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_inventory_move_two_ends")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_inventory_move_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "from_id"],
            ["inventory_location.tenant_id", "inventory_location.id"],
            name=op.f("fk_inventory_move_tenant_id_from_id_inventory_location"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "product_id"],
            ["catalog_product.tenant_id", "catalog_product.id"],
            name=op.f("fk_inventory_move_tenant_id_product_id_catalog_product"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reverses_id"],
            ["inventory_move.tenant_id", "inventory_move.id"],
            name=op.f("fk_inventory_move_tenant_id_reverses_id_inventory_move"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "to_id"],
            ["inventory_location.tenant_id", "inventory_location.id"],
            name=op.f("fk_inventory_move_tenant_id_to_id_inventory_location"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_inventory_move_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_inventory_move")),
    )
    op.create_index(
        op.f("ix_inventory_move_tenant_id_product_id_recorded_at_id"),
        "inventory_move",
        ["tenant_id", "product_id", "recorded_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_inventory_move_tenant_id_recorded_at_id"),
        "inventory_move",
        ["tenant_id", "recorded_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_inventory_move_tenant_id_reference"),
        "inventory_move",
        ["tenant_id", "reference"],
        unique=False,
    )
    op.create_index(
        op.f("ix_inventory_move_tenant_id_reverses_id"),
        "inventory_move",
        ["tenant_id", "reverses_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_inventory_move_tenant_id_source_source_id"),
        "inventory_move",
        ["tenant_id", "source", "source_id"],
        unique=False,
    )

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
        "catalog_category",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("icon", sa.Text(), nullable=False),
        sa.Column("position", Whole, nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("costing", sa.Text(), nullable=False),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.Column("version", Whole, nullable=False),
        sa.CheckConstraint(
            "costing IN ('average', 'fifo', 'standard', 'specific')",
            name=op.f("ck_catalog_category_known_costing"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["catalog_category.tenant_id", "catalog_category.id"],
            name=op.f("fk_catalog_category_tenant_id_parent_id_catalog_category"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_catalog_category_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_catalog_category")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_catalog_category_tenant_id_name")),
    )
    op.create_index(
        op.f("ix_catalog_category_tenant_id_name_id"),
        "catalog_category",
        ["tenant_id", "name", "id"],
        unique=False,
    )
    op.create_table(
        "catalog_unit",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("decimals", Whole, nullable=False),
        sa.Column("unece", sa.Text(), nullable=False),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.Column("version", Whole, nullable=False),
        sa.CheckConstraint("decimals BETWEEN 0 AND 6", name=op.f("ck_catalog_unit_decimals_fit")),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_catalog_unit_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_catalog_unit")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_catalog_unit_tenant_id_code")),
    )
    op.create_index(
        op.f("ix_catalog_unit_tenant_id_code_id"),
        "catalog_unit",
        ["tenant_id", "code", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_catalog_unit_tenant_id_name_id"),
        "catalog_unit",
        ["tenant_id", "name", "id"],
        unique=False,
    )
    op.create_table(
        "catalog_product",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("price", Scaled(6), nullable=False),
        sa.Column("price_includes_tax", sa.Boolean(), nullable=False),
        sa.Column("tax_class", sa.Text(), nullable=False),
        sa.Column("weighable", sa.Boolean(), nullable=False),
        sa.Column("plu", sa.Text(), nullable=True),
        sa.Column("stocked", sa.Boolean(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.Column("version", Whole, nullable=False),
        sa.CheckConstraint("price >= 0", name=op.f("ck_catalog_product_price_not_negative")),
        sa.CheckConstraint(
            "price_includes_tax IN (false, true)",
            name=op.f("ck_catalog_product_price_includes_tax_is_boolean"),
        ),
        sa.CheckConstraint(
            "stocked IN (false, true)", name=op.f("ck_catalog_product_stocked_is_boolean")
        ),
        sa.CheckConstraint(
            "weighable IN (false, true)", name=op.f("ck_catalog_product_weighable_is_boolean")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "category_id"],
            ["catalog_category.tenant_id", "catalog_category.id"],
            name=op.f("fk_catalog_product_tenant_id_category_id_catalog_category"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["catalog_unit.tenant_id", "catalog_unit.id"],
            name=op.f("fk_catalog_product_tenant_id_unit_id_catalog_unit"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_catalog_product_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_catalog_product")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_catalog_product_tenant_id_code")),
        sa.UniqueConstraint("tenant_id", "plu", name=op.f("uq_catalog_product_tenant_id_plu")),
    )
    op.create_index(
        op.f("ix_catalog_product_tenant_id_category_id"),
        "catalog_product",
        ["tenant_id", "category_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_catalog_product_tenant_id_code_id"),
        "catalog_product",
        ["tenant_id", "code", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_catalog_product_tenant_id_name_id"),
        "catalog_product",
        ["tenant_id", "name", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_catalog_product_tenant_id_price_id"),
        "catalog_product",
        ["tenant_id", "price", "id"],
        unique=False,
    )
    op.create_table(
        "catalog_barcode",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("quantity", Scaled(6), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "product_id"],
            ["catalog_product.tenant_id", "catalog_product.id"],
            name=op.f("fk_catalog_barcode_tenant_id_product_id_catalog_product"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_catalog_barcode_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_catalog_barcode")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_catalog_barcode_tenant_id_code")),
    )
    op.create_index(
        op.f("ix_catalog_barcode_tenant_id_product_id"),
        "catalog_barcode",
        ["tenant_id", "product_id"],
        unique=False,
    )

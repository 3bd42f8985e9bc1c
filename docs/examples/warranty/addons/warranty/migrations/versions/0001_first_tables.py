"""First tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db.types import Instant, Whole

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run by the owner of the tables; adds, never takes away."""
    op.create_table(
        "warranty_partner",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("preferred", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["contacts_partner.tenant_id", "contacts_partner.id"],
            name=op.f("fk_warranty_partner_tenant_id_id_contacts_partner"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_warranty_partner_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_warranty_partner")),
    )
    op.create_table(
        "warranty_warranty",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("product_code", sa.Text(), nullable=False),
        sa.Column("identification", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("months", Whole, nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.Column("version", Whole, nullable=False),
        sa.CheckConstraint(
            "state IN ('in_force', 'claimed', 'closed')",
            name=op.f("ck_warranty_warranty_known_state"),
        ),
        sa.CheckConstraint(
            "months BETWEEN 1 AND 240", name=op.f("ck_warranty_warranty_months_fit")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["contacts_partner.tenant_id", "contacts_partner.id"],
            name=op.f("fk_warranty_warranty_tenant_id_partner_id_contacts_partner"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "product_id"],
            ["catalog_product.tenant_id", "catalog_product.id"],
            name=op.f("fk_warranty_warranty_tenant_id_product_id_catalog_product"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_warranty_warranty_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_warranty_warranty")),
        sa.UniqueConstraint(
            "tenant_id", "number", name=op.f("uq_warranty_warranty_tenant_id_number")
        ),
    )
    op.create_index(
        op.f("ix_warranty_warranty_tenant_id_ends_on_id"),
        "warranty_warranty",
        ["tenant_id", "ends_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_warranty_warranty_tenant_id_number_id"),
        "warranty_warranty",
        ["tenant_id", "number", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_warranty_warranty_tenant_id_partner_id"),
        "warranty_warranty",
        ["tenant_id", "partner_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_warranty_warranty_tenant_id_state"),
        "warranty_warranty",
        ["tenant_id", "state"],
        unique=False,
    )

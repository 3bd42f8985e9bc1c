"""first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db.types import Instant, Whole

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run by the owner of the tables; adds, never takes away."""
    op.create_table(
        "contacts_partner",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("identification_type", sa.Text(), nullable=False),
        sa.Column("identification", sa.Text(), nullable=False),
        sa.Column("check_digit", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("trade_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("responsibilities", sa.Text(), nullable=False),
        sa.Column("regime", sa.Text(), nullable=False),
        sa.Column("is_customer", sa.Boolean(), nullable=False),
        sa.Column("is_supplier", sa.Boolean(), nullable=False),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.Column("version", Whole, nullable=False),
        sa.CheckConstraint(
            "kind IN ('person', 'company')", name=op.f("ck_contacts_partner_known_kind")
        ),
        sa.CheckConstraint(
            "is_customer IN (false, true)", name=op.f("ck_contacts_partner_is_customer_is_boolean")
        ),
        sa.CheckConstraint(
            "is_supplier IN (false, true)", name=op.f("ck_contacts_partner_is_supplier_is_boolean")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_contacts_partner_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contacts_partner")),
        sa.UniqueConstraint(
            "tenant_id",
            "identification_type",
            "identification",
            name=op.f("uq_contacts_partner_tenant_id_identification_type_identification"),
        ),
    )
    op.create_index(
        op.f("ix_contacts_partner_tenant_id_identification_id"),
        "contacts_partner",
        ["tenant_id", "identification", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_contacts_partner_tenant_id_name_id"),
        "contacts_partner",
        ["tenant_id", "name", "id"],
        unique=False,
    )
    op.create_table(
        "contacts_address",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("position", Whole, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["contacts_partner.tenant_id", "contacts_partner.id"],
            name=op.f("fk_contacts_address_tenant_id_partner_id_contacts_partner"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_contacts_address_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contacts_address")),
    )
    op.create_index(
        op.f("ix_contacts_address_tenant_id_partner_id"),
        "contacts_address",
        ["tenant_id", "partner_id"],
        unique=False,
    )

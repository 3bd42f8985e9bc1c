"""first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db.types import Instant, Json, Scaled, Whole

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run by the owner of the tables; adds, never takes away."""
    op.create_table(
        "pos_payment_method",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("means", sa.Text(), nullable=False),
        sa.Column("asks_reference", sa.Boolean(), nullable=False),
        sa.Column("position", Whole, nullable=False),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.Column("version", Whole, nullable=False),
        sa.CheckConstraint(
            "kind IN ('cash', 'card', 'transfer')", name=op.f("ck_pos_payment_method_known_kind")
        ),
        sa.CheckConstraint(
            "asks_reference IN (false, true)",
            name=op.f("ck_pos_payment_method_asks_reference_is_boolean"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_pos_payment_method_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pos_payment_method")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_pos_payment_method_tenant_id_code")),
    )
    op.create_index(
        op.f("ix_pos_payment_method_tenant_id_position_id"),
        "pos_payment_method",
        ["tenant_id", "position", "id"],
        unique=False,
    )
    op.create_table(
        "pos_till",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("left_handed", sa.Boolean(), nullable=False),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.Column("version", Whole, nullable=False),
        sa.CheckConstraint(
            "left_handed IN (false, true)", name=op.f("ck_pos_till_left_handed_is_boolean")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "establishment_id"],
            ["core_establishment.tenant_id", "core_establishment.id"],
            name=op.f("fk_pos_till_tenant_id_establishment_id_core_establishment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_pos_till_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pos_till")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_pos_till_tenant_id_code")),
    )
    op.create_index(
        op.f("ix_pos_till_tenant_id_code_id"), "pos_till", ["tenant_id", "code", "id"], unique=False
    )
    op.create_index(
        op.f("ix_pos_till_tenant_id_name_id"), "pos_till", ["tenant_id", "name", "id"], unique=False
    )
    op.create_table(
        "pos_counter",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("next_number", Whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["pos_till.tenant_id", "pos_till.id"],
            name=op.f("fk_pos_counter_tenant_id_id_pos_till"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_pos_counter_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pos_counter")),
    )
    op.create_table(
        "pos_session",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("till_id", sa.Uuid(), nullable=False),
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("open_till_id", sa.Uuid(), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_by_name", sa.Text(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("float_amount", Scaled(4), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("expected", Scaled(4), nullable=True),
        sa.Column("counted", Scaled(4), nullable=True),
        sa.Column("difference", Scaled(4), nullable=True),
        sa.Column("count_detail", Json(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source_node", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_pos_session_known_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "establishment_id"],
            ["core_establishment.tenant_id", "core_establishment.id"],
            name=op.f("fk_pos_session_tenant_id_establishment_id_core_establishment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "till_id"],
            ["pos_till.tenant_id", "pos_till.id"],
            name=op.f("fk_pos_session_tenant_id_till_id_pos_till"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_pos_session_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pos_session")),
        sa.UniqueConstraint(
            "tenant_id", "open_till_id", name=op.f("uq_pos_session_tenant_id_open_till_id")
        ),
    )
    op.create_index(
        op.f("ix_pos_session_tenant_id_opened_at_id"),
        "pos_session",
        ["tenant_id", "opened_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_pos_session_tenant_id_till_id_opened_at"),
        "pos_session",
        ["tenant_id", "till_id", "opened_at"],
        unique=False,
    )
    op.create_table(
        "pos_cash_movement",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", Scaled(4), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("occurred_at", Instant(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('in', 'out')", name=op.f("ck_pos_cash_movement_known_kind")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_pos_cash_movement_amount_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["pos_session.tenant_id", "pos_session.id"],
            name=op.f("fk_pos_cash_movement_tenant_id_session_id_pos_session"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_pos_cash_movement_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pos_cash_movement")),
    )
    op.create_index(
        op.f("ix_pos_cash_movement_tenant_id_session_id"),
        "pos_cash_movement",
        ["tenant_id", "session_id"],
        unique=False,
    )
    op.create_table(
        "pos_sale",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("till_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("cashier_name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("number", Whole, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("document_mode", sa.Text(), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("rate", Scaled(8), nullable=False),
        sa.Column("subtotal", Scaled(4), nullable=False),
        sa.Column("taxes_total", Scaled(4), nullable=False),
        sa.Column("total", Scaled(4), nullable=False),
        sa.Column("functional_total", Scaled(4), nullable=False),
        sa.Column("change", Scaled(4), nullable=False),
        sa.Column("source_node", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("occurred_at", Instant(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "document_mode IN ('normal', 'contingency')", name=op.f("ck_pos_sale_known_mode")
        ),
        sa.CheckConstraint("origin IN ('live', 'printed')", name=op.f("ck_pos_sale_known_origin")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["contacts_partner.tenant_id", "contacts_partner.id"],
            name=op.f("fk_pos_sale_tenant_id_customer_id_contacts_partner"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "establishment_id"],
            ["core_establishment.tenant_id", "core_establishment.id"],
            name=op.f("fk_pos_sale_tenant_id_establishment_id_core_establishment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["pos_session.tenant_id", "pos_session.id"],
            name=op.f("fk_pos_sale_tenant_id_session_id_pos_session"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "till_id"],
            ["pos_till.tenant_id", "pos_till.id"],
            name=op.f("fk_pos_sale_tenant_id_till_id_pos_till"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_pos_sale_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pos_sale")),
        sa.UniqueConstraint(
            "tenant_id", "prefix", "number", name=op.f("uq_pos_sale_tenant_id_prefix_number")
        ),
    )
    op.create_index(
        op.f("ix_pos_sale_tenant_id_number"), "pos_sale", ["tenant_id", "number"], unique=False
    )
    op.create_index(
        op.f("ix_pos_sale_tenant_id_occurred_at_id"),
        "pos_sale",
        ["tenant_id", "occurred_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_pos_sale_tenant_id_session_id"),
        "pos_sale",
        ["tenant_id", "session_id"],
        unique=False,
    )
    op.create_table(
        "pos_discrepancy",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sale_id"],
            ["pos_sale.tenant_id", "pos_sale.id"],
            name=op.f("fk_pos_discrepancy_tenant_id_sale_id_pos_sale"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_pos_discrepancy_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pos_discrepancy")),
    )
    op.create_index(
        op.f("ix_pos_discrepancy_tenant_id_resolved_at_found_at"),
        "pos_discrepancy",
        ["tenant_id", "resolved_at", "found_at"],
        unique=False,
    )
    op.create_table(
        "pos_payment",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", Scaled(4), nullable=False),
        sa.Column("tendered", Scaled(4), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_pos_payment_amount_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sale_id"],
            ["pos_sale.tenant_id", "pos_sale.id"],
            name=op.f("fk_pos_payment_tenant_id_sale_id_pos_sale"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_pos_payment_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pos_payment")),
    )
    op.create_index(
        op.f("ix_pos_payment_tenant_id_sale_id"),
        "pos_payment",
        ["tenant_id", "sale_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_pos_payment_tenant_id_session_id_method"),
        "pos_payment",
        ["tenant_id", "session_id", "method"],
        unique=False,
    )
    op.create_table(
        "pos_sale_line",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("position", Whole, nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("tax_class", sa.Text(), nullable=False),
        sa.Column("quantity", Scaled(6), nullable=False),
        sa.Column("unit_price", Scaled(6), nullable=False),
        sa.Column("gross", Scaled(4), nullable=False),
        sa.Column("discount", Scaled(4), nullable=False),
        sa.Column("base", Scaled(4), nullable=False),
        sa.Column("taxes", Json(), nullable=False),
        sa.Column("total", Scaled(4), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "product_id"],
            ["catalog_product.tenant_id", "catalog_product.id"],
            name=op.f("fk_pos_sale_line_tenant_id_product_id_catalog_product"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sale_id"],
            ["pos_sale.tenant_id", "pos_sale.id"],
            name=op.f("fk_pos_sale_line_tenant_id_sale_id_pos_sale"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_pos_sale_line_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pos_sale_line")),
    )
    op.create_index(
        op.f("ix_pos_sale_line_tenant_id_product_id"),
        "pos_sale_line",
        ["tenant_id", "product_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_pos_sale_line_tenant_id_sale_id_position"),
        "pos_sale_line",
        ["tenant_id", "sale_id", "position"],
        unique=False,
    )
    op.create_table(
        "pos_sale_tax",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("treatment", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rate", Scaled(8), nullable=False),
        sa.Column("base", Scaled(4), nullable=False),
        sa.Column("amount", Scaled(4), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sale_id"],
            ["pos_sale.tenant_id", "pos_sale.id"],
            name=op.f("fk_pos_sale_tax_tenant_id_sale_id_pos_sale"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_pos_sale_tax_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pos_sale_tax")),
    )
    op.create_index(
        op.f("ix_pos_sale_tax_tenant_id_sale_id"),
        "pos_sale_tax",
        ["tenant_id", "sale_id"],
        unique=False,
    )

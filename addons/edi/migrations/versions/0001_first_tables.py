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
        "edi_certificate",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("valid_from", Instant(), nullable=False),
        sa.Column("valid_to", Instant(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "is_test IN (false, true)", name=op.f("ck_edi_certificate_is_test_is_boolean")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_edi_certificate_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_edi_certificate")),
    )
    op.create_table(
        "edi_issuer",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("software_id", sa.Text(), nullable=False),
        sa.Column("test_set_id", sa.Text(), nullable=False),
        sa.Column("service_url", sa.Text(), nullable=False),
        sa.Column("details", Json(), nullable=False),
        sa.Column("version", Whole, nullable=False),
        sa.CheckConstraint(
            "environment IN ('1', '2')", name=op.f("ck_edi_issuer_known_environment")
        ),
        sa.CheckConstraint("active IN (false, true)", name=op.f("ck_edi_issuer_active_is_boolean")),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_edi_issuer_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_edi_issuer")),
        sa.UniqueConstraint(
            "tenant_id",
            "format",
            "environment",
            name=op.f("uq_edi_issuer_tenant_id_format_environment"),
        ),
    )
    op.create_table(
        "edi_file_counter",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("year", Whole, nullable=False),
        sa.Column("last", Whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "issuer_id"],
            ["edi_issuer.tenant_id", "edi_issuer.id"],
            name=op.f("fk_edi_file_counter_tenant_id_issuer_id_edi_issuer"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_edi_file_counter_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_edi_file_counter")),
        sa.UniqueConstraint(
            "tenant_id",
            "issuer_id",
            "year",
            name=op.f("uq_edi_file_counter_tenant_id_issuer_id_year"),
        ),
    )
    op.create_table(
        "edi_range",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("till_id", sa.Uuid(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("first", Whole, nullable=False),
        sa.Column("last", Whole, nullable=False),
        sa.Column("next_number", Whole, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.Column("version", Whole, nullable=False),
        sa.CheckConstraint("owner IN ('server', 'till')", name=op.f("ck_edi_range_known_owner")),
        sa.CheckConstraint("first <= last", name=op.f("ck_edi_range_first_before_last")),
        sa.CheckConstraint(
            "next_number BETWEEN first AND last + 1", name=op.f("ck_edi_range_next_inside")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "establishment_id"],
            ["core_establishment.tenant_id", "core_establishment.id"],
            name=op.f("fk_edi_range_tenant_id_establishment_id_core_establishment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_edi_range_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_edi_range")),
        sa.UniqueConstraint(
            "tenant_id",
            "format",
            "environment",
            "prefix",
            "resolution",
            "first",
            name=op.f("uq_edi_range_tenant_id_format_environment_prefix_resolution_first"),
        ),
    )
    op.create_index(
        op.f("ix_edi_range_tenant_id_establishment_id"),
        "edi_range",
        ["tenant_id", "establishment_id"],
        unique=False,
    )
    op.create_table(
        "edi_document",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("range_id", sa.Uuid(), nullable=True),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("number", Whole, nullable=False),
        sa.Column("fiscal_date", sa.Date(), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("buyer", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("rate", Scaled(8), nullable=False),
        sa.Column("total", Scaled(4), nullable=False),
        sa.Column("functional_total", Scaled(4), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", Whole, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'signed', 'sent', 'accepted', 'rejected', 'void')",
            name=op.f("ck_edi_document_known_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "establishment_id"],
            ["core_establishment.tenant_id", "core_establishment.id"],
            name=op.f("fk_edi_document_tenant_id_establishment_id_core_establishment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "range_id"],
            ["edi_range.tenant_id", "edi_range.id"],
            name=op.f("fk_edi_document_tenant_id_range_id_edi_range"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_edi_document_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_edi_document")),
        sa.UniqueConstraint(
            "tenant_id",
            "environment",
            "prefix",
            "number",
            "format",
            name=op.f("uq_edi_document_tenant_id_environment_prefix_number_format"),
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "source",
            "source_id",
            "format",
            name=op.f("uq_edi_document_tenant_id_source_source_id_format"),
        ),
    )
    op.create_index(
        op.f("ix_edi_document_tenant_id_issued_at_id"),
        "edi_document",
        ["tenant_id", "issued_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_edi_document_tenant_id_state_issued_at"),
        "edi_document",
        ["tenant_id", "state", "issued_at"],
        unique=False,
    )
    op.create_table(
        "edi_number_event",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("range_id", sa.Uuid(), nullable=False),
        sa.Column("number", Whole, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("occurred_at", Instant(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('void', 'missing', 'found')", name=op.f("ck_edi_number_event_known_kind")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "range_id"],
            ["edi_range.tenant_id", "edi_range.id"],
            name=op.f("fk_edi_number_event_tenant_id_range_id_edi_range"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_edi_number_event_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_edi_number_event")),
        sa.UniqueConstraint(
            "tenant_id",
            "range_id",
            "number",
            "kind",
            name=op.f("uq_edi_number_event_tenant_id_range_id_number_kind"),
        ),
    )
    op.create_table(
        "edi_version",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("n", Whole, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("builder_version", Whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["edi_document.tenant_id", "edi_document.id"],
            name=op.f("fk_edi_version_tenant_id_document_id_edi_document"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_edi_version_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_edi_version")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_edi_version_tenant_id_code")),
        sa.UniqueConstraint(
            "tenant_id", "document_id", "n", name=op.f("uq_edi_version_tenant_id_document_id_n")
        ),
    )
    op.create_table(
        "edi_artifact",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "version_id"],
            ["edi_version.tenant_id", "edi_version.id"],
            name=op.f("fk_edi_artifact_tenant_id_version_id_edi_version"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_edi_artifact_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_edi_artifact")),
        sa.UniqueConstraint(
            "tenant_id",
            "version_id",
            "kind",
            name=op.f("uq_edi_artifact_tenant_id_version_id_kind"),
        ),
    )
    op.create_table(
        "edi_step",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("details", Json(), nullable=False),
        sa.Column("taken_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "version_id"],
            ["edi_version.tenant_id", "edi_version.id"],
            name=op.f("fk_edi_step_tenant_id_version_id_edi_version"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_edi_step_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_edi_step")),
    )
    op.create_index(
        op.f("ix_edi_step_tenant_id_version_id_taken_at"),
        "edi_step",
        ["tenant_id", "version_id", "taken_at"],
        unique=False,
    )

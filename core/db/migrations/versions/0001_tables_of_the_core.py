"""tables of the core."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db.types import Instant, Json, Whole

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run by the owner of the tables; adds, never takes away."""
    op.create_table(
        "core_addon",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("installed_at", Instant(), nullable=False),
        sa.Column("contract", Whole, nullable=False),
        sa.Column("requires", Json(), nullable=False),
        sa.Column("head", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('installed', 'removed')", name=op.f("ck_core_addon_known_state")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_core_addon")),
    )
    op.create_table(
        "core_addon_generation",
        sa.Column("id", Whole, autoincrement=False, nullable=False),
        sa.Column("value", Whole, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_core_addon_generation_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_addon_generation")),
    )
    op.create_table(
        "core_addon_table",
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("addon", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("table_name", name=op.f("pk_core_addon_table")),
    )
    op.create_index(op.f("ix_core_addon_table_addon"), "core_addon_table", ["addon"], unique=False)
    op.create_table(
        "core_login_failure",
        sa.Column("id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failures", Whole, nullable=False),
        sa.Column("retry_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_login_failure")),
    )
    op.create_index(
        op.f("ix_core_login_failure_retry_at"), "core_login_failure", ["retry_at"], unique=False
    )
    op.create_table(
        "core_tenant",
        sa.Column("id", Whole, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "is_demo IN (false, true)", name=op.f("ck_core_tenant_is_demo_is_boolean")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_tenant")),
        sa.UniqueConstraint("uid", name=op.f("uq_core_tenant_uid")),
    )
    op.create_table(
        "core_user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_operator", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "is_active IN (false, true)", name=op.f("ck_core_user_is_active_is_boolean")
        ),
        sa.CheckConstraint(
            "is_operator IN (false, true)", name=op.f("ck_core_user_is_operator_is_boolean")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_user")),
        sa.UniqueConstraint("email", name=op.f("uq_core_user_email")),
    )
    op.create_table(
        "core_activation",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("addon", sa.Text(), nullable=False),
        sa.Column("enabled_at", Instant(), nullable=False),
        sa.Column("enabled_by", sa.Uuid(), nullable=True),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.Column("draining", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "draining IN (false, true)", name=op.f("ck_core_activation_draining_is_boolean")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_activation_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_activation")),
        sa.UniqueConstraint("tenant_id", "addon", name=op.f("uq_core_activation_tenant_id_addon")),
    )
    op.create_table(
        "core_audit",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object_type", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("details", Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_audit_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_audit")),
    )
    op.create_index(
        op.f("ix_core_audit_tenant_id_object_type_object_id"),
        "core_audit",
        ["tenant_id", "object_type", "object_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_core_audit_tenant_id_recorded_at_id"),
        "core_audit",
        ["tenant_id", "recorded_at", "id"],
        unique=False,
    )
    op.create_table(
        "core_audit_anchor",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", Whole, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("anchored_at", Instant(), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_audit_anchor_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_audit_anchor")),
        sa.UniqueConstraint("tenant_id", "seq", name=op.f("uq_core_audit_anchor_tenant_id_seq")),
    )
    op.create_table(
        "core_business",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("trade_name", sa.Text(), nullable=False),
        sa.Column("identification_type", sa.Text(), nullable=False),
        sa.Column("identification", sa.Text(), nullable=False),
        sa.Column("check_digit", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("version", Whole, nullable=False),
        sa.CheckConstraint(
            "kind IN ('person', 'company')", name=op.f("ck_core_business_known_kind")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_business_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_business")),
    )
    op.create_table(
        "core_epoch",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("value", Whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_epoch_tenant_id_core_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_core_epoch")),
    )
    op.create_table(
        "core_establishment",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("cutoff_minutes", Whole, nullable=False),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.Column("version", Whole, nullable=False),
        sa.CheckConstraint(
            "cutoff_minutes BETWEEN 0 AND 720",
            name=op.f("ck_core_establishment_cutoff_in_the_morning"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_establishment_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_establishment")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_core_establishment_tenant_id_code")),
    )
    op.create_table(
        "core_idempotency",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=32), nullable=False),
        sa.Column("answer", Json(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_idempotency_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_idempotency")),
    )
    op.create_index(
        op.f("ix_core_idempotency_tenant_id_expires_at"),
        "core_idempotency",
        ["tenant_id", "expires_at"],
        unique=False,
    )
    op.create_table(
        "core_inbox",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", Whole, nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("done_at", Instant(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'parked', 'dead')", name=op.f("ck_core_inbox_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_inbox_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_inbox")),
        sa.UniqueConstraint(
            "tenant_id",
            "event_id",
            "consumer",
            name=op.f("uq_core_inbox_tenant_id_event_id_consumer"),
        ),
    )
    op.create_index(
        op.f("ix_core_inbox_tenant_id_state_consumer"),
        "core_inbox",
        ["tenant_id", "state", "consumer"],
        unique=False,
    )
    op.create_table(
        "core_list_view",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("query", Json(), nullable=False),
        sa.Column("columns", Json(), nullable=False),
        sa.CheckConstraint(
            "shared IN (false, true)", name=op.f("ck_core_list_view_shared_is_boolean")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_list_view_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_list_view")),
    )
    op.create_index(
        op.f("ix_core_list_view_tenant_id_resource"),
        "core_list_view",
        ["tenant_id", "resource"],
        unique=False,
    )
    op.create_table(
        "core_login_session",
        sa.Column("id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", Whole, nullable=True),
        sa.Column("establishment_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("last_seen_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("idle_minutes", Whole, nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("notices", Json(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_login_session_tenant_id_core_tenant"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["core_user.id"],
            name=op.f("fk_core_login_session_user_id_core_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_login_session")),
    )
    op.create_index(
        op.f("ix_core_login_session_expires_at"), "core_login_session", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_core_login_session_user_id"), "core_login_session", ["user_id"], unique=False
    )
    op.create_table(
        "core_membership",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_membership_tenant_id_core_tenant"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["core_user.id"],
            name=op.f("fk_core_membership_user_id_core_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "tenant_id", name=op.f("pk_core_membership")),
    )
    op.create_index(
        op.f("ix_core_membership_tenant_id"), "core_membership", ["tenant_id"], unique=False
    )
    op.create_table(
        "core_outbox",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("payload", Json(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", Whole, nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'done', 'parked', 'dead')",
            name=op.f("ck_core_outbox_known_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_outbox_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_outbox")),
    )
    op.create_index(
        op.f("ix_core_outbox_tenant_id_state_recorded_at"),
        "core_outbox",
        ["tenant_id", "state", "recorded_at"],
        unique=False,
    )
    op.create_table(
        "core_role",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("archived_at", Instant(), nullable=True),
        sa.Column("version", Whole, nullable=False),
        sa.CheckConstraint(
            "is_default IN (false, true)", name=op.f("ck_core_role_is_default_is_boolean")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_role_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_role")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_core_role_tenant_id_code")),
    )
    op.create_table(
        "core_schedule",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_schedule_tenant_id_core_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("name", "tenant_id", name=op.f("pk_core_schedule")),
    )
    op.create_index(op.f("ix_core_schedule_due_at"), "core_schedule", ["due_at"], unique=False)
    op.create_table(
        "core_search_word",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "resource", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "word", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_search_word_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_search_word")),
    )
    op.create_index(
        op.f("ix_core_search_word_tenant_id_resource_record_id"),
        "core_search_word",
        ["tenant_id", "resource", "record_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_core_search_word_tenant_id_resource_word_record_id"),
        "core_search_word",
        ["tenant_id", "resource", "word", "record_id"],
        unique=False,
    )
    op.create_table(
        "core_secret",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("key_class", sa.Text(), nullable=False),
        sa.Column("key_version", Whole, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "key_class IN ('app', 'signing')", name=op.f("ck_core_secret_known_class")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_secret_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_secret")),
        sa.UniqueConstraint(
            "tenant_id", "kind", "record_id", name=op.f("uq_core_secret_tenant_id_kind_record_id")
        ),
    )
    op.create_index(
        op.f("ix_core_secret_tenant_id_key_class_key_version"),
        "core_secret",
        ["tenant_id", "key_class", "key_version"],
        unique=False,
    )
    op.create_table(
        "core_token_index",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tenant_id", Whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_token_index_tenant_id_core_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_core_token_index")),
    )
    op.create_table(
        "core_vault_key",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", Whole, nullable=False),
        sa.Column("kek", Whole, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_vault_key_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_vault_key")),
        sa.UniqueConstraint(
            "tenant_id", "version", name=op.f("uq_core_vault_key_tenant_id_version")
        ),
    )
    op.create_table(
        "core_wakeup",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("tenant_id", Whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_wakeup_tenant_id_core_tenant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", "queue", name=op.f("pk_core_wakeup")),
    )
    op.create_index(
        op.f("ix_core_wakeup_queue_tenant_id_due_at"),
        "core_wakeup",
        ["queue", "tenant_id", "due_at"],
        unique=False,
    )
    op.create_table(
        "core_api_token",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("scopes", Json(), nullable=False),
        sa.Column("establishment_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("last_used_at", Instant(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "establishment_id"],
            ["core_establishment.tenant_id", "core_establishment.id"],
            name=op.f("fk_core_api_token_tenant_id_establishment_id_core_establishment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_api_token_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_api_token")),
        sa.UniqueConstraint("tenant_id", "prefix", name=op.f("uq_core_api_token_tenant_id_prefix")),
    )
    op.create_table(
        "core_audit_pending",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["core_audit.tenant_id", "core_audit.id"],
            name=op.f("fk_core_audit_pending_tenant_id_id_core_audit"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_audit_pending_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_audit_pending")),
    )
    op.create_index(
        op.f("ix_core_audit_pending_tenant_id_recorded_at_id"),
        "core_audit_pending",
        ["tenant_id", "recorded_at", "id"],
        unique=False,
    )
    op.create_table(
        "core_audit_seal",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", Whole, nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "audit_id"],
            ["core_audit.tenant_id", "core_audit.id"],
            name=op.f("fk_core_audit_seal_tenant_id_audit_id_core_audit"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_audit_seal_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_audit_seal")),
        sa.UniqueConstraint(
            "tenant_id", "audit_id", name=op.f("uq_core_audit_seal_tenant_id_audit_id")
        ),
        sa.UniqueConstraint("tenant_id", "seq", name=op.f("uq_core_audit_seal_tenant_id_seq")),
    )
    op.create_table(
        "core_role_assignment",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("establishment_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "establishment_id"],
            ["core_establishment.tenant_id", "core_establishment.id"],
            name=op.f("fk_core_role_assignment_tenant_id_establishment_id_core_establishment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "role_id"],
            ["core_role.tenant_id", "core_role.id"],
            name=op.f("fk_core_role_assignment_tenant_id_role_id_core_role"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_role_assignment_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_role_assignment")),
        sa.UniqueConstraint(
            "tenant_id",
            "user_id",
            "role_id",
            "establishment_id",
            name=op.f("uq_core_role_assignment_tenant_id_user_id_role_id_establishment_id"),
        ),
    )
    op.create_table(
        "core_role_permission",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "granted IN (false, true)", name=op.f("ck_core_role_permission_granted_is_boolean")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "role_id"],
            ["core_role.tenant_id", "core_role.id"],
            name=op.f("fk_core_role_permission_tenant_id_role_id_core_role"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_role_permission_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_role_permission")),
        sa.UniqueConstraint(
            "tenant_id",
            "role_id",
            "permission",
            name=op.f("uq_core_role_permission_tenant_id_role_id_permission"),
        ),
    )
    op.create_table(
        "core_setting",
        sa.Column("tenant_id", Whole, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("establishment_id", sa.Uuid(), nullable=True),
        sa.Column("value", Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "establishment_id"],
            ["core_establishment.tenant_id", "core_establishment.id"],
            name=op.f("fk_core_setting_tenant_id_establishment_id_core_establishment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["core_tenant.id"],
            name=op.f("fk_core_setting_tenant_id_core_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_core_setting")),
    )

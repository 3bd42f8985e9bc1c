"""The audit log, what waits to be sealed, and the seals.

Sealing happens seconds after the write: a chain inside the sale would make all tills wait for each
other. ``verify`` fails on a row that is neither sealed nor pending.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base
from core.db.relations import tenant_foreign_key
from core.db.types import JsonDocument
from core.tenancy.models import TenantBound


class AuditEntry(TenantBound, Base):
    """One act. INSERT-only, by grant and by trigger."""

    __tablename__ = "core_audit"
    __table_args__ = (
        Index(None, "tenant_id", "object_type", "object_id"),
        Index(None, "tenant_id", "recorded_at", "id"),
        {"info": {"insert_only": True}},
    )

    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]
    #: ``<addon>.<noun>.<verb>``, the name of the permission or of the service.
    action: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[UUID]
    details: Mapped[JsonDocument]


class AuditPending(TenantBound, Base):
    """An audit row that waits to be sealed; shares its ``id``."""

    __tablename__ = "core_audit_pending"
    __table_args__ = (
        tenant_foreign_key("id", "core_audit"),
        Index(None, "tenant_id", "recorded_at", "id"),
    )

    recorded_at: Mapped[datetime]


class AuditSeal(TenantBound, Base):
    """One link of the chain: SHA-256 over the row's canonical JSON and the link before."""

    __tablename__ = "core_audit_seal"
    __table_args__ = (
        UniqueConstraint("tenant_id", "seq"),
        UniqueConstraint("tenant_id", "audit_id"),
        tenant_foreign_key("audit_id", "core_audit"),
        {"info": {"insert_only": True}},
    )

    seq: Mapped[int]
    audit_id: Mapped[UUID]
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    sealed_at: Mapped[datetime]


class AuditAnchor(TenantBound, Base):
    """Where the chain stood on a day, signed: what cuts off the chain's end must forge this.

    Copies are kept outside the database; whoever can delete seals can delete anchors as well.
    """

    __tablename__ = "core_audit_anchor"
    __table_args__ = (UniqueConstraint("tenant_id", "seq"), {"info": {"insert_only": True}})

    #: The last link when it was made.
    seq: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    anchored_at: Mapped[datetime]
    #: Ed25519, over the canonical JSON of the anchor.
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))

"""Where secrets rest: ciphertext only, bound to the place it lies in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base
from core.tenancy.models import TenantBound


class VaultKey(TenantBound, Base):
    """One data key of a business, wrapped by the key file; the newest version seals."""

    __tablename__ = "core_vault_key"
    __table_args__ = (UniqueConstraint("tenant_id", "version"),)

    version: Mapped[int]
    #: Which key of the key file wrapped it.
    kek: Mapped[int]
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class StoredSecret(TenantBound, Base):
    """One secret of one record: ``kind`` says what it is (``edi.software_pin``)."""

    __tablename__ = "core_secret"
    __table_args__ = (
        UniqueConstraint("tenant_id", "kind", "record_id"),
        CheckConstraint("key_class IN ('app', 'signing')", name="known_class"),
        Index(None, "tenant_id", "key_class", "key_version"),
    )

    kind: Mapped[str]
    record_id: Mapped[UUID]
    #: "app" opens in web and worker, "signing" in the worker only.
    key_class: Mapped[str]
    key_version: Mapped[int]
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime]

"""The answers that were given, kept so that the same request answers the same."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base
from core.db.types import JsonDocument
from core.errors import ConflictError
from core.tenancy.models import TenantBound


class IdempotencyConflictError(ConflictError):
    """The same key came with another body: one of the two is a mistake, and nobody can tell."""

    code: ClassVar[str] = "api.idempotency_conflict"


class Idempotency(TenantBound, Base):
    """One answered request; its ``id`` is the client's key."""

    __tablename__ = "core_idempotency"
    __table_args__ = (Index(None, "tenant_id", "expires_at"),)

    scope: Mapped[str]
    #: SHA-256 of the request.
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32))
    answer: Mapped[JsonDocument]
    recorded_at: Mapped[datetime]
    #: None is never: answers to fiscal requests, and those of every hot write, are kept for ever.
    expires_at: Mapped[datetime | None]

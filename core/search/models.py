"""The folded words of every searchable record."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base
from core.tenancy.models import TenantBound

#: Byte order on both engines, so that a prefix is a range: row-level security lets that use the
#: index.
BYTES = Text().with_variant(Text(collation="C"), "postgresql")


class SearchWord(TenantBound, Base):
    """One word of one record of one resource."""

    __tablename__ = "core_search_word"
    __table_args__ = (
        Index(None, "tenant_id", "resource", "word", "record_id"),
        Index(None, "tenant_id", "resource", "record_id"),
    )

    resource: Mapped[str] = mapped_column(BYTES)
    word: Mapped[str] = mapped_column(BYTES)
    record_id: Mapped[UUID]

"""The views of lists that people saved."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base
from core.db.types import JsonDocument
from core.tenancy.models import TenantBound


class ListView(TenantBound, Base):
    """A question to a list under a name, or without one the columns that somebody usually sees."""

    __tablename__ = "core_list_view"
    __table_args__ = (Index(None, "tenant_id", "resource"),)

    #: ``<addon>.<records>``.
    resource: Mapped[str]
    #: Whose it is: a user.
    user_id: Mapped[UUID]
    #: Empty: the columns that its owner usually sees.
    title: Mapped[str] = mapped_column(default="")
    #: Whether everybody who sees the list sees the view.
    shared: Mapped[bool] = mapped_column(default=False)
    #: The question as the address asks it: names and values.
    query: Mapped[JsonDocument]
    #: Names of columns in their order; empty for all.
    columns: Mapped[JsonDocument]

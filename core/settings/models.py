"""The settings that a business changed; what is not here has the default of its declaration."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped

from core.db.base import Base
from core.db.relations import tenant_foreign_key
from core.db.types import JsonDocument
from core.tenancy.models import TenantBound


class SettingValue(TenantBound, Base):
    """One decision. ``id`` is derived from name and place, so a setting is decided once."""

    __tablename__ = "core_setting"
    __table_args__ = (tenant_foreign_key("establishment_id", "core_establishment"),)

    #: ``<addon>.<words>``, as the addon declares it.
    name: Mapped[str]
    #: None: for the whole business.
    establishment_id: Mapped[UUID | None]
    #: ``{"value": …}``; numbers as strings.
    value: Mapped[JsonDocument]

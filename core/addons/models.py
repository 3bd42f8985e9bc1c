"""Which addons this database has, which tables are theirs, and who switched them on."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base
from core.db.types import JsonDocument
from core.tenancy.models import TenantBound

AddonState = Literal["installed", "removed"]


class InstalledAddon(Base):
    """An addon whose tables are in this database. A platform table.

    A removed one keeps its row while its tables are kept, so that they can still be exported or
    dropped when the code is gone.
    """

    __tablename__ = "core_addon"
    __table_args__ = (CheckConstraint("state IN ('installed', 'removed')", name="known_state"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]
    state: Mapped[str] = mapped_column(default="installed")
    installed_at: Mapped[datetime]
    contract: Mapped[int]
    #: What it required when it was installed: known even when its code is gone.
    requires: Mapped[JsonDocument] = mapped_column(default=list)
    #: The newest migration that ran; None when it has no tables.
    head: Mapped[str | None]


class AddonTable(Base):
    """A table and whose it is, as installed. A platform table."""

    __tablename__ = "core_addon_table"

    table_name: Mapped[str] = mapped_column(primary_key=True)
    addon: Mapped[str] = mapped_column(index=True)


class AddonGeneration(Base):
    """Counts changes of the installed set: a process of an older generation is replaced.

    A platform table of one row, read together with the epoch.
    """

    __tablename__ = "core_addon_generation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(default=1)


class Activation(TenantBound, Base):
    """A business switched an addon on, and perhaps off again; its data stays either way."""

    __tablename__ = "core_activation"
    __table_args__ = (UniqueConstraint("tenant_id", "addon"),)

    addon: Mapped[str]
    enabled_at: Mapped[datetime]
    enabled_by: Mapped[UUID | None]
    disabled_at: Mapped[datetime | None]
    #: Switched off, but its consumers still finish what was begun.
    draining: Mapped[bool] = mapped_column(default=False)

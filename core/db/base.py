"""The declarative base, one registry per addon, and what rows have in common."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Column, Date, MetaData, Table, Text, Uuid, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import TypeEngine

from core.db import ownership as ownership  # noqa: PLC0414 - listens while tables are mapped
from core.db.types import Instant, Whole

#: How Python types become columns, on both engines.
TYPES: Final[dict[Any, TypeEngine[Any]]] = {
    bool: Boolean(),
    date: Date(),
    datetime: Instant(),
    int: Whole,
    str: Text(),
    UUID: Uuid(),
}

#: Constraint names that Alembic can drop again. Foreign keys name every column: each composite key
#: starts with tenant_id, so the first column alone would clash.
NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Root of the core's tables."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, TypeEngine[Any]]] = TYPES


@event.listens_for(Column, "after_parent_attach")
def _only_true_or_false(column: Column[Any], table: Table) -> None:
    """Let SQLite, whose BOOLEAN holds any number, refuse what PostgreSQL refuses by its type."""
    if isinstance(column.type, Boolean) and table.metadata is Base.metadata:
        table.append_constraint(
            CheckConstraint(f"{column.name} IN (false, true)", name=f"{column.name}_is_boolean")
        )


def addon_registry() -> registry:
    """Make the registry of one addon's models, so that a bad mapping stays that addon's fault.

    All addons share the metadata; the loader writes the addon's name into ``Table.info["addon"]``.
    """
    return registry(metadata=Base.metadata, type_annotation_map=TYPES)


class Posted:
    """Mix into every model whose rows are posted once and never changed, only reversed.

    The tables become INSERT-only: the application role holds no UPDATE or DELETE on them and a
    trigger refuses both.
    """

    #: The day it counts for: the date of (occurred_at in the establishment's zone − its cut-off).
    business_date: Mapped[date]
    #: When it happened, as told by the till, which may have been offline.
    occurred_at: Mapped[datetime]
    #: When we wrote it down; the session or the write plan fills it in.
    recorded_at: Mapped[datetime]
    #: Who did it: a user, or nobody for the platform itself.
    recorded_by: Mapped[UUID | None]


class Archivable:
    """Mix into masters: deleting one archives it."""

    archived_at: Mapped[datetime | None]


class Versioned:
    """Mix into aggregates that people edit: a stale version is refused (optimistic locking)."""

    version: Mapped[int] = mapped_column(default=1)

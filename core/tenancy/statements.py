"""Finds statements that would slip past the tenant filter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Executable, Select, Table, Update
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import iterate

from core.db.scope import is_tenant_bound
from core.tenancy.errors import TenantError
from core.tenancy.models import OwnedByTenant

_SETTINGS = frozenset({"set_config", "current_setting"})


def refuse_unfiltered(statement: Executable) -> None:
    """Refuse what no tenant filter would reach, anywhere in ``statement``.

    Of the platform's tables, only those whose rows are a business's own are within reach.

    The filter is put on mapped classes; ``Model.__table__`` and its columns are not mapped. Only
    SQLAlchemy's own look-up by primary key compares bare columns, in a statement with one SELECT.
    """
    selects = 0
    bare: list[Column[Any]] = []
    mapped: set[str] = set()
    for part in iterate(statement):  # type: ignore[arg-type]
        if isinstance(part, Select):
            selects += 1
            _refuse_bare_tables(part)
        elif isinstance(part, FunctionElement) and getattr(part, "name", "") in _SETTINGS:
            raise TenantError("the tenant of a transaction never changes")
        elif isinstance(part, Table) and not (is_tenant_bound(part) or _owned(part)):
            raise TenantError(f"{part.name} belongs to the platform")
        elif isinstance(part, Column) and isinstance(part.table, Table):
            bare += [] if _mapped(part) else [part]
            mapped |= {part.table.name} if _mapped(part) else set()
        elif isinstance(part, Table) and _mapped(part):
            mapped.add(part.name)
    for column in bare:
        if selects > 1 or column.table.name not in mapped or not column.primary_key:
            raise TenantError(f"reach {column} through its mapped class")


def refuse_giving_away(statement: Executable) -> None:
    """Refuse an UPDATE that would move rows to another business."""
    if isinstance(statement, Update):
        given = statement._values or ()  # noqa: SLF001 - there is no public name
        several = getattr(statement, "_ordered_values", None) or ()
        columns = [getattr(c, "key", c) for c in (*given, *(pair[0] for pair in several))]
        if "tenant_id" in columns:
            raise TenantError("rows stay with their business")


def _refuse_bare_tables(select: Select[Any]) -> None:
    asked = (*select._raw_columns, *select._from_obj)  # noqa: SLF001 - there is no public name
    for part in asked:
        if isinstance(part, Table | Column) and not _mapped(part):
            raise TenantError(f"reach {part} through its mapped class")


def _owned(table: Table) -> bool:
    # By name: a statement may hold an annotated copy of the table.
    return table.name in {cls.__tablename__ for cls in _classes(OwnedByTenant)}


def _classes(cls: type[Any]) -> Iterator[type[Any]]:
    for below in cls.__subclasses__():
        yield below
        yield from _classes(below)


def _mapped(part: Any) -> bool:
    return "parententity" in part._annotations  # noqa: SLF001

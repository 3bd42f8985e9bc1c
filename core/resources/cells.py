"""A value as a screen, a program and a spreadsheet are told it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from core.resources.declaration import Column, M, Resource
from core.web.pages.listing import Badge, Link, Title

#: By column, what was read for a page: names by id, or values by the id of the record.
Names = Mapping[str, Mapping[UUID, object]]

#: A spreadsheet runs a cell that begins so.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def screen_cell(resource: Resource[M], column: Column[M], record: M, names: Names) -> object:
    """Give what the page's template writes by the column's kind."""
    value = value_of(column, record, names)
    if column.names is not None:
        value = _linked(column, value, names)
    elif column.options is not None:
        value = column.options.get(_key(value), value)
    if column.kind == "title":
        note = column.note(record) if column.note else ""
        return Title(_text(value), f"{resource.path}/{record.id}", note)
    if column.kind == "badge" and value is not None and not isinstance(value, Badge):
        return Badge(_text(value))
    return value


def value_of(column: Column[M], record: M, names: Names) -> object:
    """Give a value as it is kept, out of the record or out of what was loaded for its page."""
    if column.load is not None:
        return names.get(column.name, {}).get(record.id)
    return column.value(record)


def title_of(resource: Resource[M], record: M, names: Names | None = None) -> str:
    """Give what a record is called: the first of its columns."""
    first = resource.columns[0]
    value = first.value(record)
    if first.names is not None:
        value = _linked(first, value, names or {})
    return _text(value) if value else str(resource.singular)


def plain(value: object) -> Any:
    """Give a value as JSON carries it: decimals, ids and moments as text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return written(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    return str(value)


def written(value: Decimal) -> str:
    """Write a decimal exactly, without zeros that say nothing."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def sheet_cell(column: Column[M], record: M, names: Names) -> str:
    """Give a value as an export writes it; text that a spreadsheet would run is quoted."""
    value = value_of(column, record, names)
    if column.names is not None and isinstance(value, UUID):
        value = names.get(column.name, {}).get(value, str(value))
    elif column.options is not None:
        value = _text(column.options.get(_key(value), value))
    if value is None:
        return ""
    if isinstance(value, bool | int | Decimal | date):
        return str(plain(value))
    return inert(str(value))


def inert(text: str) -> str:
    """Quote a text that a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _linked(column: Column[M], value: object, names: Names) -> object:
    if not isinstance(value, UUID):
        return None
    name = str(names.get(column.name, {}).get(value, ""))
    if not column.link:
        return name
    return Link(name or str(value), f"{column.link}/{value}")


def _key(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _text(value: object) -> str:
    return str(value.text) if isinstance(value, Badge | Link) else str(value)

"""Turns Python values into the SQL of a hot write: column by column, by the table's own types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import Column, Dialect, Table

from core.db.types import Scaled
from core.errors import PlatformError

if TYPE_CHECKING:
    from core.db.plan import Update

#: What the write plan fills in itself.
STAMPED: Final = frozenset({"tenant_id", "recorded_at", "recorded_by"})

Bind = Callable[[Any], Any]


class StampedColumnError(PlatformError):
    """A row brought a tenant, a user or a time of recording: those are not its to say."""

    code = "db.stamped_column"
    http_status = 500


class UnknownColumnError(PlatformError):
    """A row names a column that its table does not have."""

    code = "db.unknown_column"
    http_status = 500


class TableBinder:
    """Binds rows of one table for one dialect; made once, kept."""

    def __init__(self, table: Table, dialect: Dialect) -> None:
        self.table = table
        self.name = dialect.identifier_preparer.format_table(table)
        quote = dialect.identifier_preparer.quote
        self.columns = [column.name for column in table.columns]
        self.quoted = {name: quote(name) for name in self.columns}
        #: What each column is called in a cast.
        self.types = {c.name: c.type.compile(dialect) for c in table.columns}
        self._binds = {c.name: _bind(c, dialect) for c in table.columns}
        self._results = {c.name: _result(c, dialect) for c in table.columns}
        self._defaults = {c.name: _default(c) for c in table.columns}
        self._known = frozenset(self.columns)
        self._in_order = itemgetter(*self.columns)
        binds = [(at, self._binds[name]) for at, name in enumerate(self.columns)]
        self._converted = [(at, bind) for at, bind in binds if bind is not None]
        self._shapes: dict[tuple[str, ...], _Shape] = {}
        self.head = f"INSERT INTO {self.name} ({', '.join(self.quoted.values())}) VALUES "  # noqa: S608

    def bind(self, column: str, value: Any) -> Any:
        """Bind one value as its column would."""
        bind = self._binds[column]
        return value if bind is None else bind(value)

    def result(self, column: str, value: Any) -> Any:
        """Give back what the database returned as the column's Python value."""
        result = self._results[column]
        return value if result is None else result(value)

    def row(self, values: Mapping[str, Any], stamp: Mapping[str, Any]) -> list[Any]:
        """Bind one row in column order; missing columns take their default."""
        names = tuple(values)
        shape = self._shapes.get(names)
        if shape is None:
            shape = self._shapes[names] = self._shape(values)
        filled = {**shape.fixed, **stamp, **values}
        for name, make in shape.made:
            filled[name] = make()
        bound = list(self._in_order(filled))
        for at, bind in self._converted:
            bound[at] = bind(bound[at])
        return bound

    def _shape(self, values: Mapping[str, Any]) -> _Shape:
        """Check the names of a row, once for all rows that have them."""
        if not self._known >= values.keys():
            unknown = sorted(values.keys() - self._known)
            raise UnknownColumnError(f"{self.table.name} has no column {', '.join(unknown)}")
        if not STAMPED.isdisjoint(values):
            named = ", ".join(sorted(STAMPED.intersection(values)))
            raise StampedColumnError(f"{self.table.name}: {named} is stamped by the plan")
        missing = self._known - values.keys() - STAMPED
        made = [(name, self._defaults[name]) for name in self.columns if name in missing]
        fixed = {name: default for name, default in made if not callable(default)}
        return _Shape(fixed, tuple((name, make) for name, make in made if callable(make)))


@dataclass(frozen=True, slots=True)
class _Shape:
    """What rows that bring the same columns leave to the defaults."""

    fixed: Mapping[str, Any]
    made: tuple[tuple[str, Callable[[], Any]], ...]


@lru_cache(maxsize=1024)
def binder(table: Table, dialect: Dialect) -> TableBinder:
    """Give the binder of ``table``, made once."""
    return TableBinder(table, dialect)


def stamp_of(tenant_id: int, user_id: UUID | None, now: datetime) -> dict[str, Any]:
    """Give the values that every row of the write shares."""
    return {"tenant_id": tenant_id, "recorded_at": now, "recorded_by": user_id}


def by_table(inserts: Iterable[tuple[Table, Mapping[str, Any]]]) -> dict[Table, list[Any]]:
    """Gather rows per table, tables in the order they first appear: parents before children."""
    gathered: dict[Table, list[Any]] = {}
    for table, values in inserts:
        gathered.setdefault(table, []).append(values)
    return gathered


def together(updates: Iterable[Update]) -> list[list[Update]]:
    """Join neighbours that set the same columns and differ in the last key column only."""
    groups: list[list[Update]] = []
    seen: set[Any] = set()
    for change in updates:
        if groups and _alike(groups[-1][0], change) and change.key[-1] not in seen:
            groups[-1].append(change)
        else:
            groups.append([change])
            seen = set()
        seen.add(change.key[-1])
    return groups


def _alike(one: Update, other: Update) -> bool:
    return (
        one.table is other.table
        and key_names(one.key) == key_names(other.key)
        and one.key[:-1] == other.key[:-1]
        and key_names(one.values) == key_names(other.values)
    )


def key_names(key: Sequence[tuple[str, Any]]) -> tuple[str, ...]:
    """Give the column names of a key."""
    return tuple(name for name, _ in key)


def _bind(column: Column[Any], dialect: Dialect) -> Bind | None:
    """Give what turns a value into the driver's; None where it is the driver's already."""
    if isinstance(column.type, Scaled):
        # A third of a sale's values: not through SQLAlchemy's wrapper.
        return column.type.steps
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _result(column: Column[Any], dialect: Dialect) -> Bind | None:
    return column.type.dialect_impl(dialect).result_processor(dialect, None)


def _default(column: Column[Any]) -> Any:
    """Give a column's default, or what makes it for each row."""
    default: Any = column.default
    if default is None:
        return None
    return partial(default.arg, None) if default.is_callable else default.arg

"""A question that every request asks of the platform's tables: compiled once, one trip each time.

Through SQLAlchemy the question who asks took a fifth of a sale. It passes by the engine guard, so
its shape is checked when it is compiled and cannot change afterwards: a SELECT of tables in
``PLATFORM_TABLES``, nothing written as text, and exactly its own values each time. It needs no
transaction: one statement sees one moment.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Dialect, Select
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect

from core.db import trace
from core.db.engine import Database
from core.db.guard import refuse_other_tables
from core.tenancy.errors import TenantError

_FEW: Final = 2


@dataclass(frozen=True, slots=True)
class _Spoken:
    sql: str
    #: What the statement itself says, such as the one id of a table with one row.
    fixed: Mapping[str, Any]
    #: What whoever asks must say, all of it and nothing else.
    asked: frozenset[str]
    row: Callable[..., Any]
    results: tuple[Callable[[Any], Any] | None, ...]

    def read(self, values: tuple[Any, ...]) -> Any:
        pairs = zip(self.results, values, strict=True)
        return self.row(*(value if read is None else read(value) for read, value in pairs))


class Question:
    """One SELECT of platform tables with named values; answers one row at most."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._spoken: dict[str, _Spoken] = {}

    def ask(self, database: Database, **values: object) -> Any | None:
        """Give the row, by the names of its columns, or None; more than one is an error.

        Refused: other values than those that the statement names.
        """
        spoken = self._spoken.get(database.kind)
        if spoken is None:
            spoken = self._spoken[database.kind] = self._speak(database.engine.dialect)
        if values.keys() != spoken.asked:
            raise TenantError(f"the question takes {', '.join(sorted(spoken.asked)) or 'nothing'}")
        trace.step("statement", spoken.sql)
        with _lent(database) as connection:
            rows = connection.execute(spoken.sql, {**spoken.fixed, **values}).fetchmany(_FEW)
        if len(rows) == _FEW:
            raise LookupError("the question has more than one answer")
        return spoken.read(rows[0]) if rows else None

    def _speak(self, dialect: Dialect) -> _Spoken:
        _refuse_other_shapes(self._statement)
        named = sqlite_dialect(paramstyle="named") if dialect.name == "sqlite" else dialect
        columns = list(self._statement.selected_columns)
        row = namedtuple("row", [column.key or "" for column in columns])  # type: ignore[misc]  # noqa: PYI024
        results = tuple(
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
        )
        compiled = self._statement.compile(dialect=named)
        asked = frozenset(name for name, bound in compiled.binds.items() if bound.required)
        fixed = {name: value for name, value in compiled.params.items() if name not in asked}
        return _Spoken(str(compiled), MappingProxyType(fixed), asked, row, results)


def _refuse_other_shapes(statement: Any) -> None:
    if not isinstance(statement, Select):
        raise TenantError("a question is a SELECT")
    refuse_other_tables(statement)


@contextmanager
def _lent(database: Database) -> Iterator[Any]:
    """Lend a pooled connection outside of any transaction."""
    lent = database.engine.raw_connection()
    connection: Any = lent.driver_connection
    switched = database.kind == "postgresql"
    try:
        if switched:
            connection.autocommit = True
        yield connection
    finally:
        if switched and not connection.closed:
            connection.autocommit = False
        lent.close()

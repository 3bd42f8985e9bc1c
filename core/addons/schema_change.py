"""The one transaction in which the schema changes, with what must be true at its end.

PostgreSQL: waits two seconds for a lock, not longer, so that a forgotten transaction cannot stop
every till. SQLite rebuilds tables to change them; with foreign keys on, dropping the old table
would delete the rows that point at it without an error. So foreign keys are off before BEGIN, and
keys, row counts and CHECK constraints are compared before COMMIT.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine, func, inspect, select, table
from sqlalchemy.exc import OperationalError

from core.addons.errors import MigrationError
from core.i18n import _

LOCK_TIMEOUT: Final = "2s"
#: Any number of ours: two schema changes at a time would wait for each other's locks.
_ONE_AT_A_TIME: Final = 0x67756165
#: Written by the change itself.
_OWN_BOOKS: Final = frozenset({"core_addon", "core_addon_generation", "core_addon_table"})
_LOCK_NOT_AVAILABLE: Final = "55P03"


@contextmanager
def schema_change(engine: Engine) -> Iterator[Connection]:
    """Change the schema inside the block as the owner: all of it or nothing."""
    with engine.connect() as connection:
        change = _postgres if connection.dialect.name == "postgresql" else _sqlite
        with change(connection):
            yield connection


@contextmanager
def _postgres(connection: Connection) -> Iterator[None]:
    try:
        with connection.begin():
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")
            yield
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        raise MigrationError(
            _("A table is in use: nothing was changed. Try again in a moment.")
        ) from error


@contextmanager
def _sqlite(connection: Connection) -> Iterator[None]:
    # On the driver's cursor: SQLAlchemy would begin a transaction first, where it has no effect.
    connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    with connection.begin():
        before = _look(connection)
        yield
        _compare(before, _look(connection))
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            names = sorted({row[0] for row in broken})
            raise MigrationError(
                _("Rows would point at nothing: {tables}.", tables=", ".join(names)), tables=names
            )


@dataclass(frozen=True, slots=True)
class _Seen:
    rows: int
    checks: frozenset[str]


def _look(connection: Connection) -> dict[str, _Seen]:
    inspector = inspect(connection)
    return {
        name: _Seen(
            connection.execute(select(func.count()).select_from(table(name))).scalar_one(),
            frozenset(str(check["sqltext"]) for check in inspector.get_check_constraints(name)),
        )
        for name in inspector.get_table_names()
        if name not in _OWN_BOOKS and not name.startswith("core_version_")
    }


def _compare(before: Mapping[str, _Seen], after: Mapping[str, _Seen]) -> None:
    for name in before.keys() & after.keys():
        if before[name].rows != after[name].rows:
            raise MigrationError(
                _("The migration would lose rows of {table}.", table=name),
                before=before[name].rows,
                after=after[name].rows,
            )
        if lost := before[name].checks - after[name].checks:
            raise MigrationError(
                _("The migration would lose a rule of {table}.", table=name), rules=sorted(lost)
            )

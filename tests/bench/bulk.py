"""Rows by the million: COPY as the administrator on PostgreSQL, one transaction on SQLite.

They skip sessions, hooks, triggers and foreign keys; uniqueness and checks hold.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Protocol
from uuid import UUID

from psycopg import sql
from sqlalchemy import Table

from core.db.engine import driver_url
from core.testing.databases import TestCluster
from tests.bench.place import Place

Row = Sequence[Any]


class Pourer(Protocol):
    """Takes rows as the driver binds them, in the order of the table's columns."""

    def pour(self, table: Table, rows: Iterable[Row]) -> None:
        """Write all rows of one table."""
        ...

    def read(self, table: Table, tenant: int) -> list[Row]:
        """Read the rows of a business as the driver gives them."""
        ...

    def run(self, statement: str) -> None:
        """Run one statement that both engines know."""
        ...

    def key(self, value: UUID) -> str:
        """Write a key as a literal."""
        ...


@contextmanager
def pouring(place: Place) -> Iterator[Pourer]:
    """Write rows in one transaction, and tell the planner what is there now."""
    with (_postgresql if place.engine == "postgresql" else _sqlite)(place) as pourer:
        yield pourer
    place.analyse()


class _Postgres:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def pour(self, table: Table, rows: Iterable[Row]) -> None:
        copy = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table.name),
            sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns),
        )
        with self._connection.cursor() as cursor, cursor.copy(copy) as copying:
            for row in rows:
                copying.write_row(row)

    def read(self, table: Table, tenant: int) -> list[Row]:
        found: list[Row] = self._connection.execute(_read(table, tenant)).fetchall()
        return found

    def run(self, statement: str) -> None:
        self._connection.execute(statement)

    def key(self, value: UUID) -> str:
        return f"'{value}'"


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def pour(self, table: Table, rows: Iterable[Row]) -> None:
        places = ", ".join(["?"] * len(table.columns))
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        self._connection.executemany(
            f'INSERT INTO "{table.name}" ({names}) VALUES ({places})', rows
        )

    def read(self, table: Table, tenant: int) -> list[Row]:
        return self._connection.execute(_read(table, tenant)).fetchall()

    def run(self, statement: str) -> None:
        self._connection.execute(statement)

    def key(self, value: UUID) -> str:
        return f"'{value.hex}'"


@contextmanager
def _postgresql(place: Place) -> Iterator[Pourer]:
    database = driver_url(place.settings.database_url).database
    if not isinstance(place.databases, TestCluster):
        raise TypeError("PostgreSQL needs its administrator")
    with place.databases.server.connect(database) as connection:
        # Foreign keys are looked up row by row, with plans made while the tables were empty.
        connection.execute("SET session_replication_role = replica")
        with connection.transaction():
            yield _Postgres(connection)
        # What was poured is written out now, not while something is timed.
        connection.execute("CHECKPOINT")


@contextmanager
def _sqlite(place: Place) -> Iterator[Pourer]:
    path = str(driver_url(place.settings.database_url).database)
    # Whoever has the file open keeps its journal; a database to be thrown away needs none.
    place.installation.database.dispose()
    with closing(sqlite3.connect(path)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -262144"):
            connection.execute(f"PRAGMA {pragma}")
        yield _Sqlite(connection)
        connection.commit()
        connection.execute("ANALYZE")
        connection.commit()
        connection.execute("PRAGMA journal_mode = WAL")


def _read(table: Table, tenant: int) -> Any:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    return f'SELECT {names} FROM "{table.name}" WHERE tenant_id = {tenant}'

"""One copy of a prepared database, made anew for each run that is ended somewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

import psycopg
from psycopg import sql

from core.testing.databases import SqliteFolder, TestCluster, TestDatabases
from tests.crash.schema import fingerprint

#: Nothing fires and nothing is checked while rows are put back as they stood.
_QUIET: Final = "SET session_replication_role = replica"
_TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_COUNTERS: Final = (
    "SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value, start_value),"
    " last_value IS NOT NULL FROM pg_sequences WHERE schemaname = 'public'"
)
_SEND_AWAY: Final = (
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)

#: How many rows a table has, and the newest transaction that wrote one of them.
_Mark = tuple[int, int | None]


class Copy(Protocol):
    """One database, at the same address for every run."""

    def renew(self) -> None:
        """Make it equal to what was prepared, whoever wrote to it."""
        ...


def copy_of(databases: TestDatabases, template: str, name: str) -> Copy:
    """Make the first copy of ``template``."""
    databases.copy(template, name)
    if isinstance(databases, TestCluster):
        return _PostgresCopy(databases, name)
    if isinstance(databases, SqliteFolder):
        return _SqliteCopy(databases, template, name)
    raise TypeError(f"no copies are made of {databases}")


class _SqliteCopy:
    def __init__(self, databases: SqliteFolder, template: str, name: str) -> None:
        self._databases, self._template, self._name = databases, template, name

    def renew(self) -> None:
        self._databases.drop(self._name)
        self._databases.copy(self._template, self._name)


class _PostgresCopy:
    """Puts rows back instead of copying: making and dropping a database takes a second of disk.

    Only tables that were written to, which the transaction numbers of their rows tell. New tables
    go; that nothing else is left of them is compared.
    """

    def __init__(self, databases: TestCluster, name: str) -> None:
        self._databases, self._name = databases, name
        self._owner_url = databases.owner_url(name)
        self._declared = fingerprint(self._owner_url)
        with self._open() as connection:
            # A killed client loses nothing by it; a server that loses power is another test.
            setting = "ALTER DATABASE {} SET synchronous_commit = off"
            connection.execute(sql.SQL(setting).format(sql.Identifier(databases.database(name))))
            self._tables = _tables(connection)
            self._rows = {table: _rows(connection, table) for table in self._tables}
            self._counters = connection.execute(_COUNTERS).fetchall()
            self._marks = dict(_marks(connection, self._tables))

    def renew(self) -> None:
        with self._open() as connection:
            connection.execute(_SEND_AWAY)
            fresh = [table for table in _tables(connection) if table not in self._rows]
            for table in fresh:
                connection.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(table)))
            self._put_back(connection)
        if fresh and fingerprint(self._owner_url) != self._declared:
            raise AssertionError(f"of {fresh} something is left in the schema")

    def _put_back(self, connection: psycopg.Connection) -> None:
        marks = _marks(connection, self._tables)
        written = [table for table in self._tables if marks[table] != self._marks[table]]
        with connection.transaction():
            connection.execute(_QUIET)
            for table in written:
                name = sql.Identifier(table)
                connection.execute(sql.SQL("DELETE FROM {}").format(name))
                into = sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(name)
                with connection.cursor().copy(into) as copy:
                    copy.write(self._rows[table])
            for counter in self._counters:
                connection.execute("SELECT setval(%s, %s, %s)", counter)
        self._marks |= _marks(connection, written)

    def _open(self) -> psycopg.Connection:
        return self._databases.server.connect(self._databases.database(self._name))


def _tables(connection: psycopg.Connection) -> list[str]:
    return sorted(name for (name,) in connection.execute(_TABLES))


def _rows(connection: psycopg.Connection, table: str) -> bytes:
    query = sql.SQL("COPY {} TO STDOUT (FORMAT BINARY)").format(sql.Identifier(table))
    with connection.cursor().copy(query) as copy:
        return b"".join(bytes(part) for part in copy)


def _marks(connection: psycopg.Connection, tables: list[str]) -> Mapping[str, _Mark]:
    if not tables:
        return {}
    one = "SELECT {}::text, count(*), max(xmin::text::bigint) FROM {}"
    asked = sql.SQL(" UNION ALL ").join(
        sql.SQL(one).format(sql.Literal(table), sql.Identifier(table)) for table in tables
    )
    return {table: (count, newest) for table, count, newest in connection.execute(asked)}

"""A hot write on SQLite: one writer at a time, BEGIN IMMEDIATE, the same plan row by row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Dialect, Engine, Table

from core.db import trace
from core.db.hot_rows import TableBinder, binder, key_names
from core.db.plan import Identity, Lock, Update, Values

_KNOWN = "SELECT scope, fingerprint, answer FROM core_idempotency WHERE tenant_id = ? AND id = ?"


class HotSqlite:
    """One hot write's connection. Rows need no lock: the whole database is ours until COMMIT."""

    DUPLICATE = sqlite3.IntegrityError

    @staticmethod
    def is_key(error: Exception) -> bool:
        """Tell whether a row with that primary key was there already."""
        return getattr(error, "sqlite_errorname", "") == "SQLITE_CONSTRAINT_PRIMARYKEY"

    def __init__(self, connection: sqlite3.Connection, dialect: Dialect, tenant: int) -> None:
        self._connection = connection
        self._dialect = dialect
        self._tenant = tenant

    def binder(self, table: Table) -> TableBinder:
        """Give the binder of ``table``."""
        return binder(table, self._dialect)

    def first_trip(
        self, locks: Sequence[Lock], key: Any
    ) -> tuple[dict[Identity, Values], int, Any]:
        """Begin, read the rows to hold, the epoch and what was answered before."""
        self._run("BEGIN IMMEDIATE")
        rows = self._held(locks)
        epoch = self._run("SELECT value FROM core_epoch WHERE tenant_id = ?", [self._tenant])
        found = epoch.fetchone()
        known = self._run(_KNOWN, [self._tenant, key.hex])
        return rows, found[0] if found else 0, known.fetchone()

    def create_missing(self, locks: Sequence[Lock]) -> dict[Identity, Values]:
        """Insert rows that were to be held and do not exist."""
        for lock in locks:
            bound = self.binder(lock.table)
            values = dict(lock.key) | dict(lock.defaults)
            row = bound.row(values, {"tenant_id": self._tenant})
            self._run(bound.head + _places(len(row)), row)
        return self._held(locks)

    def write(self, table: Table, rows: Sequence[Values], stamp: Values) -> None:
        """Insert all rows of one table."""
        bound = self.binder(table)
        sql = bound.head + _places(len(bound.columns))
        trace.step("statement", sql)
        self._connection.executemany(sql, [bound.row(row, stamp) for row in rows])

    def update(self, changes: Sequence[Update]) -> None:
        """Change rows that differ in the last key column only."""
        first = changes[0]
        bound = self.binder(first.table)
        sets = ", ".join(f"{bound.quoted[name]} = ?" for name in key_names(first.values))
        wheres = " AND ".join(f"{bound.quoted[name]} = ?" for name in key_names(first.key))
        sql = f"UPDATE {bound.name} SET {sets} WHERE {wheres} AND tenant_id = ?"  # noqa: S608
        trace.step("statement", sql)
        self._connection.executemany(
            sql,
            [
                [
                    *(bound.bind(name, value) for name, value in (*change.values, *change.key)),
                    self._tenant,
                ]
                for change in changes
            ],
        )

    def commit(self) -> None:
        """Put it on disk (synchronous=FULL)."""
        trace.step("commit")
        self._connection.execute("COMMIT")

    def _run(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        trace.step("statement", sql)
        return self._connection.execute(sql, values)

    def _held(self, locks: Sequence[Lock]) -> dict[Identity, Values]:
        found = ((lock.identity, self._read(lock)) for lock in locks)
        return {identity: row for identity, row in found if row is not None}

    def _read(self, lock: Lock) -> Values | None:
        bound = self.binder(lock.table)
        names = lock.columns
        read = ", ".join(bound.quoted[name] for name in names)
        wheres = " AND ".join(f"{bound.quoted[name]} = ?" for name, _ in lock.key)
        sql = f"SELECT {read} FROM {bound.name} WHERE tenant_id = ? AND {wheres}"  # noqa: S608
        keys = [bound.bind(name, value) for name, value in lock.key]
        row = self._run(sql, [self._tenant, *keys]).fetchone()
        if row is None:
            return None
        return {n: bound.result(n, v) for n, v in zip(names, row, strict=True)}


@contextmanager
def hot_sqlite(engine: Engine, tenant: int) -> Iterator[HotSqlite]:
    """Lend a pooled connection; whoever calls holds the write turn."""
    lent = engine.raw_connection()
    connection: Any = lent.driver_connection
    try:
        yield HotSqlite(connection, engine.dialect, tenant)
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        lent.close()


def _places(columns: int) -> str:
    return f"({', '.join(['?'] * columns)})"

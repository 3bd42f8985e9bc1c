"""A hot write on PostgreSQL: two pipelined trips on an AUTOCOMMIT connection.

BEGIN and COMMIT are statements inside the pipeline; on the session's own transaction the same
write took four to six trips. Whole numbers go as int8 always: psycopg would choose the narrowest
type for each value, and every mix of types is a statement to prepare again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from itertools import groupby
from typing import Any

import psycopg
from sqlalchemy import Dialect, Engine, Table

from core.db import trace
from core.db.hot_rows import TableBinder, binder, key_names
from core.db.plan import Identity, Lock, Update, Values
from core.db.wire import Reply, Wire, statements_of

_BEGIN = "BEGIN"
#: By index and planned once: a plan made while a shop's tables were nearly empty reads them whole,
#: and so do the checks of its foreign keys, until somebody analyses them.
_TENANT = (
    "SELECT set_config('app.tenant', $1, true), set_config('enable_seqscan', 'off', true), "
    "set_config('plan_cache_mode', 'force_generic_plan', true)"
)
_EPOCH = "SELECT value FROM core_epoch WHERE tenant_id = $1"
_KNOWN = "SELECT scope, fingerprint, answer FROM core_idempotency WHERE tenant_id = $1 AND id = $2"


class HotPostgres:
    """One hot write's connection; every method only queues until something is read."""

    #: Errors after which the same write may succeed when tried again.
    TRANSIENT = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
    DUPLICATE = psycopg.errors.UniqueViolation

    @staticmethod
    def is_key(error: Exception) -> bool:
        """Tell whether a row with that primary key was there already."""
        found = error.diag.constraint_name if isinstance(error, psycopg.Error) else None
        return bool(found) and str(found).startswith("pk_")

    def __init__(self, wire: Wire, dialect: Dialect, tenant: int) -> None:
        self._wire = wire
        self._dialect = dialect
        self._tenant = tenant

    def binder(self, table: Table) -> TableBinder:
        """Give the binder of ``table``."""
        return binder(table, self._dialect)

    def first_trip(
        self, locks: Sequence[Lock], key: Any
    ) -> tuple[dict[Identity, Values], int, Any]:
        """Begin, lock in order, read the epoch and what was answered before: one trip."""
        self._begin()
        asked = [(group, self._lock(group)) for group in _groups(locks)]
        epoch = self._run(_EPOCH, [self._tenant])
        known = self._run(_KNOWN, [self._tenant, key])
        self._wire.exchange()
        rows = dict(pair for group, reply in asked for pair in self._read(group, reply))
        found = epoch.first()
        return rows, found[0] if found else 0, known.first()

    def create_missing(self, locks: Sequence[Lock]) -> dict[Identity, Values]:
        """Insert rows that were to be locked and do not exist, and lock them: one more trip."""
        for lock in locks:
            bound = self.binder(lock.table)
            values = dict(lock.key) | dict(lock.defaults)
            row = bound.row(values, {"tenant_id": self._tenant})
            sql = f"{bound.head}{placeholders(len(row), 1)} ON CONFLICT DO NOTHING"
            self._run(sql, row)
        asked = [(group, self._lock(group)) for group in _groups(locks)]
        self._wire.exchange()
        return dict(pair for group, reply in asked for pair in self._read(group, reply))

    def write(self, table: Table, rows: Sequence[Values], stamp: Values) -> None:
        """Insert all rows of one table with one statement."""
        bound = self.binder(table)
        values = [value for row in rows for value in bound.row(row, stamp)]
        self._run(bound.head + placeholders(len(bound.columns), len(rows)), values)

    def update(self, changes: Sequence[Update]) -> None:
        """Change locked rows that differ in the last key column only, with one statement."""
        first = changes[0]
        bound = self.binder(first.table)
        *fixed, last = key_names(first.key)
        names = (*key_names(first.values), last)
        sql = _update(
            bound.name,
            tuple(bound.quoted[name] for name in names),
            tuple(bound.types[name] for name in names),
            tuple(bound.quoted[name] for name in fixed),
            len(changes),
        )
        values = [
            bound.bind(name, value)
            for change in changes
            for name, value in (*change.values, change.key[-1])
        ]
        keys = [bound.bind(name, value) for name, value in first.key[:-1]]
        self._run(sql, [self._tenant, *keys, *values])

    def commit(self) -> None:
        """Send everything that waits, and COMMIT with it: on disk when this returns."""
        trace.step("commit")
        self._wire.send("COMMIT")
        self._wire.exchange()

    def _begin(self) -> None:
        self._run(_BEGIN)
        self._run(_TENANT, [str(self._tenant)])

    def _run(self, sql: str, values: Sequence[Any] = ()) -> Reply:
        trace.step("statement", sql)
        return self._wire.send(sql, values)

    def _lock(self, group: Sequence[Lock]) -> Reply:
        first = group[0]
        bound = self.binder(first.table)
        names = key_names(first.key)
        read = ", ".join(bound.quoted[name] for name in (names[-1], *first.columns))
        fixed = [f"{bound.quoted[name]} = ${at}" for at, name in enumerate(names[:-1], 2)]
        places = ", ".join(f"${at}" for at in range(len(names) + 1, len(names) + 1 + len(group)))
        last = f"{bound.quoted[names[-1]]} IN ({places})"
        wheres = " AND ".join(("tenant_id = $1", *fixed, last))
        order = bound.quoted[names[-1]]
        sql = f"SELECT {read} FROM {bound.name} WHERE {wheres} ORDER BY {order} FOR UPDATE"  # noqa: S608
        values = [bound.bind(name, value) for name, value in first.key[:-1]]
        lasts = [bound.bind(names[-1], lock.key[-1][1]) for lock in group]
        return self._run(sql, [self._tenant, *values, *lasts])

    def _read(self, group: Sequence[Lock], reply: Reply) -> Iterator[tuple[Identity, Values]]:
        bound = self.binder(group[0].table)
        names = group[0].columns
        identities = {lock.key[-1][1]: lock.identity for lock in group}
        for last, *row in reply.rows:
            values = {n: bound.result(n, v) for n, v in zip(names, row, strict=True)}
            yield identities[last], values


@contextmanager
def hot_postgres(engine: Engine, tenant: int) -> Iterator[HotPostgres]:
    """Lend a pooled connection in pipeline mode; it goes back clean or not at all."""
    lent = engine.raw_connection()
    connection: Any = lent.driver_connection
    try:
        connection.autocommit = True
        with closing(Wire(connection, statements_of(lent.info))) as wire:
            yield HotPostgres(wire, engine.dialect, tenant)
    finally:
        _leave_clean(connection)
        if connection.closed:
            lent.invalidate()
        lent.close()


def _leave_clean(connection: psycopg.Connection[Any]) -> None:
    if connection.closed:
        return
    try:
        if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            connection.execute("ROLLBACK")
        connection.autocommit = False
    except psycopg.Error:
        connection.close()


def _groups(locks: Sequence[Lock]) -> list[list[Lock]]:
    """Join neighbours that differ in the last key column only: one statement locks them."""

    def same(lock: Lock) -> Any:
        fixed = tuple((name, str(value)) for name, value in lock.key[:-1])
        return lock.table.name, key_names(lock.key), fixed, lock.columns

    return [list(group) for _, group in groupby(locks, key=same)]


@lru_cache(maxsize=1024)
def placeholders(columns: int, rows: int, first: int = 1) -> str:
    """Write ``($1, $2), ($3, $4)``."""
    starts = range(first, first + columns * rows, columns)
    return ", ".join(
        f"({', '.join(f'${at}' for at in range(start, start + columns))})" for start in starts
    )


@lru_cache(maxsize=256)
def _update(
    table: str, cells: tuple[str, ...], types: tuple[str, ...], fixed: tuple[str, ...], rows: int
) -> str:
    """Write an UPDATE from a list of values; the last of ``cells`` finds the row."""
    at = len(fixed) + 2
    typed = ", ".join(f"${n}::{kind}" for n, kind in enumerate(types, at))
    more = placeholders(len(cells), rows - 1, at + len(cells))
    lists = f"({typed})" + (f", {more}" if more else "")
    sets = ", ".join(f"{cell} = fresh.{cell}" for cell in cells[:-1])
    wheres = "".join(f" AND held.{name} = ${n}" for n, name in enumerate(fixed, 2))
    return (
        f"UPDATE {table} AS held SET {sets} FROM (VALUES {lists}) AS fresh ({', '.join(cells)}) "  # noqa: S608
        f"WHERE held.tenant_id = $1{wheres} AND held.{cells[-1]} = fresh.{cells[-1]}"
    )

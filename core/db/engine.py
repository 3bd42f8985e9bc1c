"""Engines: PostgreSQL or SQLite, with the settings that keep an acknowledged sale on disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from core.db import trace
from core.db.guard import guard_engine
from core.db.wire import keep_prepared
from core.platform.locks import FairLock

#: Milliseconds; a forgotten transaction must not block ALTER TABLE for ever.
LOCK_TIMEOUT: Final = 10_000
IDLE_TIMEOUT: Final = 60_000

_SQLITE_PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=30000",
    "cache_size=-65536",
    "recursive_triggers=ON",
)


@dataclass(frozen=True, slots=True)
class Database:
    """One database as this process reaches it."""

    engine: Engine
    #: "postgresql" or "sqlite".
    kind: str
    _write_lock: FairLock | None = None
    _readying: dict[bool, Engine] = field(default_factory=dict, compare=False, repr=False)

    def engine_for(self, *, writes: bool) -> Engine:
        """Give the engine as a session takes it that reads, or that writes."""
        known = self._readying.get(writes)
        if known is None:
            made = self.engine.execution_options(guadua_writes=writes)
            known = self._readying.setdefault(writes, made)
        return known

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Wait for the turn to write: SQLite has one writer, PostgreSQL needs no turn."""
        with self._write_lock() if self._write_lock else nullcontext():
            yield

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_database(url: str, *, pool_size: int = 10) -> Database:
    """Open ``url`` (postgresql://… or sqlite:///file) behind the engine guard."""
    parsed = driver_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed)
    engine = create_engine(
        parsed,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_use_lifo=True,
        connect_args={
            "options": f"-c lock_timeout={LOCK_TIMEOUT} "
            f"-c idle_in_transaction_session_timeout={IDLE_TIMEOUT} -c timezone=UTC "
            # Nothing here takes seconds: compiling a plan, or helpers, cost more than they give.
            # Pages are in memory or on a disk without arms.
            "-c jit=off -c random_page_cost=1.1 -c max_parallel_workers_per_gather=0",
        },
    )
    event.listen(engine, "connect", keep_prepared)
    _tell_steps(engine)
    guard_engine(engine)
    return Database(engine, "postgresql")


def open_owner(url: str) -> Engine:
    """Open the owner's engine: DDL and backups only, never business data, no pool, no guard."""
    parsed = driver_url(url)
    engine = create_engine(parsed, poolclass=NullPool)
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    _tell_steps(engine)
    return engine


def driver_url(url: str) -> URL:
    """Choose our driver: psycopg 3 for PostgreSQL, the built-in one for SQLite."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    return parsed.set(drivername="sqlite")


def _open_sqlite(url: URL) -> Database:
    path = Path(url.database or "guadua.db").absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url.set(database=str(path)), pool_size=20, max_overflow=20)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    _tell_steps(engine)
    guard_engine(engine)
    return Database(engine, "sqlite", FairLock(path))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # None: sqlite3 must not open transactions on its own; we say BEGIN.
    connection.isolation_level = None
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("guadua_writes", False)
    connection.connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_immediate(connection: Connection) -> None:
    connection.connection.cursor().execute("BEGIN IMMEDIATE")


def _tell_steps(engine: Engine) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def statement(*arguments: Any) -> None:
        trace.step("statement", arguments[2])

    @event.listens_for(engine, "commit")
    def commit(_connection: Connection) -> None:
        trace.step("commit")

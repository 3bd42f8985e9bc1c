"""Looks whether an installation is set up so that it keeps its promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import Connection, text

from core.db.base import Base
from core.db.guard import OWN_SQL, SCOPE
from core.errors import PlatformError
from core.tenancy.linter import lint
from core.vault.keyfiles import separation_fault

if TYPE_CHECKING:
    from core.installation import Installation

Level = Literal["ok", "warn", "bad"]

#: PRAGMAs of SQLite without which an acknowledged sale can be lost, with their safe values.
_SQLITE: Final = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
#: Settings of PostgreSQL that must not be off.
_POSTGRES: Final = ("fsync", "full_page_writes", "synchronous_commit")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at; "bad" must be mended, "warn" be known."""

    level: Level
    subject: str
    text: str


def diagnose(place: Installation) -> list[Diagnosis]:
    """Look at database, roles, schema, addons and keys; never raises for what it finds."""
    found: list[Diagnosis] = []
    for look in (_database, _schema, _addons, _keys):
        try:
            found += look(place)
        except PlatformError as error:
            found.append(Diagnosis("bad", error.code, str(error)))
    return found


def _database(place: Installation) -> Iterator[Diagnosis]:
    database = place.database
    with database.engine.connect() as connection:
        connection.execution_options(**{SCOPE: "platform"})
        yield from _sqlite(connection) if database.kind == "sqlite" else _postgres(connection)
    if database.kind == "postgresql":
        yield Diagnosis("ok", "role", "the application role is bound by row-level security")


def _sqlite(connection: Connection) -> Iterator[Diagnosis]:
    for pragma, safe in _SQLITE.items():
        value = str(_ask(connection, f"PRAGMA {pragma}"))
        level: Level = "ok" if value == safe else "bad"
        yield Diagnosis(
            level, f"sqlite {pragma}", value if level == "ok" else f"{value}, not {safe}"
        )


def _postgres(connection: Connection) -> Iterator[Diagnosis]:
    for setting in _POSTGRES:
        value = str(_ask(connection, f"SHOW {setting}"))
        level: Level = "bad" if value in {"off", "local"} else "ok"
        yield Diagnosis(level, f"postgresql {setting}", value)


def _ask(connection: Connection, statement: str) -> object:
    return connection.execute(text(statement), execution_options={OWN_SQL: True}).scalar()


def _schema(place: Installation) -> Iterator[Diagnosis]:
    here = {"core", *place.registry.running}
    findings = lint(t for t in Base.metadata.sorted_tables if t.info.get("addon") in here)
    for finding in findings:
        yield Diagnosis("bad", "schema", str(finding))
    if not findings:
        yield Diagnosis("ok", "schema", "every table keeps businesses apart")


def _addons(place: Installation) -> Iterator[Diagnosis]:
    for name, reason in place.registry.quarantined.items():
        yield Diagnosis("warn", f"addon {name}", reason)
    for name in place.registry.running:
        yield Diagnosis("ok", f"addon {name}", "runs")


def _keys(place: Installation) -> Iterator[Diagnosis]:
    for file in (place.kek_file, place.signing_file):
        if not file.exists():
            yield Diagnosis("warn", "keys", f"{file.name} does not exist: secrets cannot be kept")
    fault = separation_fault(place.kek_file, place.signing_file)
    if fault:
        yield Diagnosis("warn", "keys", fault)

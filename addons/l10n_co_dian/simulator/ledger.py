"""What the simulated authority did, for ever: the oracle of tests and crash campaigns.

Append-only, in an SQLite file that survives a killed process: every attempt, every acceptance.
The database itself holds the rule that matters: one issuer, kind and number is accepted once, and
one code is accepted once.
"""

# allow source.database: the ledger of the simulated authority is a file of its own

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS attempt (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, operation TEXT NOT NULL,
  issuer TEXT NOT NULL, kind TEXT NOT NULL, number TEXT NOT NULL, code TEXT NOT NULL,
  sha256 TEXT NOT NULL, file_name TEXT NOT NULL, verdict TEXT NOT NULL, rules TEXT NOT NULL,
  fault TEXT NOT NULL, zip_key TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS accepted (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, issuer TEXT NOT NULL,
  kind TEXT NOT NULL, number TEXT NOT NULL, code TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL,
  file_name TEXT NOT NULL, is_foreign INTEGER NOT NULL, xml BLOB NOT NULL, answer BLOB NOT NULL,
  rules TEXT NOT NULL,
  UNIQUE (issuer, kind, number)
);
CREATE INDEX IF NOT EXISTS attempt_code ON attempt (code);
CREATE INDEX IF NOT EXISTS attempt_zip ON attempt (zip_key) WHERE zip_key <> '';
"""
_GUARDS: Final = "".join(
    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;"
    for table in ("attempt", "accepted")
    for verb in ("update", "delete")
)


class Identity(NamedTuple):
    """What makes two documents the same document for the authority."""

    issuer: str
    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One send: who, what, and how it ended. ``rules`` are the lines of the answer."""

    at: datetime
    operation: str
    identity: Identity
    code: str
    sha256: str
    file_name: str
    verdict: str
    rules: Sequence[str] = ()
    fault: str = ""
    zip_key: str = ""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One accepted document. ``foreign`` marks what a fault planted in somebody else's name."""

    at: datetime
    identity: Identity
    code: str
    sha256: str
    file_name: str
    foreign: bool = False
    xml: bytes = b""
    answer: bytes = b""
    rules: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything in a ledger, oldest first."""

    attempts: tuple[Attempt, ...]
    accepted: tuple[Acceptance, ...]

    def codes(self, *, foreign: bool = False) -> dict[Identity, str]:
        """Give the one code of every accepted number; planted documents only on request."""
        return {a.identity: a.code for a in self.accepted if foreign or not a.foreign}


class Ledger:
    """A ledger open for appending; one per process, shared by its threads."""

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        # Autocommit: every transaction below is begun and ended by name.
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        # NORMAL would lose acknowledged documents when the power goes.
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_SCHEMA + _GUARDS)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def record(self, attempt: Attempt, acceptance: Acceptance | None = None) -> bool:
        """Write an attempt and what it led to, together, on disk when this returns.

        False when the number or the code was accepted before: then nothing is written.
        """
        with self._transaction():
            try:
                if acceptance is not None:
                    self._insert_acceptance(acceptance)
            except sqlite3.IntegrityError:
                return False
            self._insert_attempt(attempt)
        return True

    def accepted(self, identity: Identity) -> Acceptance | None:
        """Find what was accepted under a number."""
        return self._one("issuer = ? AND kind = ? AND number = ?", *identity)

    def accepted_code(self, code: str) -> Acceptance | None:
        """Find what was accepted under a code."""
        return self._one("code = ?", code)

    def attempts(self, *, code: str = "", zip_key: str = "") -> list[Attempt]:
        """Give the attempts of one code or of one archive, oldest first."""
        column, value = ("code", code) if code else ("zip_key", zip_key)
        with self._lock:
            return _attempts(self._db, f"WHERE {column} = ?", (value,))

    def contents(self, *, since: int = 0) -> Contents:
        """Read everything, or what came after the first ``since`` attempts and acceptances."""
        with self._lock:
            return _contents(self._db, since)

    @staticmethod
    def read(path: Path) -> Contents:
        """Read a ledger that a process, living or killed, has written."""
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)
        try:
            return _contents(db, 0)
        finally:
            db.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _insert_acceptance(self, entry: Acceptance) -> None:
        self._db.execute(
            "INSERT INTO accepted (at, issuer, kind, number, code, sha256, file_name, is_foreign,"
            " xml, answer, rules) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entry.at.isoformat(),
                *entry.identity,
                entry.code,
                entry.sha256,
                entry.file_name,
                entry.foreign,
                entry.xml,
                entry.answer,
                "\n".join(entry.rules),
            ),
        )

    def _insert_attempt(self, entry: Attempt) -> None:
        self._db.execute(
            "INSERT INTO attempt (at, operation, issuer, kind, number, code, sha256, file_name,"
            " verdict, rules, fault, zip_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entry.at.isoformat(),
                entry.operation,
                *entry.identity,
                entry.code,
                entry.sha256,
                entry.file_name,
                entry.verdict,
                "\n".join(entry.rules),
                entry.fault,
                entry.zip_key,
            ),
        )

    def _one(self, condition: str, *values: str) -> Acceptance | None:
        with self._lock:
            found = _acceptances(self._db, f"WHERE {condition}", values, blobs=True)
        return found[0] if found else None


def _contents(db: sqlite3.Connection, since: int) -> Contents:
    where, values = "WHERE seq > ?", (since,)
    return Contents(
        tuple(_attempts(db, where, values)),
        tuple(_acceptances(db, where, values, blobs=False)),
    )


def _attempts(db: sqlite3.Connection, where: str, values: Sequence[object]) -> list[Attempt]:
    # ``where`` is one of the fixed texts above; values are bound.
    rows = db.execute(
        "SELECT at, operation, issuer, kind, number, code, sha256, file_name, verdict, rules,"  # noqa: S608
        f" fault, zip_key FROM attempt {where} ORDER BY seq",
        values,
    )
    return [
        Attempt(
            at=datetime.fromisoformat(row[0]),
            operation=row[1],
            identity=Identity(*row[2:5]),
            code=row[5],
            sha256=row[6],
            file_name=row[7],
            verdict=row[8],
            rules=tuple(row[9].splitlines()),
            fault=row[10],
            zip_key=row[11],
        )
        for row in rows
    ]


def _acceptances(
    db: sqlite3.Connection, where: str, values: Sequence[object], *, blobs: bool
) -> list[Acceptance]:
    bodies = "xml, answer" if blobs else "x'', x''"
    rows = db.execute(
        "SELECT at, issuer, kind, number, code, sha256, file_name, is_foreign, rules,"  # noqa: S608
        f" {bodies} FROM accepted {where} ORDER BY seq",
        values,
    )
    return [
        Acceptance(
            at=datetime.fromisoformat(row[0]),
            identity=Identity(*row[1:4]),
            code=row[4],
            sha256=row[5],
            file_name=row[6],
            foreign=bool(row[7]),
            rules=tuple(row[8].splitlines()),
            xml=row[9],
            answer=row[10],
        )
        for row in rows
    ]

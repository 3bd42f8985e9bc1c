"""What a hot write is made of: plain values, so that addons add to it without a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol
from uuid import UUID

from sqlalchemy import Table

from core.errors import ConflictError

if TYPE_CHECKING:
    from core.addons.parts import Event

Values = Mapping[str, Any]
#: Which row: the table's name and its key without the tenant.
Identity = tuple[str, tuple[tuple[str, Any], ...]]


def table_of(model: Any) -> Table:
    """Name the table of a mapped class, for rows and locks of a hot write; never for queries."""
    table: Table = model.__table__
    return table


@dataclass(frozen=True, slots=True)
class Lock:
    """A row to hold until COMMIT, and what to read of it.

    ``key`` names its columns without tenant_id. A missing row is inserted with ``defaults`` and
    locked, or refuses the write. Requests of all addons are merged and taken in one order (table,
    then key), so that two writes never wait for each other in a circle.
    """

    table: Table
    key: tuple[tuple[str, Any], ...]
    columns: tuple[str, ...]
    if_missing: Literal["insert", "refuse"] = "refuse"
    defaults: tuple[tuple[str, Any], ...] = ()

    @property
    def order(self) -> tuple[str, str]:
        """Where it stands in the one order of locking."""
        return self.table.name, repr([str(value) for _, value in self.key])

    @property
    def identity(self) -> Identity:
        """What makes two requests the same."""
        return self.table.name, self.key


class LockMissingError(ConflictError):
    """A row that must exist to be locked does not."""

    code = "db.lock_missing"


@dataclass(frozen=True, slots=True)
class Update:
    """New values for one locked row."""

    table: Table
    key: tuple[tuple[str, Any], ...]
    values: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class AuditNote:
    """What the audit log will say: a verb and the thing it was done to, never a secret."""

    action: str
    object_type: str
    object_id: UUID
    details: Values = field(default_factory=dict)


@dataclass(slots=True)
class Rows:
    """Rows to insert and to change, what to publish, and what to tell the auditor.

    Values are Python's (Decimal, UUID, aware datetime); each column's type binds them. Tenant,
    user and time of recording are stamped by the write plan: a row that carries them is refused.
    """

    inserts: list[tuple[Table, Values]] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    audit: list[AuditNote] = field(default_factory=list)
    #: Added to what the write answers; small, because the answer is kept.
    answer: dict[str, Any] = field(default_factory=dict)

    def insert(self, table: Table, **values: Any) -> None:
        """Add one row."""
        self.inserts.append((table, values))

    def update(self, lock: Lock, **values: Any) -> None:
        """Change the row that ``lock`` holds."""
        self.updates.append(Update(lock.table, lock.key, tuple(values.items())))

    def add(self, other: Rows) -> None:
        """Take over everything of ``other``."""
        self.inserts += other.inserts
        self.updates += other.updates
        self.events += other.events
        self.audit += other.audit
        self.answer |= other.answer


@dataclass(frozen=True, slots=True)
class Locked:
    """The rows that are held now, and the moment they were got."""

    rows: Mapping[Identity, Values]
    #: Read after the last lock was taken, so it never runs against the order of numbers.
    now: datetime

    def row(self, lock: Lock) -> Values:
        """Give what was read of ``lock``."""
        return self.rows[lock.identity]


@dataclass(frozen=True, slots=True)
class Decision:
    """What to write, and the answer to keep for whoever asks again with the same key."""

    rows: Rows
    answer: Any


class Plan(Protocol):
    """One hot write: what to lock, and what follows from what was locked."""

    @property
    def key(self) -> UUID:
        """The client's key: the same key answers the same, for ever when fiscal."""
        ...

    @property
    def scope(self) -> str:
        """Which kind of write, e.g. ``pos.sale``; keys of two scopes do not meet."""
        ...

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 of the request: the same key with another body is refused."""
        ...

    @property
    def epoch(self) -> int:
        """The epoch that the facts behind this plan were read at."""
        ...

    def locks(self) -> Sequence[Lock]:
        """Name the rows to hold."""
        ...

    def decide(self, locked: Locked) -> Decision:
        """Refuse with a ``PlatformError``, or say what to write. Pure: no session, no clock."""
        ...

    def refresh(self, epoch: int) -> Plan:
        """Read the facts again: masters or settings changed since."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write answered, and whether it had answered so before."""

    body: Any
    replayed: bool


def merge_locks(requests: Sequence[Lock]) -> list[Lock]:
    """Join requests for the same row and put all into the one order of locking."""
    merged: dict[Identity, Lock] = {}
    for lock in requests:
        known = merged.get(lock.identity)
        if known is None:
            merged[lock.identity] = lock
            continue
        columns = tuple(dict.fromkeys((*known.columns, *lock.columns)))
        creator = known if known.if_missing == "insert" else lock
        merged[lock.identity] = Lock(
            lock.table, lock.key, columns, creator.if_missing, creator.defaults
        )
    return sorted(merged.values(), key=lambda lock: lock.order)

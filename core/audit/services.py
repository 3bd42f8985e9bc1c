"""Writes the audit log, in the transaction of the act itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Table

from core.audit.models import AuditEntry, AuditPending
from core.db.plan import AuditNote
from core.ids import uuid7

if TYPE_CHECKING:
    from core.tenancy.session import TenantSession


def record(
    session: TenantSession, action: str, object_type: str, object_id: UUID, **details: object
) -> None:
    """Say that the session's user did ``action`` to a record; ``details`` holds no secret."""
    now = session.clock.now()
    entry = AuditEntry(
        id=uuid7(),
        recorded_at=now,
        recorded_by=session.user_id,
        action=action,
        object_type=object_type,
        object_id=object_id,
        details=details,
    )
    session.add(entry)
    session.add(AuditPending(id=entry.id, recorded_at=now))


def audit_rows(notes: Iterable[AuditNote]) -> Iterator[tuple[Table, dict[str, Any]]]:
    """Give the same rows for a hot write."""
    entry: Any = AuditEntry.__table__
    pending: Any = AuditPending.__table__
    for note in notes:
        key = uuid7()
        yield (
            entry,
            {
                "id": key,
                "action": note.action,
                "object_type": note.object_type,
                "object_id": note.object_id,
                "details": dict(note.details),
            },
        )
        yield pending, {"id": key}

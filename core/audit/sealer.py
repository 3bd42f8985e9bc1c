"""Seals audit rows into the chain of their business, seconds after they were written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import delete, select

from core.audit.chain import START, Entry, Link, link_hash
from core.audit.models import AuditEntry, AuditPending, AuditSeal

if TYPE_CHECKING:
    from core.tenancy.session import TenantSession

#: Rows sealed in one unit of work.
CHUNK: Final = 500

_COLUMNS: Final = (
    AuditEntry.id,
    AuditEntry.recorded_at,
    AuditEntry.recorded_by,
    AuditEntry.action,
    AuditEntry.object_type,
    AuditEntry.object_id,
    AuditEntry.details,
)


def seal_pending(session: TenantSession) -> int:
    """Seal up to ``CHUNK`` visible pending rows by (recorded_at, id); give how many.

    Seals and the end of pending are one transaction. Two sealers of one business cannot both
    commit: the second breaks the uniqueness of ``seq`` and starts anew.
    """
    waiting = session.execute(
        select(*_COLUMNS)
        .join(AuditPending, AuditPending.id == AuditEntry.id)
        .order_by(AuditPending.recorded_at, AuditPending.id)
        .limit(CHUNK)
    ).all()
    if not waiting:
        return 0
    last = last_link(session)
    seq, previous = (last.seq, last.hash) if last else (0, START)
    now = session.clock.now()
    sealed: list[UUID] = []
    for row in waiting:
        entry = Entry(*row)
        seq += 1
        link = link_hash(session.tenant.uid, seq, entry, previous)
        session.add(
            AuditSeal(seq=seq, audit_id=entry.id, hash=link, prev_hash=previous, sealed_at=now)
        )
        sealed.append(entry.id)
        previous = link
    session.flush()
    session.execute(
        delete(AuditPending)
        .where(AuditPending.id.in_(sealed))
        .execution_options(synchronize_session=False)
    )
    return len(sealed)


def last_link(session: TenantSession) -> Link | None:
    """Give the end of the chain."""
    row = session.execute(
        select(AuditSeal.seq, AuditSeal.audit_id, AuditSeal.hash, AuditSeal.prev_hash)
        .order_by(AuditSeal.seq.desc())
        .limit(1)
    ).first()
    return Link(*row) if row else None

"""Looks for what was done to the audit log behind the platform's back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import select

from core.addons.parts import Finding
from core.audit.chain import (
    Anchor,
    Entry,
    Link,
    anchor_faults,
    link_faults,
    loose_fault,
)
from core.audit.models import AuditAnchor, AuditEntry, AuditPending, AuditSeal

if TYPE_CHECKING:
    from core.tenancy.session import TenantSession

_PAGE: Final = 1000


def verify_audit(session: TenantSession, anchors: Sequence[Anchor] = ()) -> list[Finding]:
    """Check every seal and row of the business; an empty list means that all is as it was.

    Finds any edit, deletion, insertion and reordering. Cutting off the end shows only against an
    anchor: those of the database are checked always, pass copies kept elsewhere in ``anchors``.
    """
    kept = session.execute(select(AuditAnchor.seq, AuditAnchor.hash)).all()
    every = [*anchors, *(Anchor(seq, bytes(link)) for seq, link in kept)]
    wanted = {anchor.seq for anchor in every}
    found: dict[int, bytes] = {}
    faults: list[Finding] = []
    last: Link | None = None
    while links := _links(session, last.seq if last else 0):
        faults += link_faults(session.tenant.uid, links, _entries(session, links), after=last)
        found.update({link.seq: link.hash for link in links if link.seq in wanted})
        last = links[-1]
    return [*faults, *_loose(session), *anchor_faults(every, found)]


def _links(session: TenantSession, after: int) -> list[Link]:
    rows = session.execute(
        select(AuditSeal.seq, AuditSeal.audit_id, AuditSeal.hash, AuditSeal.prev_hash)
        .where(AuditSeal.seq > after)
        .order_by(AuditSeal.seq)
        .limit(_PAGE)
    )
    return [Link(seq, key, bytes(own), bytes(previous)) for seq, key, own, previous in rows]


def _entries(session: TenantSession, links: Sequence[Link]) -> dict[UUID, Entry]:
    rows = session.execute(
        select(
            AuditEntry.id,
            AuditEntry.recorded_at,
            AuditEntry.recorded_by,
            AuditEntry.action,
            AuditEntry.object_type,
            AuditEntry.object_id,
            AuditEntry.details,
        ).where(AuditEntry.id.in_([link.audit_id for link in links]))
    )
    return {row.id: Entry(*row) for row in rows}


def _loose(session: TenantSession) -> list[Finding]:
    query = (
        select(AuditEntry.id, AuditSeal.id, AuditPending.id)
        .outerjoin(AuditSeal, AuditSeal.audit_id == AuditEntry.id)
        .outerjoin(AuditPending, AuditPending.id == AuditEntry.id)
        .where((AuditSeal.id.is_(None)) == (AuditPending.id.is_(None)))
        .order_by(AuditEntry.id)
    )
    rows = session.execute(query)
    faults = (
        loose_fault(key, sealed=seal is not None, pending=pending is not None)
        for key, seal, pending in rows
    )
    return [fault for fault in faults if fault]

"""The chain of seals as pure functions: what a link is, and what is wrong with a chain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from core.addons.parts import Finding
from core.db.types import canonical_json

#: What the first link follows.
START: Final = bytes(32)
#: The rule's number in docs/invariants.md.
RULE: Final = "P2"


@dataclass(frozen=True, slots=True)
class Entry:
    """An audit row as the chain sees it."""

    id: UUID
    recorded_at: datetime
    recorded_by: UUID | None
    action: str
    object_type: str
    object_id: UUID
    details: Any


@dataclass(frozen=True, slots=True)
class Link:
    """A seal as the chain sees it."""

    seq: int
    audit_id: UUID
    hash: bytes
    prev_hash: bytes


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link that was signed and kept elsewhere."""

    seq: int
    hash: bytes


def link_hash(tenant_uid: UUID, seq: int, entry: Entry, prev_hash: bytes) -> bytes:
    """Give SHA-256 over the row's canonical JSON, its place and business, and the link before.

    Times are UTC with microseconds; the business is named by its uid, so a chain stays valid in
    another database.
    """
    document = {
        "tenant": str(tenant_uid),
        "seq": seq,
        "id": str(entry.id),
        "recorded_at": entry.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "recorded_by": None if entry.recorded_by is None else str(entry.recorded_by),
        "action": entry.action,
        "object_type": entry.object_type,
        "object_id": str(entry.object_id),
        "details": entry.details,
    }
    return sha256(canonical_json(document).encode() + prev_hash).digest()


def link_faults(
    tenant_uid: UUID,
    links: Iterable[Link],
    entries: Mapping[UUID, Entry],
    *,
    after: Link | None = None,
) -> list[Finding]:
    """Find what is wrong with ``links``, in order, continuing after ``after``.

    Sees any edited, deleted, inserted or reordered row up to the last link; that links were cut
    off at the end, only an anchor tells.
    """
    faults = []
    seq, previous = (after.seq, after.hash) if after else (0, START)
    for link in links:
        seq += 1
        record = str(link.audit_id)
        if link.seq != seq:
            faults.append(_finding(f"seal {seq} is missing", record))
            seq = link.seq
        if link.prev_hash != previous:
            faults.append(_finding(f"seal {link.seq} does not follow the one before", record))
        entry = entries.get(link.audit_id)
        if entry is None:
            faults.append(_finding(f"the row of seal {link.seq} is gone", record))
        elif link_hash(tenant_uid, link.seq, entry, link.prev_hash) != link.hash:
            faults.append(_finding(f"the row of seal {link.seq} is not what was sealed", record))
        previous = link.hash
    return faults


def loose_fault(record: UUID, *, sealed: bool, pending: bool) -> Finding | None:
    """Find fault with a row that is neither sealed nor waiting for it, or both."""
    if sealed == pending:
        how = "sealed and pending at once" if sealed else "neither sealed nor pending"
        return _finding(f"a row is {how}", str(record))
    return None


def anchor_faults(anchors: Sequence[Anchor], hashes: Mapping[int, bytes]) -> list[Finding]:
    """Find anchors that the chain does not reach or contradicts."""
    return [
        _finding(f"the chain contradicts its anchor at {anchor.seq}", str(anchor.seq))
        for anchor in anchors
        if hashes.get(anchor.seq) != anchor.hash
    ]


def _finding(text: str, record: str) -> Finding:
    return Finding(RULE, text, record)

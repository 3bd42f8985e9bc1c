from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from core.addons.parts import Finding
from core.audit.chain import (
    START,
    Anchor,
    Entry,
    Link,
    anchor_faults,
    link_faults,
    link_hash,
    loose_fault,
)

UID = UUID(int=7)
START_TIME = datetime(2026, 3, 16, 12, tzinfo=UTC)
ROWS = 24
PENDING = 4


class Log:
    """A business's audit log as an intruder with full rights to the database would find it."""

    def __init__(self) -> None:
        self.entries = {entry.id: entry for entry in map(entry_of, range(ROWS + PENDING))}
        self.pending = {UUID(int=1000 + n) for n in range(ROWS, ROWS + PENDING)}
        self.links = chained(list(self.entries.values())[:ROWS])
        self.anchors = [Anchor(link.seq, link.hash) for link in self.links[-1:]]

    def faults(self) -> list[Finding]:
        links = sorted(self.links, key=lambda link: link.seq)
        sealed = {link.audit_id for link in links}
        loose = (
            loose_fault(key, sealed=key in sealed, pending=key in self.pending)
            for key in self.entries
        )
        hashes = {link.seq: link.hash for link in links}
        return [
            *link_faults(UID, links, self.entries),
            *(fault for fault in loose if fault),
            *anchor_faults(self.anchors, hashes),
        ]


def entry_of(number: int) -> Entry:
    return Entry(
        UUID(int=1000 + number),
        START_TIME + timedelta(seconds=number // 3),
        UUID(int=5) if number % 4 else None,
        "pos.sale.complete",
        "pos_sale",
        UUID(int=2000 + number),
        {"total": f"{number * 100}.00", "lines": [number, None, True]},
    )


def chained(entries: list[Entry]) -> list[Link]:
    links, previous = [], START
    for seq, entry in enumerate(entries, start=1):
        own = link_hash(UID, seq, entry, previous)
        links.append(Link(seq, entry.id, own, previous))
        previous = own
    return links


def edit_row(log: Log, chance: Random) -> None:
    key = chance.choice(log.links).audit_id
    entry = log.entries[key]
    changes: tuple[dict[str, Any], ...] = (
        {"action": entry.action + "d"},
        {"object_type": "pos_void"},
        {"object_id": UUID(int=chance.getrandbits(128))},
        {"recorded_at": entry.recorded_at + timedelta(microseconds=1)},
        {"recorded_by": UUID(int=chance.getrandbits(128))},
        {"details": {**entry.details, "total": "0.01"}},
        {"details": {}},
    )
    log.entries[key] = replace(entry, **chance.choice(changes))


def delete_row(log: Log, chance: Random) -> None:
    del log.entries[chance.choice(log.links).audit_id]


def delete_seal(log: Log, chance: Random) -> None:
    log.links.remove(chance.choice(log.links))


def delete_row_and_seal(log: Log, chance: Random) -> None:
    link = chance.choice(log.links)
    log.links.remove(link)
    del log.entries[link.audit_id]


def cut_the_end_off(log: Log, chance: Random) -> None:
    for link in log.links[-chance.randrange(1, 5) :]:
        log.links.remove(link)
        del log.entries[link.audit_id]


def swap_places(log: Log, chance: Random) -> None:
    one, other = chance.sample(range(ROWS), 2)
    a, b = log.links[one], log.links[other]
    log.links[one], log.links[other] = replace(b, seq=a.seq), replace(a, seq=b.seq)


def swap_rows(log: Log, chance: Random) -> None:
    one, other = (link.audit_id for link in chance.sample(log.links, 2))
    log.entries[one], log.entries[other] = log.entries[other], log.entries[one]


def insert_row(log: Log, chance: Random) -> None:
    new = replace(entry_of(chance.randrange(ROWS)), id=UUID(int=chance.getrandbits(128)))
    log.entries[new.id] = new


def insert_sealed_row(log: Log, chance: Random) -> None:
    at = chance.randrange(ROWS)
    new = replace(entry_of(at), id=UUID(int=chance.getrandbits(128)))
    log.entries[new.id] = new
    previous = log.links[at - 1].hash if at else START
    link = Link(at + 1, new.id, link_hash(UID, at + 1, new, previous), previous)
    later = [replace(known, seq=known.seq + 1) for known in log.links[at:]]
    log.links[at:] = [link, *later]


def flip_a_bit(log: Log, chance: Random) -> None:
    at = chance.randrange(ROWS)
    link = log.links[at]
    own, previous = bytearray(link.hash), bytearray(link.prev_hash)
    chance.choice((own, previous))[chance.randrange(32)] ^= 1 << chance.randrange(8)
    log.links[at] = replace(link, hash=bytes(own), prev_hash=bytes(previous))


def reseal_after_edit(log: Log, chance: Random) -> None:
    """Forge the whole rest of the chain: only the anchor can tell."""
    edit_row(log, chance)
    log.links = chained([log.entries[link.audit_id] for link in log.links])


def forget_pending(log: Log, chance: Random) -> None:
    log.pending.remove(chance.choice(sorted(log.pending)))


def reopen_sealed(log: Log, chance: Random) -> None:
    log.pending.add(chance.choice(log.links).audit_id)


TAMPERINGS = (
    edit_row,
    delete_row,
    delete_seal,
    delete_row_and_seal,
    cut_the_end_off,
    swap_places,
    swap_rows,
    insert_row,
    insert_sealed_row,
    flip_a_bit,
    reseal_after_edit,
    forget_pending,
    reopen_sealed,
)


def test_an_untouched_log_has_no_fault() -> None:
    assert Log().faults() == []


@pytest.mark.parametrize("seed", range(10))
def test_ten_thousand_random_tamperings_are_all_found(seed: int) -> None:
    chance = Random(seed)
    original = Log()
    for number in range(1000):
        log = Log.__new__(Log)
        log.entries, log.pending = dict(original.entries), set(original.pending)
        log.links, log.anchors = list(original.links), original.anchors
        tamper = chance.choice(TAMPERINGS)
        tamper(log, chance)
        assert log.faults(), f"seed {seed}, number {number}: {tamper.__name__} went unseen"


@pytest.mark.parametrize("tamper", [cut_the_end_off, reseal_after_edit])
def test_only_the_anchor_sees_a_shortened_or_forged_chain(tamper: object) -> None:
    log = Log()
    tamper(log, Random(1))  # type: ignore[operator]
    assert [fault.text for fault in log.faults()] == [f"the chain contradicts its anchor at {ROWS}"]
    log.anchors = []
    assert log.faults() == []


def test_the_chain_of_one_business_is_not_valid_for_another() -> None:
    log = Log()
    assert len(link_faults(UUID(int=8), log.links, log.entries)) == ROWS

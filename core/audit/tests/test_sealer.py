from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from core.audit.anchor import (
    SignedAnchor,
    anchor_public_key,
    as_anchor,
    genuine,
    make_anchor,
)
from core.audit.chain import Anchor
from core.audit.models import AuditEntry, AuditPending, AuditSeal
from core.audit.sealer import last_link, seal_pending
from core.audit.services import record
from core.audit.verify import verify_audit
from core.db.engine import open_owner
from core.ids import uuid7
from core.tenancy import TenantRef
from core.testing.house import House
from core.vault.keyfiles import create_key_file
from core.vault.services import Vault, open_vault


def act(house: House, tenant: TenantRef, number: int) -> None:
    with house.unit(tenant) as session:
        for n in range(number):
            record(session, "pos.sale.void", "pos_sale", uuid7(), total=f"{n}.00")


def seal(house: House, tenant: TenantRef) -> int:
    with house.unit(tenant) as session:
        return seal_pending(session)


def faults(house: House, tenant: TenantRef, anchors: Sequence[Anchor] = ()) -> list[str]:
    with house.unit(tenant, writes=False) as session:
        return [finding.text for finding in verify_audit(session, anchors)]


def tamper(house: House, *statements: str) -> None:
    """Do what only somebody with the owner's rights can do."""
    owner = open_owner(house.owner_url)
    with owner.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    owner.dispose()


def without_triggers(house: House) -> list[str]:
    if house.database.kind == "postgresql":
        return [
            f"ALTER TABLE {table} DISABLE TRIGGER never_changed"
            for table in ("core_audit", "core_audit_seal")
        ]
    return [
        f"DROP TRIGGER {table}_never_{verb}"
        for table in ("core_audit", "core_audit_seal")
        for verb in ("update", "delete")
    ]


def test_pending_rows_are_sealed_once_in_order_per_business(house: House) -> None:
    act(house, house.bakery, 3)
    act(house, house.pharmacy, 2)
    assert faults(house, house.bakery) == []
    assert [seal(house, house.bakery), seal(house, house.pharmacy)] == [3, 2]
    act(house, house.bakery, 2)
    assert [seal(house, house.bakery), seal(house, house.bakery)] == [2, 0]
    with house.unit(house.bakery, writes=False) as session:
        order = session.scalars(
            select(AuditEntry.id).order_by(AuditEntry.recorded_at, AuditEntry.id)
        )
        sealed = session.execute(select(AuditSeal.seq, AuditSeal.audit_id).order_by(AuditSeal.seq))
        assert [tuple(row) for row in sealed] == list(enumerate(order, start=1))
        assert session.scalars(select(AuditPending)).all() == []
    assert faults(house, house.bakery) == faults(house, house.pharmacy) == []


def test_a_long_backlog_is_sealed_in_chunks(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.audit.sealer.CHUNK", 4)
    monkeypatch.setattr("core.audit.verify._PAGE", 3)
    act(house, house.bakery, 10)
    assert [seal(house, house.bakery) for _ in range(4)] == [4, 4, 2, 0]
    assert faults(house, house.bakery) == []


def test_the_application_cannot_change_what_was_audited(house: House) -> None:
    act(house, house.bakery, 1)
    seal(house, house.bakery)
    for model in (AuditEntry, AuditSeal):
        with pytest.raises(DatabaseError), house.unit(house.bakery) as session:
            session.delete(session.scalars(select(model)).one())


def test_two_sealers_cannot_both_seal_the_same_rows(house: House) -> None:
    act(house, house.bakery, 1)
    with house.unit(house.bakery, writes=False) as session:
        [pending] = session.scalars(select(AuditPending.id)).all()
    seal(house, house.bakery)
    again = AuditSeal(
        seq=1, audit_id=pending, hash=b"x" * 32, prev_hash=b"x" * 32, sealed_at=house.clock.now()
    )
    with pytest.raises(IntegrityError), house.unit(house.bakery) as session:
        session.add(again)


@pytest.mark.parametrize(
    ("statement", "text_of_fault"),
    [
        (
            "UPDATE core_audit SET action = 'pos.sale.complete' WHERE {second}",
            "not what was sealed",
        ),
        ("DELETE FROM core_audit_seal WHERE seq = 2", "seal 2 is missing"),
        ("UPDATE core_audit_seal SET seq = -seq WHERE seq = 1", "seal 1 is missing"),
    ],
)
def test_what_an_owner_of_the_database_does_is_found(
    house: House, statement: str, text_of_fault: str
) -> None:
    act(house, house.bakery, 3)
    act(house, house.pharmacy, 1)
    seal(house, house.bakery)
    seal(house, house.pharmacy)
    second = "id = (SELECT audit_id FROM core_audit_seal WHERE seq = 2 AND tenant_id = 1)"
    where = statement.format(second=second)
    tamper(house, *without_triggers(house), f"{where} AND tenant_id = 1")
    assert any(text_of_fault in fault for fault in faults(house, house.bakery))
    assert faults(house, house.pharmacy) == []


def test_a_row_neither_sealed_nor_pending_is_found(house: House) -> None:
    act(house, house.bakery, 1)
    tamper(house, "DELETE FROM core_audit_pending")
    assert faults(house, house.bakery) == ["a row is neither sealed nor pending"]


def test_a_chain_cut_off_at_its_end_contradicts_the_anchor_kept_elsewhere(house: House) -> None:
    act(house, house.bakery, 3)
    seal(house, house.bakery)
    with house.unit(house.bakery, writes=False) as session:
        last = last_link(session)
    assert last is not None
    kept = Anchor(last.seq, last.hash)
    assert faults(house, house.bakery, [kept]) == []
    gone = "(SELECT audit_id FROM core_audit_seal WHERE seq = 3)"
    tamper(
        house,
        *without_triggers(house),
        f"CREATE TABLE gone AS SELECT audit_id FROM core_audit_seal WHERE audit_id = {gone}",
        "DELETE FROM core_audit_seal WHERE seq = 3",
        "DELETE FROM core_audit WHERE id IN (SELECT audit_id FROM gone)",
    )
    assert faults(house, house.bakery) == []
    assert faults(house, house.bakery, [kept]) == ["the chain contradicts its anchor at 3"]


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    create_key_file(tmp_path / "app.key")
    return open_vault(tmp_path / "app.key", process="worker")


def test_an_anchor_is_signed_once_per_end_of_the_chain(house: House, vault: Vault) -> None:
    act(house, house.bakery, 2)
    seal(house, house.bakery)
    with house.unit(house.bakery) as session:
        anchor = make_anchor(session, vault)
        public = anchor_public_key(session, vault)
        assert make_anchor(session, vault) is None
    with house.unit(house.pharmacy) as session:
        assert make_anchor(session, vault) is None, "nothing sealed, nothing to sign"
    assert anchor is not None
    assert (anchor.tenant, anchor.seq) == (house.bakery.uid, 2)
    kept = SignedAnchor.from_dict(orjson.loads(orjson.dumps(anchor.as_dict())))
    assert kept == anchor
    assert genuine(kept, public_key=public)
    assert faults(house, house.bakery, [as_anchor(kept)]) == []


def test_a_forged_anchor_is_not_genuine(house: House, vault: Vault) -> None:
    act(house, house.bakery, 1)
    seal(house, house.bakery)
    with house.unit(house.bakery) as session:
        anchor = make_anchor(session, vault)
        public = anchor_public_key(session, vault)
    assert anchor is not None
    for forged in (
        replace(anchor, seq=2),
        replace(anchor, hash=bytes(32)),
        replace(anchor, tenant=house.pharmacy.uid),
        replace(anchor, signature=bytes(64)),
    ):
        assert not genuine(forged, public_key=public)


def test_the_anchors_of_the_database_are_checked_always(house: House, vault: Vault) -> None:
    act(house, house.bakery, 2)
    seal(house, house.bakery)
    with house.unit(house.bakery) as session:
        make_anchor(session, vault)
    tamper(
        house,
        *without_triggers(house),
        "CREATE TABLE gone AS SELECT audit_id FROM core_audit_seal WHERE seq = 2",
        "DELETE FROM core_audit_seal WHERE seq = 2",
        "DELETE FROM core_audit WHERE id IN (SELECT audit_id FROM gone)",
    )
    assert faults(house, house.bakery) == ["the chain contradicts its anchor at 2"]

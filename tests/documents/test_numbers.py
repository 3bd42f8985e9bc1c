"""Rejected numbers issued again, numbers given up, and what verify says of all of them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from addons.edi.errors import (
    BadRangeError,
    DocumentNotFoundError,
    DocumentStateError,
    NumberUsedError,
)
from addons.edi.models import Document, NumberEvent, NumberRange
from addons.edi.number_control import (
    missing_numbers,
    missing_since,
    note_missing_numbers,
    void_document,
    void_number,
)
from addons.edi.queries import documents_of_sale, documents_of_till
from addons.edi.services import reissue, retry
from addons.l10n_co_dian.simulator import Kind
from addons.l10n_co_dian.snapshot import from_json
from core.process import process_of
from core.sale import SaleDocument
from core.tenancy import Business, TenantSession
from core.tenancy.cache import bump_epoch
from tests.documents.shop import Shop

pytestmark = pytest.mark.services


def broken(shop: Shop) -> list[tuple[str, str]]:
    """Ask every invariant of documents."""
    with shop.house.unit(shop.tenant, writes=False) as session:
        return [
            (finding.invariant, finding.text)
            for addon, invariant in shop.registry.everywhere.register_invariants()
            if addon == "edi"
            for finding in invariant.check(session)
        ]


def owed(shop: Shop) -> dict[str, int]:
    with shop.house.unit(shop.tenant, writes=False) as session:
        hooks = shop.registry.enabled(frozenset({"edi"}))
        return {str(o.url): o.count for _, o in hooks.pending_obligations(session=session)}


def rejected(shop: Shop) -> Document:
    shop.fault(Kind.REJECT, rule="FAJ43b", text="Nombre informado No corresponde")
    shop.sell()
    shop.work()
    return shop.document()


def test_a_rejected_document_is_issued_again_under_its_number(shop: Shop) -> None:
    first = rejected(shop)
    assert owed(shop) == {"/edi/documents?state=rejected": 1}
    with shop.house.unit(shop.tenant) as session:
        business = session.scalars(select(Business)).one()
        business.legal_name = "Negocio Corregido S.A.S."
        bump_epoch(session)
    shop.clock.advance(timedelta(hours=2))
    with shop.house.unit(shop.tenant) as session:
        reissue(session, first.id)
    shop.work()
    again = shop.document()
    assert (again.state, again.version, again.number) == ("accepted", 2, first.number)
    old, new = shop.versions()
    assert old.code == first.code
    assert shop.at_the_authority() == {"POSE1": new.code}
    assert from_json(new.snapshot).issuer.name == "Negocio Corregido S.A.S."
    assert from_json(new.snapshot).lines == from_json(old.snapshot).lines
    assert new.issued_at - old.issued_at >= timedelta(hours=2)
    assert broken(shop) == []
    assert owed(shop) == {}


def test_only_a_rejected_document_is_issued_again(shop: Shop, other: Shop) -> None:
    shop.sell()
    shop.work()
    document = shop.document()
    for act in (reissue, retry):
        with pytest.raises(DocumentStateError), shop.house.unit(shop.tenant) as session:
            act(session, document.id)
        with pytest.raises(DocumentNotFoundError), other.house.unit(other.tenant) as session:
            act(session, document.id)


def test_a_waiting_document_is_owed_and_can_be_sent_now(shop: Shop) -> None:
    shop.sell()
    assert owed(shop) == {"/edi/documents?state=waiting": 1}
    with shop.house.unit(shop.tenant) as session:
        retry(session, shop.document().id)
    shop.work()
    assert shop.sends() == 1
    assert owed(shop) == {}


def test_a_number_of_somebody_else_is_given_up(shop: Shop) -> None:
    document = rejected(shop)
    with pytest.raises(BadRangeError), shop.house.unit(shop.tenant) as session:
        void_document(session, document.id, " ")
    with shop.house.unit(shop.tenant) as session:
        void_document(session, document.id, "Lo usó el proveedor anterior")
    assert shop.document().state == "void"
    shop.sell()
    shop.work()
    assert broken(shop) == []
    with pytest.raises(DocumentStateError), shop.house.unit(shop.tenant) as session:
        reissue(session, document.id)


def skip_one(shop: Shop) -> NumberRange:
    shop.sell()
    with shop.house.unit(shop.tenant) as session:
        row = session.scalars(select(NumberRange).where(NumberRange.prefix == "POSE")).one()
        row.next_number += 1
    shop.sell()
    return shop.range()


def test_a_skipped_number_is_missing_until_it_is_void(shop: Shop) -> None:
    row = skip_one(shop)
    with shop.house.unit(shop.tenant) as session:
        assert missing_numbers(session, row) == [2]
        assert note_missing_numbers(session) == 1
        assert note_missing_numbers(session) == 0
        assert missing_since(session) == []
    assert broken(shop) == [("F1", "POSE2 is missing")]
    shop.clock.advance(timedelta(hours=25))
    with shop.house.unit(shop.tenant) as session:
        assert [name for name, _since in missing_since(session)] == ["POSE2"]
        void_number(session, row.id, 2, "Caja apagada al imprimir")
        void_number(session, row.id, 2, "otra vez")
        assert missing_numbers(session, row) == []
        assert missing_since(session) == []
        voids = session.scalars(select(NumberEvent).where(NumberEvent.kind == "void")).all()
        assert [event.reason for event in voids] == ["Caja apagada al imprimir"]


@pytest.mark.parametrize(
    ("number", "reason", "error"),
    [(1, "x", NumberUsedError), (9, "x", BadRangeError), (2, " ", BadRangeError)],
)
def test_a_number_is_not_voided_without_need_or_reason(
    shop: Shop, number: int, reason: str, error: type[Exception]
) -> None:
    row = skip_one(shop)
    with pytest.raises(error), shop.house.unit(shop.tenant) as session:
        void_number(session, row.id, number, reason)


def change_document(shop: Shop, **values: object) -> None:
    with shop.house.unit(shop.tenant) as session:
        rows = update(Document).values(**values)
        session.execute(rows.execution_options(synchronize_session=False))


def swap_file(session: TenantSession) -> None:
    files = process_of(session.database).files
    folder = files.data / "files" / str(session.tenant.uid)
    for path in folder.glob("*/*"):
        path.write_bytes(path.read_bytes().replace(b"POSE1", b"POSE7"))


def test_verify_finds_what_was_tampered_with(shop: Shop) -> None:
    shop.sell()
    shop.work()
    assert broken(shop) == []
    with shop.house.unit(shop.tenant) as session:
        swap_file(session)
    assert {code for code, _text in broken(shop)} == {"F2", "F3"}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"number": 400_000}, "F1"),
        ({"fiscal_date": date(2031, 1, 1)}, "F1"),
        ({"code": "0" * 96}, "F3"),
    ],
)
def test_verify_finds_a_document_that_was_changed(
    shop: Shop, values: dict[str, object], code: str
) -> None:
    shop.sell()
    shop.work()
    change_document(shop, **values)
    assert code in {found for found, _text in broken(shop)}


def test_an_acceptance_without_an_answer_is_found(shop: Shop) -> None:
    shop.sell()
    change_document(shop, state="accepted")
    assert [code for code, _text in broken(shop)] == ["F3"]


def test_a_sale_shows_its_document_as_it_stands(shop: Shop) -> None:
    sale = shop.sale()
    shop.sell(sale)
    assert shown(shop, sale.id).status == "pending"
    shop.work()
    assert shown(shop, sale.id).status == "accepted"
    assert "18760000001" in shown(shop, sale.id).legend[0]
    assert shown(shop, sale.id).qr_text.endswith(shop.document().code)


def shown(shop: Shop, sale_id: UUID) -> SaleDocument:
    with shop.house.unit(shop.tenant, writes=False) as session:
        (found,) = documents_of_sale(session, sale_id)
    return found


def test_a_till_knows_what_its_paper_says(shop: Shop) -> None:
    with shop.house.unit(shop.tenant, writes=False) as session:
        place, till = shop.place.establishment_id, shop.place.till_id
        (paper,) = documents_of_till(session, place, till)
    assert paper.mode == "normal"
    assert paper.range
    assert (paper.range.prefix, paper.range.last, paper.maker) == ("POSE", 500_000, "Guadua")


def test_a_till_of_a_business_that_does_not_issue_prints_receipts(bare: Shop) -> None:
    with bare.house.unit(bare.tenant, writes=False) as session:
        assert not documents_of_till(session, bare.place.establishment_id, bare.place.till_id)

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from addons.contacts.services import create_partner
from addons.edi.models import Certificate, Document, Issuer, NumberRange, Version
from addons.l10n_co_dian.snapshot import from_json
from addons.l10n_co_dian.stored import code_twice
from addons.l10n_co_dian.ubl import build_xml
from core.errors import PlatformError
from core.tenancy.cache import bump_epoch
from tests.documents.shop import RefusedError, Shop

pytestmark = pytest.mark.services


def test_a_sale_gets_a_number_a_code_and_a_pending_document(shop: Shop) -> None:
    body = shop.sell()
    document = shop.document()
    assert body["full_number"] == "POSE1"
    assert body["document"] == {
        "title": body["document"]["title"],
        "code": document.code,
        "qr_url": "https://catalogo-vpfe-hab.dian.gov.co/document/searchqr?documentkey="
        + document.code,
        "status": "pending",
        "full_number": "POSE1",
    }
    assert "tiquete de máquina registradora" in body["document"]["title"]
    assert (document.state, document.prefix, document.number) == ("pending", "POSE", 1)
    assert shop.range().next_number == 2


def test_the_code_is_the_one_that_the_xml_gives_with_the_pin(shop: Shop) -> None:
    shop.sell(shop.sale(5))
    (version,) = shop.versions()
    xml = build_xml(from_json(version.snapshot), version.builder_version)
    assert code_twice(xml, software_pin="75315", technical_key="") == (version.code, version.code)


def test_no_secret_is_in_what_is_stored_or_shown(shop: Shop) -> None:
    shop.sell()
    (version,) = shop.versions()
    assert "75315" not in version.snapshot
    with shop.house.session(shop.tenant) as session:
        from addons.edi.facts import edi_facts

        assert "75315" not in repr(edi_facts(session))


def test_numbers_follow_each_other_and_two_businesses_do_not_meet(shop: Shop, other: Shop) -> None:
    for _ in range(3):
        shop.sell()
    assert other.sell()["full_number"] == "POSE1"
    assert [body["full_number"] for body in shop.sold] == ["POSE1", "POSE2", "POSE3"]
    assert len(other.documents()) == 1


def test_without_an_issuer_the_till_numbers_its_own_receipts(bare: Shop) -> None:
    assert bare.sell() == {"full_number": "R1"}
    assert bare.documents() == []


def test_a_buyer_with_a_name_is_on_the_document(shop: Shop) -> None:
    with shop.house.unit(shop.tenant) as session:
        buyer = create_partner(
            session, identification_type="31", number="900373913", name="Ferretería Sol S.A.S."
        )
    shop.sell(replace(shop.sale(), customer_id=buyer.id))
    (version,) = shop.versions()
    said = from_json(version.snapshot).buyer
    assert (said.id_type, said.id_number, said.check_digit) == ("31", "900373913", "4")
    assert shop.document().buyer == "Ferretería Sol S.A.S."


def test_a_sale_before_midnight_keeps_its_day_when_it_is_signed_after(shop: Shop) -> None:
    shop.clock.at = datetime.fromisoformat("2026-03-16T23:59:58-05:00")
    shop.sell()
    shop.clock.advance(timedelta(seconds=5))
    shop.work()
    document = shop.document()
    assert document.fiscal_date == date(2026, 3, 16)
    (version,) = shop.versions()
    said = from_json(version.snapshot)
    assert (str(said.issue_date), said.issue_time) == ("2026-03-16", "23:59:58-05:00")
    assert document.state == "accepted"
    assert shop.at_the_authority() == {"POSE1": version.code}


def change(shop: Shop, model: type, **values: object) -> None:
    with shop.house.unit(shop.tenant) as session:
        session.execute(update(model).values(**values).execution_options(synchronize_session=False))
        bump_epoch(session)


def spoil(shop: Shop, **values: object) -> None:
    with shop.house.unit(shop.tenant) as session:
        row = session.scalars(select(NumberRange).where(NumberRange.prefix == "POSE")).one()
        for name, value in values.items():
            setattr(row, name, value)
        bump_epoch(session)


@pytest.mark.parametrize(
    ("values", "code", "words"),
    [
        ({"valid_to": date(2026, 3, 15)}, "edi.range_expired", "terminó el 15"),
        ({"valid_from": date(2026, 3, 17)}, "edi.range_not_yet_valid", "17"),
        ({"next_number": 500_001}, "edi.range_exhausted", "500000"),
        ({"mode": "contingency"}, "edi.no_range", "numeración"),
    ],
)
def test_a_range_that_does_not_fit_refuses_and_burns_no_number(
    shop: Shop, values: dict[str, object], code: str, words: str
) -> None:
    spoil(shop, **values)
    before = shop.range().next_number
    with pytest.raises(RefusedError) as refusal:
        shop.sell()
    assert refusal.value.objections == [code]
    assert words in str(refusal.value)
    assert shop.range().next_number == before
    assert shop.documents() == []


def test_a_range_may_be_used_on_its_first_and_on_its_last_day(shop: Shop) -> None:
    spoil(shop, valid_from=date(2026, 3, 16), valid_to=date(2026, 3, 16))
    assert shop.sell()["full_number"] == "POSE1"


def test_the_next_range_follows_when_one_ends(shop: Shop) -> None:
    spoil(shop, next_number=500_000)
    with shop.house.unit(shop.tenant) as session:
        old = session.scalars(select(NumberRange).where(NumberRange.prefix == "POSE")).one()
        values = {c.key: getattr(old, c.key) for c in NumberRange.__mapper__.column_attrs}
        for key in ("id", "tenant_id", "version"):
            values.pop(key)
        values |= {"prefix": "POSF", "first": 1, "last": 10, "next_number": 1}
        session.add(NumberRange(**values))
        bump_epoch(session)
    assert [shop.sell()["full_number"] for _ in range(3)] == ["POSE500000", "POSF1", "POSF2"]


def test_a_range_that_another_process_ended_refuses_at_its_row(shop: Shop) -> None:
    shop.sell()
    # No epoch is bumped by a sale: this process still believes that numbers are left.
    with shop.house.unit(shop.tenant) as session:
        row = session.scalars(select(NumberRange).where(NumberRange.prefix == "POSE")).one()
        row.next_number = row.last + 1
    with pytest.raises(PlatformError) as refusal:
        shop.sell()
    assert refusal.value.code == "edi.range_exhausted"
    assert len(shop.documents()) == 1


@pytest.mark.parametrize("shift", [timedelta(days=800), timedelta(days=-800)])
def test_without_a_certificate_that_holds_no_number_is_used(shop: Shop, shift: timedelta) -> None:
    with shop.house.unit(shop.tenant) as session:
        for row in session.scalars(select(Certificate)):
            row.valid_from -= shift
            row.valid_to -= shift
        bump_epoch(session)
    with pytest.raises(RefusedError) as refusal:
        shop.sell()
    assert refusal.value.objections == ["edi.no_certificate"]
    assert shop.range().next_number == 1


def test_a_missing_certificate_is_said(shop: Shop) -> None:
    change(shop, Certificate, archived_at=shop.clock.now())
    with pytest.raises(RefusedError, match="certificado"):
        shop.sell()


def test_a_test_certificate_does_not_serve_production(shop: Shop) -> None:
    change(shop, Issuer, environment="1")
    change(shop, NumberRange, environment="1")
    with pytest.raises(RefusedError, match="certificado"):
        shop.sell()


def test_an_establishment_without_a_municipality_refuses(shop: Shop) -> None:
    from core.tenancy import Establishment

    change(shop, Establishment, municipality="")
    with pytest.raises(RefusedError, match="municipio"):
        shop.sell()
    assert shop.range().next_number == 1


def test_the_till_of_a_range_comes_before_the_common_one(shop: Shop) -> None:
    with shop.house.unit(shop.tenant) as session:
        old = session.scalars(select(NumberRange).where(NumberRange.prefix == "POSE")).one()
        values = {c.key: getattr(old, c.key) for c in NumberRange.__mapper__.column_attrs}
        for key in ("id", "tenant_id", "version"):
            values.pop(key)
        values |= {"prefix": "CAJ1", "till_id": shop.place.till_id}
        session.add(NumberRange(**values))
        bump_epoch(session)
    assert shop.sell()["full_number"] == "CAJ11"


def test_the_same_sale_twice_has_one_document(shop: Shop) -> None:
    sale = shop.sale()
    assert shop.sell(sale) == shop.sell(sale)
    with shop.house.unit(shop.tenant, writes=False) as session:
        assert len(session.scalars(select(Document)).all()) == 1
        assert len(session.scalars(select(Version)).all()) == 1

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from sqlalchemy import select

from addons.edi.errors import (
    BadRangeError,
    DemoProductionError,
    IssuerError,
    OverlappingRangeError,
)
from addons.edi.formats import SIGNING_KEY, TECHNICAL_KEY, CertificateFile
from addons.edi.models import Certificate, Issuer, NumberRange
from addons.edi.queries import forecasts
from addons.edi.services import (
    IssuerDraft,
    RangeDraft,
    add_range,
    configure_issuer,
    install_certificate,
    put_range_away,
    stop_issuing,
)
from addons.l10n_co_dian import certificate_files
from addons.l10n_co_dian.certificates import SigningIdentity
from addons.l10n_co_dian.demo import DETAILS
from addons.l10n_co_dian.errors import CertificateError, TechnicalKeyError
from addons.l10n_co_dian.samples import SAMPLE_KEY
from core.db.uow import platform_unit
from core.process import Process, equip, process_of
from core.tenancy import Tenant
from core.vault.errors import NotSeparatedError
from core.vault.models import StoredSecret
from core.vault.services import get_secret, open_vault, place_of
from tests.documents.shop import RefusedError, Shop

pytestmark = pytest.mark.services


def invoice_range(shop: Shop, **values: Any) -> RangeDraft:
    draft = RangeDraft(
        format="co.dian.01",
        establishment_id=shop.place.establishment_id,
        resolution="18760000002",
        prefix="FE",
        first=1,
        last=100,
        valid_from=date(2026, 1, 1),
        valid_to=date(2027, 1, 1),
        technical_key=SAMPLE_KEY,
    )
    return replace(draft, **values)


def issuer(**values: Any) -> IssuerDraft:
    draft = IssuerDraft(
        format="co.dian.20",
        software_id="abc",
        software_pin="75315",
        service_url="http://127.0.0.1:1/",
        details=dict(DETAILS),
    )
    return replace(draft, **values)


def practise(shop: Shop) -> None:
    with platform_unit(shop.house.database, shop.clock, writes=True) as session:
        found = session.get(Tenant, shop.tenant.id)
        assert found
        found.is_demo = True


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"technical_key": SAMPLE_KEY[:38]}, TechnicalKeyError),
        ({"technical_key": ""}, TechnicalKeyError),
        ({"technical_key": "g" * 40}, TechnicalKeyError),
        ({"first": 0}, BadRangeError),
        ({"last": 0}, BadRangeError),
        ({"next_number": 102}, BadRangeError),
        ({"prefix": "toolong"}, BadRangeError),
        ({"prefix": "fe"}, BadRangeError),
        ({"resolution": ""}, BadRangeError),
        ({"valid_to": date(2025, 1, 1)}, BadRangeError),
        ({"environment": "3"}, IssuerError),
    ],
)
def test_a_range_that_could_not_number_is_refused(
    bare: Shop, change: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error), bare.house.unit(bare.tenant) as session:
        add_range(session, invoice_range(bare, **change))
    with bare.house.unit(bare.tenant, writes=False) as session:
        assert session.scalars(select(NumberRange)).all() == []
        assert session.scalars(select(StoredSecret)).all() == []


@pytest.mark.parametrize("limits", [(1, 100), (50, 150), (100, 100), (20, 30)])
def test_overlapping_numbers_are_refused(bare: Shop, limits: tuple[int, int]) -> None:
    with bare.house.unit(bare.tenant) as session:
        add_range(session, invoice_range(bare))
    more = invoice_range(bare, resolution="9", first=limits[0], last=limits[1])
    with pytest.raises(OverlappingRangeError), bare.house.unit(bare.tenant) as session:
        add_range(session, more)
    with bare.house.unit(bare.tenant) as session:
        add_range(session, replace(more, first=101, last=200))
        add_range(session, replace(more, prefix="FX"))


def test_a_technical_key_lies_in_the_vault(bare: Shop) -> None:
    with bare.house.unit(bare.tenant) as session:
        row = add_range(session, invoice_range(bare))
    with bare.house.unit(bare.tenant, writes=False) as session:
        vault = process_of(bare.house.database).vault
        kept = get_secret(session, vault, place_of(session, TECHNICAL_KEY, row.id))
        assert kept.reveal_text() == SAMPLE_KEY
        stored = session.scalars(select(StoredSecret)).one()
        assert SAMPLE_KEY.encode() not in bytes(stored.ciphertext)


def test_an_issuer_without_its_program_or_pin_is_refused(bare: Shop) -> None:
    changes: tuple[dict[str, Any], ...] = ({"details": {}}, {"software_pin": ""})
    for change in changes:
        with pytest.raises(IssuerError), bare.house.unit(bare.tenant) as session:
            configure_issuer(session, issuer(**change))
    with bare.house.unit(bare.tenant) as session:
        configure_issuer(session, issuer())
    with bare.house.unit(bare.tenant) as session:
        # An empty PIN keeps the one that is stored.
        configure_issuer(session, issuer(software_pin="", software_id="def"))


def test_one_environment_is_in_use(bare: Shop) -> None:
    with bare.house.unit(bare.tenant) as session:
        configure_issuer(session, issuer())
        configure_issuer(session, issuer(environment="1"))
    with bare.house.unit(bare.tenant, writes=False) as session:
        rows = session.scalars(select(Issuer)).all()
    assert {row.environment: row.active for row in rows} == {"1": True, "2": False}


def test_a_practice_business_never_touches_production(bare: Shop) -> None:
    practise(bare)
    with pytest.raises(DemoProductionError), bare.house.unit(bare.tenant) as session:
        configure_issuer(session, issuer(environment="1"))
    with pytest.raises(DemoProductionError), bare.house.unit(bare.tenant) as session:
        add_range(session, invoice_range(bare, environment="1"))


def test_a_practice_business_holds_test_certificates_only(
    bare: Shop, identities: dict[str, SigningIdentity], monkeypatch: pytest.MonkeyPatch
) -> None:
    practise(bare)
    given = CertificateFile(pem_of(identities["900123456"]))
    with bare.house.unit(bare.tenant) as session:
        assert install_certificate(session, "co.dian.20", given).is_test
    monkeypatch.setattr(certificate_files, "TEST_ENTITY", "Otra entidad")
    with pytest.raises(DemoProductionError), bare.house.unit(bare.tenant) as session:
        install_certificate(session, "co.dian.20", given)


def test_a_certificate_file_with_its_password_is_taken(
    bare: Shop, identities: dict[str, SigningIdentity]
) -> None:
    identity = identities["900123456"]
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption

    p12 = serialize_key_and_certificates(
        b"x", identity.key, identity.chain[0], identity.chain[1:], BestAvailableEncryption(b"clave")
    )
    for password in ("otra", ""):
        with pytest.raises(CertificateError), bare.house.unit(bare.tenant) as session:
            install_certificate(session, "co.dian.20", CertificateFile(p12, password))
    for _ in range(2):
        with bare.house.unit(bare.tenant) as session:
            install_certificate(session, "co.dian.20", CertificateFile(p12, "clave"))
    with bare.house.unit(bare.tenant, writes=False) as session:
        row = session.scalars(select(Certificate)).one()
        assert row.chain.count("BEGIN CERTIFICATE") == 3
        assert session.scalars(select(StoredSecret)).one().key_class == "signing"


def test_an_expired_certificate_is_refused(
    bare: Shop, identities: dict[str, SigningIdentity]
) -> None:
    bare.clock.advance(timedelta(days=1000))
    given = CertificateFile(pem_of(identities["900123456"]))
    with pytest.raises(CertificateError), bare.house.unit(bare.tenant) as session:
        install_certificate(session, "co.dian.20", given)


def test_the_web_cannot_open_a_signing_key(shop: Shop) -> None:
    worker = process_of(shop.house.database)
    folder = worker.folder
    vault = open_vault(folder / "app.key", folder / "signing.key", process="web")
    equip(shop.house.database, Process(worker.registry, vault, worker.files, folder))
    # A till sells all the same: only signing waits for the worker.
    assert shop.sell()["full_number"] == "POSE1"
    with shop.house.unit(shop.tenant, writes=False) as session:
        row = session.scalars(select(Certificate)).one()
        with pytest.raises(NotSeparatedError):
            get_secret(session, vault, place_of(session, SIGNING_KEY, row.id))


def test_a_business_that_stops_issuing_gives_internal_receipts(shop: Shop) -> None:
    shop.sell()
    with shop.house.unit(shop.tenant) as session:
        stop_issuing(session, "co.dian.20")
    assert shop.sell() == {"full_number": "R1"}
    shop.work()
    assert shop.document().state == "accepted"


def test_a_range_that_was_put_away_numbers_nothing(shop: Shop) -> None:
    with shop.house.unit(shop.tenant) as session:
        put_range_away(session, shop.range().id)
    with pytest.raises(RefusedError) as refusal:
        shop.sell()
    assert refusal.value.objections == ["edi.no_range"]


def test_what_ends_soon_is_said(shop: Shop) -> None:
    with shop.house.unit(shop.tenant, writes=False) as session:
        assert forecasts(session) == []
    shop.clock.advance(timedelta(days=690))
    with shop.house.unit(shop.tenant, writes=False) as session:
        assert {f.kind for f in forecasts(session)} == {"certificate", "range"}


def test_a_range_ends_soon_at_the_pace_of_its_sales(shop: Shop) -> None:
    for _ in range(3):
        shop.sell()
    with shop.house.unit(shop.tenant) as session:
        row = session.scalars(select(NumberRange).where(NumberRange.prefix == "POSE")).one()
        row.last = 5
    with shop.house.unit(shop.tenant, writes=False) as session:
        (found,) = forecasts(session)
    assert (found.kind, found.days) == ("range", 20)


def pem_of(identity: SigningIdentity) -> bytes:
    key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return key + b"".join(found.public_bytes(Encoding.PEM) for found in identity.chain)

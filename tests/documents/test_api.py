"""Documents entered by a program, over HTTP, signed by the worker."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select, update

from addons.edi.models import Certificate, Issuer, NumberRange, Version
from addons.l10n_co_dian.certificates import SigningIdentity
from addons.l10n_co_dian.schemas import validate
from core.audit.models import AuditEntry
from core.db.idempotency import Idempotency
from core.ids import uuid7
from core.process import equip, process_of
from core.tenancy.cache import bump_epoch
from core.testing.shared import needs_shared
from core.testing.web import Browser, Site, open_site
from tests.documents.official_drafts import INVOICE_CODE, POS_CODE, consumer_invoice, pos_ticket
from tests.documents.shop import Shop

pytestmark = pytest.mark.services
Draft = Callable[[str], dict[str, Any]]


@pytest.fixture
def site(shop: Shop, tmp_path: Path) -> Site:
    worker = process_of(shop.house.database)
    keys = worker.folder
    opened = open_site(
        shop.house,
        tmp_path,
        shop.registry,
        kek_file=keys / "app.key",
        signing_kek_file=keys / "signing.key",
    )
    for tenant in (shop.house.bakery, shop.house.pharmacy):
        opened.enable(tenant, "edi", "l10n_co_dian")
    # The worker's vault opens signing keys; pages get the web's by ``web``.
    equip(shop.house.database, worker)
    return opened


def post(browser: Browser, draft: dict[str, Any], key: str | None = None) -> Any:
    return browser.send("/api/v1/edi/documents", draft, Idempotency_Key=key or str(uuid7()))


def draft_of(shop: Shop, *, price: str = "20000", **values: Any) -> dict[str, Any]:
    line = {
        "description": "Torta", "quantity": "2", "unit_price": price, "code": "T1",
        "taxes": [{"code": "01", "rate": "19"}],
    }  # fmt: skip
    place = str(shop.place.establishment_id)
    return {"format": "co.dian.01", "establishment_id": place, "lines": [line], **values}


def test_an_invoice_is_numbered_signed_and_accepted(shop: Shop, site: Site) -> None:
    answer = post(site.browser("owner@bakery.co"), draft_of(shop))
    assert answer.status_code == 201, answer.text
    told = answer.json
    assert (told["prefix"], told["number"], told["total"]) == ("SETP", 990000000, "47600.00")
    shop.work()
    shown: Any = site.browser("owner@bakery.co").get(f"/api/v1/edi/documents/{told['id']}").json
    assert shown["status"] == "accepted"
    assert shop.at_the_authority() == {"SETP990000000": told["code"]}


@pytest.mark.parametrize(
    ("draft", "code"), [(consumer_invoice, INVOICE_CODE), (pos_ticket, POS_CODE)]
)
def test_the_official_samples_get_their_official_codes(
    shop: Shop, site: Site, draft: Draft, code: str
) -> None:
    entered = draft(str(shop.place.establishment_id))
    answer = post(site.browser("owner@bakery.co"), entered)
    assert answer.status_code == 201, answer.text
    assert answer.json["code"] == code
    with shop.house.unit(shop.tenant, writes=False) as session:
        noted = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "edi.document.backfill")
        ).one()
    assert noted.details["code"] == code
    assert noted.recorded_by == site.people["owner@bakery.co"]


@needs_shared
@pytest.mark.parametrize("draft", [consumer_invoice, pos_ticket])
def test_the_official_samples_are_valid_and_their_signature_verifies(
    shop: Shop,
    site: Site,
    draft: Draft,
    xmlsec1: Path,
    identities: dict[str, SigningIdentity],
    tmp_path: Path,
) -> None:
    post(site.browser("owner@bakery.co"), draft(str(shop.place.establishment_id)))
    shop.work(0.05)
    artifact = shop.artifacts()["signed"]
    signed = process_of(shop.house.database).files.get(shop.tenant, artifact.sha256)
    assert validate(signed) == []
    assert ("validate", "done") in shop.steps()
    _leaf, sub, root = identities["900123456"].chain
    for name, certificate in (("root", root), ("sub", sub)):
        (tmp_path / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (tmp_path / "signed.xml").write_bytes(signed)
    command = [
        str(xmlsec1), "--verify", "--trusted-pem", str(tmp_path / "root.pem"),
        "--untrusted-pem", str(tmp_path / "sub.pem"),
        "--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
        "--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:KeyInfo",
        "--verification-gmt-time", "2026-03-16 15:20:00", str(tmp_path / "signed.xml"),
    ]  # fmt: skip
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def work_in(shop: Shop, environment: str) -> None:
    """Put everything in order for an environment: issuers, ranges, a certificate that is real."""
    with shop.house.unit(shop.tenant) as session:
        for rows in (
            update(Issuer).values(environment=environment),
            update(NumberRange).values(environment=environment),
            update(Certificate).values(is_test=False),
        ):
            session.execute(rows.execution_options(synchronize_session=False))
        bump_epoch(session)


@pytest.mark.parametrize("draft", [consumer_invoice, pos_ticket])
def test_a_backfill_is_refused_in_production_and_only_for_being_one(
    shop: Shop, site: Site, draft: Draft
) -> None:
    browser = site.browser("owner@bakery.co")
    entered = draft(str(shop.place.establishment_id))
    ordinary = {name: value for name, value in entered.items() if name != "backfill"}
    work_in(shop, "1")
    refused = post(browser, entered)
    assert (refused.status_code, refused.json["code"]) == (409, "edi.backfill_refused")
    assert shop.documents() == []
    assert post(browser, ordinary).status_code == 201
    work_in(shop, "2")
    assert post(browser, entered).status_code == 201
    assert len(shop.documents()) == 2


def test_a_backfill_needs_its_own_permission(shop: Shop, site: Site) -> None:
    site.person("accountant@bakery.co", (shop.tenant, "accountant"))
    browser = site.browser("accountant@bakery.co")
    assert post(browser, draft_of(shop)).status_code == 201
    entered = pos_ticket(str(shop.place.establishment_id))
    assert post(browser, entered).status_code == 403
    assert post(site.browser("cashier@bakery.co"), draft_of(shop)).status_code == 403


def test_the_same_key_gives_the_same_document_and_another_draft_is_refused(
    shop: Shop, site: Site
) -> None:
    browser, key = site.browser("owner@bakery.co"), str(uuid7())
    first, second = post(browser, draft_of(shop), key), post(browser, draft_of(shop), key)
    assert first.json == second.json
    with shop.house.unit(shop.tenant, writes=False) as session:
        assert session.scalars(select(Idempotency.expires_at)).all() == [None], "kept for ever"
    assert post(browser, draft_of(shop, order="7"), key).status_code == 409
    assert len(shop.documents()) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"lines": []},
        {"format": "co.dian.99"},
        {"lines": [{"description": "x", "quantity": "0", "unit_price": "1", "code": "a"}]},
        {"lines": [{"description": "x", "quantity": "1", "unit_price": "1"}]},
        {"lines": [{"description": "x", "quantity": "1", "unit_price": 1.5, "code": "a"}]},
        {"till": None, "format": "co.dian.20"},
    ],
)
def test_a_draft_that_makes_no_document_uses_no_number(
    shop: Shop, site: Site, change: dict[str, Any]
) -> None:
    answer = post(site.browser("owner@bakery.co"), draft_of(shop, **change))
    assert answer.status_code in {409, 422}, answer.text
    assert shop.range("SETP").next_number == 990_000_000
    assert shop.range().next_number == 1
    assert shop.documents() == []


def test_a_number_that_was_entered_is_not_entered_twice(shop: Shop, site: Site) -> None:
    browser = site.browser("owner@bakery.co")
    entered = pos_ticket(str(shop.place.establishment_id))
    assert post(browser, entered).status_code == 201
    again = deepcopy(entered)
    again["order"] = "other"
    answer = post(browser, again)
    assert (answer.status_code, answer.json["code"]) == (409, "edi.number_used")


def test_another_business_finds_no_document(shop: Shop, site: Site) -> None:
    told = post(site.browser("owner@bakery.co"), draft_of(shop)).json
    stranger = site.browser("owner@pharmacy.co")
    for path in (f"/api/v1/edi/documents/{told['id']}", f"/edi/documents/{told['id']}"):
        assert stranger.get(path).status_code == 404
    assert site.browser("cashier@bakery.co").get(f"/edi/documents/{told['id']}").status_code == 200


def test_the_pages_show_list_document_qr_and_files(shop: Shop, site: Site) -> None:
    shop.sell()
    shop.work()
    browser = site.browser("owner@bakery.co")
    document = shop.document()
    listed = browser.get("/edi/documents").text
    assert "POSE1" in listed
    assert "Aceptado" in listed
    assert "POSE1" not in browser.get("/edi/documents?state=rejected").text
    shown = browser.get(f"/edi/documents/{document.id}").text
    assert document.code in shown
    assert browser.get(f"/edi/documents/{document.id}/qr.svg").text.startswith("<svg")
    signed = browser.get(f"/edi/documents/{document.id}/1/signed.xml")
    assert signed.headers["Content-Disposition"].endswith('ds09001234560002600000001.xml"')
    assert document.code.encode() in signed.data
    assert browser.get(f"/edi/documents/{document.id}/1/answer.xml").status_code == 200
    assert browser.get(f"/edi/documents/{document.id}/2/signed.xml").status_code == 404
    assert browser.get(f"/edi/documents/{document.id}/1/key.xml").status_code == 404
    assert browser.get("/edi/documents?after=x").status_code == 422


def test_a_rejected_document_is_issued_again_from_its_page(shop: Shop, site: Site) -> None:
    from addons.l10n_co_dian.simulator import Kind

    shop.fault(Kind.REJECT, rule="FAJ43b")
    shop.sell()
    shop.work()
    document = shop.document()
    path = f"/edi/documents/{document.id}"
    assert site.browser("cashier@bakery.co").post(f"{path}/reissue").status_code in {403, 400}
    browser = site.browser("owner@bakery.co")
    browser.read(path)
    assert "FAJ43b" in browser.get(path).text
    assert browser.post(f"{path}/retry").status_code == 409
    assert browser.post(f"{path}/reissue").status_code == 303
    shop.work()
    assert shop.document().state == "accepted"


def test_lists_are_read_by_key_across_pages(shop: Shop, site: Site) -> None:
    with shop.house.unit(shop.tenant, writes=False) as session:
        assert session.scalars(select(NumberRange)).all()
    for _ in range(52):
        shop.sell()
    browser = site.browser("owner@bakery.co")
    import re

    first = browser.get("/edi/documents").text
    address = re.search(r'href="(/edi/documents\?[^"]*after=[^"]+)"', first)
    assert address
    second = browser.get(address[1].replace("&amp;", "&")).text
    names = [set(re.findall(r"POSE\d+", text)) for text in (first, second)]
    assert (len(names[0]), len(names[1])) == (50, 2)
    assert not names[0] & names[1]


def test_every_version_belongs_to_its_business(shop: Shop, other: Shop, site: Site) -> None:
    shop.sell()
    with other.house.unit(other.tenant, writes=False) as session:
        assert session.scalars(select(Version)).all() == []

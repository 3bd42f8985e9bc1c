"""Who the software is and who signs: own software, software of another, a technology provider."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from addons.edi.models import Issuer
from addons.l10n_co_dian.demo import DETAILS
from addons.l10n_co_dian.inspect import inspect_document
from addons.l10n_co_dian.safe_xml import NS, first_text, parse
from addons.l10n_co_dian.simulator import Kind
from core.process import process_of
from core.tenancy.cache import bump_epoch
from tests.documents.shop import Shop

pytestmark = pytest.mark.services

PROVIDER = (
    "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/sts:DianExtensions/"
    "sts:SoftwareProvider/"
)


def signed_with(shop: Shop, **details: Any) -> bytes:
    with shop.house.unit(shop.tenant) as session:
        query = select(Issuer).where(Issuer.format == "co.dian.20")
        session.scalars(query).one().details = {**DETAILS, **details}
        bump_epoch(session)
    shop.sell()
    shop.work(0.05)
    sha256 = shop.artifacts()["signed"].sha256
    return process_of(shop.house.database).files.get(shop.tenant, sha256)


def test_own_software_names_the_issuer_and_signs_as_supplier(shop: Shop) -> None:
    signed = signed_with(shop)
    root = parse(signed)
    assert first_text(root, PROVIDER + "sts:ProviderID") == "900123456"
    with shop.house.unit(shop.tenant, writes=False) as session:
        row = session.scalars(select(Issuer).where(Issuer.format == "co.dian.20")).one()
    assert first_text(root, PROVIDER + "sts:SoftwareID") == row.software_id
    report = inspect_document(signed, pin="75315")
    assert report["code_matches"]
    assert report["software_code_matches"]
    assert report["signature"]["role"] == "supplier"


def test_a_technology_provider_is_named_and_signs_as_a_third_party(shop: Shop) -> None:
    signed = signed_with(shop, provider_nit="800197268", signer_role="third party")
    root = parse(signed)
    found = root.find(PROVIDER + "sts:ProviderID", NS)
    assert found is not None
    assert (found.text, found.get("schemeID")) == ("800197268", "4")
    assert inspect_document(signed, pin="75315")["signature"]["role"] == "third party"


def test_two_hosted_businesses_sign_with_their_own_software_and_key(
    shop: Shop, other: Shop
) -> None:
    programs, signers = set(), set()
    for one in (shop, other):
        one.sell()
        one.work()
        with one.house.unit(one.tenant, writes=False) as session:
            row = session.scalars(select(Issuer).where(Issuer.format == "co.dian.20")).one()
            programs.add(row.software_id)
        sha256 = one.artifacts()["signed"].sha256
        signed = process_of(one.house.database).files.get(one.tenant, sha256)
        signers.add(inspect_document(signed)["signature"]["signer"])
    assert len(programs) == len(signers) == 2


def test_documents_of_a_test_set_are_handed_to_it_and_asked_by_their_archive(shop: Shop) -> None:
    with shop.house.unit(shop.tenant) as session:
        row = session.scalars(select(Issuer).where(Issuer.format == "co.dian.20")).one()
        row.test_set_id = "7a1a8a9e-5d8e-4a9a-9a51-0d1f6a3c0001"
        bump_epoch(session)
        program = {"id": row.software_id, "pin": "75315", "owner_nit": "900123456"}
    told = {**program, "test_set_id": "7a1a8a9e-5d8e-4a9a-9a51-0d1f6a3c0001"}
    url = f"{shop.server.base}/_control/software"
    httpx.post(url, json=told).raise_for_status()
    shop.fault(Kind.PENDING, asks=2, operation="SendTestSetAsync")
    shop.sell()
    shop.work()
    talk = [step for step in shop.steps() if step[0] in {"send", "ask"}]
    assert talk[:2] == [("send", "started"), ("send", "pending")]
    assert talk[-1] == ("ask", "accepted")
    attempts = shop.server.simulator.ledger.contents().attempts
    assert [a.operation for a in attempts] == ["SendTestSetAsync"]
    assert shop.at_the_authority() == {"POSE1": shop.document().code}

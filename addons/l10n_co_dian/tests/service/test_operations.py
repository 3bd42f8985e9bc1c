"""Every operation: described, sent, answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from lxml import etree

from addons.l10n_co_dian.samples import SAMPLE_KEY, SAMPLE_NIT
from addons.l10n_co_dian.schemas import validate
from addons.l10n_co_dian.simulator.service import UNSUPPORTED
from addons.l10n_co_dian.soap.answers import Acquirer, Missing
from addons.l10n_co_dian.soap.application_response import read_application_response
from addons.l10n_co_dian.soap.client import DianClient
from addons.l10n_co_dian.soap.envelope import Signer, build_request
from addons.l10n_co_dian.soap.operations import OPERATIONS, WCF
from addons.l10n_co_dian.soap.outcomes import Faulted, is_not_found
from addons.l10n_co_dian.tests.service.conftest import NOW, TEST_SET, Sealed, Stage
from addons.l10n_co_dian.xades import BOGOTA
from core.clock import StoppedClock
from core.outcome import Accepted, Pending, Rejected

pytestmark = pytest.mark.services

WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
XS = "{http://www.w3.org/2001/XMLSchema}"
#: Added by the authority after the description that we hold was taken.
LATER = {"GetAcquirer", "GetReferenceNotes", "GetDocumentInfo"}


@pytest.fixture
def wsdl(dian_data: Path) -> Path:
    if not (dian_data / "wsdl").is_dir():
        pytest.skip(f"no description of the service in {dian_data}")
    return dian_data / "wsdl"


def test_our_operations_are_those_of_the_real_description(wsdl: Path) -> None:
    root = etree.parse(wsdl / "WcfDianCustomerServices.wsdl").getroot()
    described = {
        operation.get("name", ""): asked.get("{http://www.w3.org/2006/05/addressing/wsdl}Action")
        for operation in root.iterfind(f"{WSDL}portType/{WSDL}operation")
        for asked in operation.iterfind(f"{WSDL}input")
    }
    ours = {name: op.action for name, op in OPERATIONS.items() if name not in LATER}
    assert ours == described


def test_our_parameters_are_those_of_the_real_schema_in_its_order(wsdl: Path) -> None:
    root = etree.parse(wsdl / "WcfDianCustomerServices11.xsd").getroot()
    below = f"{XS}complexType/{XS}sequence/{XS}element"
    for name in set(OPERATIONS) - LATER:
        fields = root.iterfind(f"{XS}element[@name='{name}']/{below}")
        assert OPERATIONS[name].parameters == tuple(field.get("name") for field in fields)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_operation_is_answered_or_says_that_it_is_not_supported(
    name: str, stage: Stage
) -> None:
    operation = OPERATIONS[name]
    signer = Signer(stage.shop.key, stage.shop.chain[0])
    raw = build_request(operation, {}, to=stage.server.url, signer=signer, now=NOW)
    reply = httpx.post(stage.server.url, content=raw)
    if name in UNSUPPORTED:
        assert reply.status_code == 500
        assert b"ActionNotSupported" in reply.content
    else:
        assert reply.status_code == 200
        assert f"<{name}Result".encode() in reply.content


def test_a_document_is_sent_and_its_verdict_proved(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    sealed = document(kind="01")
    outcome = stage.send(sealed)
    assert isinstance(outcome, Accepted)
    assert (outcome.key, outcome.warnings) == (sealed.code, ())
    assert stage.accepted_codes() == {sealed.snapshot.number: sealed.code}


def test_the_verdict_is_valid_by_the_schema(
    stage: Stage, document: Callable[..., Sealed], dian_data: Path
) -> None:
    if not (dian_data / "xsd").is_dir():
        pytest.skip(f"no schemas in {dian_data}")
    outcome = stage.send(document(issued_at=NOW.astimezone(BOGOTA) - timedelta(days=1)))
    assert isinstance(outcome, Accepted)
    assert validate(outcome.document, dian_data / "xsd") == []
    verdict = read_application_response(outcome.document, stage.server.simulator.identity.chain[1:])
    assert (verdict.code, verdict.description) == ("02", "Documento validado por la DIAN")
    assert [note.rule for note in verdict.notes] == ["DEAD09e"]
    assert verdict.signature.valid


def test_the_status_of_an_accepted_document_is_the_same_verdict(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    sealed = document()
    assert stage.send(sealed) == stage.client.get_status(sealed.code)


def test_the_status_of_a_rejected_document_tells_its_rules(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    sealed = document(software_security_code="0" * 96)
    wrong = sealed.xml.replace(b"2d2f8f4e", b"3d2f8f4e")
    sent = stage.client.send_bill_sync("z.zip", Sealed(sealed.snapshot, wrong).archive)
    asked = stage.client.get_status(sealed.code)
    assert isinstance(sent, Rejected)
    assert isinstance(asked, Rejected)
    assert sent.rules == asked.rules


def test_the_status_of_what_was_never_sent_is_not_found(stage: Stage) -> None:
    assert is_not_found(stage.client.get_status("f" * 96))
    assert is_not_found(stage.client.get_status_zip("no-such-key"))


def test_an_asynchronous_document_is_pending_until_it_is_asked(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    sealed = document()
    sent = stage.client.send_bill_async("z.zip", sealed.archive)
    assert isinstance(sent, Pending)
    verdict = stage.client.get_status_zip(sent.key, expected_code=sealed.code)
    assert isinstance(verdict, Accepted)
    assert verdict.key == sealed.code


def test_a_test_set_takes_documents_under_its_own_id_only(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    sealed = document()
    refused = stage.client.send_test_set_async("z.zip", sealed.archive, "another")
    assert isinstance(refused, Rejected)
    assert "another" in refused.rules[0].text
    sent = stage.client.send_test_set_async("z.zip", sealed.archive, TEST_SET)
    assert isinstance(sent, Pending)
    assert isinstance(stage.client.get_status_zip(sent.key), Accepted)


def test_an_archive_that_cannot_be_read_is_refused_at_once(stage: Stage) -> None:
    outcome = stage.client.send_bill_async("z.zip", b"no archive")
    assert isinstance(outcome, Rejected)
    assert "ZA01" in outcome.rules[0].text


def test_a_stored_document_comes_back_byte_for_byte(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    sealed = document()
    stage.send(sealed)
    assert stage.client.get_xml_by_document_key(sealed.code) == sealed.xml
    missing = stage.client.get_xml_by_document_key("f" * 96)
    assert isinstance(missing, Missing)
    assert missing.code == "404"


def test_the_ranges_of_an_issuer_come_with_their_technical_keys(stage: Stage) -> None:
    found = stage.client.get_numbering_range(SAMPLE_NIT, SAMPLE_NIT, "any")
    assert isinstance(found, tuple)
    assert [(r.prefix, r.technical_key) for r in found] == [("EPOS", ""), ("SETP", SAMPLE_KEY)]
    nothing = stage.client.get_numbering_range("800000000", SAMPLE_NIT, "any")
    assert isinstance(nothing, Missing)


def test_a_buyer_is_looked_up_one_by_one(stage: Stage) -> None:
    found = stage.client.get_acquirer("13", "1094000111")
    assert found == Acquirer("Luz Dary Ossa", "l@d.example")
    assert isinstance(stage.client.get_acquirer("13", "5"), Missing)


def test_an_event_that_is_no_event_is_rejected(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    outcome = stage.client.send_event(document().archive)
    assert isinstance(outcome, Rejected)


def test_the_real_description_is_served_with_our_address(
    stage: Stage, wsdl: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("addons.l10n_co_dian.simulator.wsdl._BESIDE", wsdl)
    described = httpx.get(stage.server.url + "?wsdl")
    assert stage.server.url.encode() in described.content
    assert b"vpfe-hab" not in described.content
    for number in range(11):
        schema = httpx.get(f"{stage.server.url}?xsd=xsd{number}")
        assert schema.status_code == 200
        assert etree.fromstring(schema.content).tag == f"{XS}schema"
    assert httpx.get(stage.server.url + "?xsd=xsd99").status_code == 404
    single = etree.fromstring(httpx.get(stage.server.url + "?singleWsdl").content)
    assert len(single.findall(f"{WSDL}types/{XS}schema")) == 11


def test_without_the_real_description_ours_names_what_is_supported(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("addons.l10n_co_dian.simulator.wsdl._BESIDE", tmp_path)
    root = etree.fromstring(httpx.get(stage.server.url + "?wsdl").content)
    named = {o.get("name") for o in root.iterfind(f"{WSDL}portType/{WSDL}operation")}
    assert named == set(OPERATIONS) - UNSUPPORTED
    (schema,) = root.iterfind(f"{WSDL}types/{XS}schema")
    etree.XMLSchema(schema)
    assert schema.get("targetNamespace") == WCF


def test_a_message_whose_ids_are_declared_elsewhere_gets_an_empty_400(stage: Stage) -> None:
    reply = httpx.post(stage.server.url, content=b'<a><b wsu:Id="x"/></a>')
    assert (reply.status_code, reply.content) == (400, b"")


def test_a_message_for_another_address_is_a_fault(stage: Stage) -> None:
    signer = Signer(stage.shop.key, stage.shop.chain[0])
    to = "https://vpfe-hab.dian.gov.co/WcfDianCustomerServices.svc"
    raw = build_request(OPERATIONS["GetStatus"], {}, to=to, signer=signer, now=NOW)
    reply = httpx.post(stage.server.url, content=raw)
    assert reply.status_code == 500
    assert b"DestinationUnreachable" in reply.content


def test_a_client_whose_clock_is_wrong_is_faulted_and_nothing_is_read(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    late = StoppedClock(NOW - timedelta(hours=1))
    with DianClient(stage.server.url, stage.shop.key, stage.shop.chain, late) as client:
        outcome = client.send_bill_sync("z.zip", document().archive)
    assert isinstance(outcome, Faulted)
    assert outcome.rules[0].rule == "SOAP:InvalidSecurity"
    assert stage.accepted_codes() == {}

"""Credit notes and events, as far as the simulated authority judges them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from addons.l10n_co_dian.codes import EventCodeInput, event_code
from addons.l10n_co_dian.safe_xml import NS
from addons.l10n_co_dian.samples import SAMPLE_NIT, SAMPLE_PIN, coded
from addons.l10n_co_dian.snapshot import Correction
from addons.l10n_co_dian.soap.package import pack
from addons.l10n_co_dian.tests.service.conftest import NOW, Sealed, Stage, sample
from addons.l10n_co_dian.ubl import build_xml
from addons.l10n_co_dian.xades import sign
from core.outcome import Accepted, Outcome, Rejected

pytestmark = pytest.mark.services

_ROOT = "urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2"


def note_on(invoice: Sealed, *, pin_holds: bool = True) -> bytes:
    correction = Correction(
        concept="1",
        reason="Devolución",
        number=invoice.snapshot.number,
        code=invoice.code,
        scheme="CUFE-SHA384",
        issue_date=invoice.snapshot.issue_date,
    )
    note = coded(
        replace(
            sample("01"),
            document_type="91",
            prefix="NC",
            number="NC1",
            range=None,
            pos=None,
            correction=correction,
        )
    )
    return build_xml(note if pin_holds else replace(note, code="0" * 96))


def sent(stage: Stage, xml: bytes) -> Outcome:
    signed = sign(xml, stage.shop.key, stage.shop.chain, NOW)
    return stage.client.send_bill_sync("z.zip", pack("nc1.xml", signed))


def test_a_credit_note_is_accepted_without_a_range(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    invoice = document(kind="01")
    stage.send(invoice)
    assert isinstance(sent(stage, note_on(invoice)), Accepted)


def test_a_credit_note_breaks_the_rules_of_credit_notes(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    outcome = sent(stage, note_on(document(kind="01"), pin_holds=False))
    assert isinstance(outcome, Rejected)
    assert [rule.rule for rule in outcome.rules] == ["CAD06"]


def event(invoice: Sealed, *, pin: str = SAMPLE_PIN, code: str = "030") -> bytes:
    """A receipt (030) of an invoice, as little as the schema takes."""
    day, time, buyer = "2026-11-21", "09:00:05-05:00", SAMPLE_NIT
    data = EventCodeInput("E1", day, time, buyer, buyer, code, invoice.snapshot.number, "01", pin)

    def party(role: str) -> str:
        return (
            f"<cac:{role}><cac:PartyTaxScheme><cbc:RegistrationName>x</cbc:RegistrationName>"
            f'<cbc:CompanyID schemeName="31">{buyer}</cbc:CompanyID><cac:TaxScheme>'
            f"<cbc:ID>01</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme></cac:{role}>"
        )

    names = "".join(f' xmlns:{p}="{NS[p]}"' for p in ("cac", "cbc", "ext", "sts"))
    slot = "<ext:UBLExtension><ext:ExtensionContent>{}</ext:ExtensionContent></ext:UBLExtension>"
    own = (
        "<sts:DianExtensions><sts:SoftwareProvider><sts:ProviderID>900123456</sts:ProviderID>"
        f"<sts:SoftwareID>{invoice.snapshot.software.id}</sts:SoftwareID></sts:SoftwareProvider>"
        "</sts:DianExtensions>"
    )
    return (
        f'<ApplicationResponse xmlns="{_ROOT}"{names}><ext:UBLExtensions>{slot.format(own)}'
        f"{slot.format('')}</ext:UBLExtensions><cbc:UBLVersionID>UBL 2.1</cbc:UBLVersionID>"
        f"<cbc:CustomizationID>1</cbc:CustomizationID><cbc:ID>E1</cbc:ID>"
        f'<cbc:UUID schemeName="CUDE-SHA384">{event_code(data)}</cbc:UUID>'
        f"<cbc:IssueDate>{day}</cbc:IssueDate><cbc:IssueTime>{time}</cbc:IssueTime>"
        f"{party('SenderParty')}{party('ReceiverParty')}<cac:DocumentResponse><cac:Response>"
        f"<cbc:ResponseCode>{code}</cbc:ResponseCode></cac:Response><cac:DocumentReference>"
        f"<cbc:ID>{invoice.snapshot.number}</cbc:ID><cbc:UUID>{invoice.code}</cbc:UUID>"
        "<cbc:DocumentTypeCode>01</cbc:DocumentTypeCode></cac:DocumentReference>"
        "</cac:DocumentResponse></ApplicationResponse>"
    ).encode()


def told(stage: Stage, xml: bytes, *, altered: bool = False) -> Outcome:
    signed = sign(xml, stage.shop.key, stage.shop.chain, NOW)
    if altered:
        signed = signed.replace(b">x</cbc:RegistrationName>", b">y</cbc:RegistrationName>")
    return stage.client.send_event(pack("ar1.xml", signed))


def test_an_event_is_accepted_once(stage: Stage, document: Callable[..., Sealed]) -> None:
    invoice = document(kind="01")
    stage.send(invoice)
    assert isinstance(told(stage, event(invoice)), Accepted)
    again = told(stage, event(invoice))
    assert isinstance(again, Rejected)
    assert [rule.rule for rule in again.rules] == ["LGC01"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [({"pin": "1"}, "AAD06"), ({"code": "099"}, "AAH03"), ({}, "AAH07"), ({}, "ZE02")],
)
def test_an_event_that_is_wrong_is_rejected(
    change: dict[str, str], rule: str, stage: Stage, document: Callable[..., Sealed]
) -> None:
    invoice = document(kind="01")
    if rule != "AAH07":
        stage.send(invoice)
    outcome = told(stage, event(invoice, **change), altered=rule == "ZE02")
    assert isinstance(outcome, Rejected)
    assert [broken.rule for broken in outcome.rules] == [rule]

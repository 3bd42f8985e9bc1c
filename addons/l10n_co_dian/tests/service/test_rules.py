"""What the simulated authority finds in a document, rule by rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from lxml import etree

from addons.l10n_co_dian.certificates import SigningIdentity, make_test_chain
from addons.l10n_co_dian.errors import SchemasMissingError
from addons.l10n_co_dian.samples import SAMPLE_NIT, coded
from addons.l10n_co_dian.simulator import Running, SimulatorConfig, running
from addons.l10n_co_dian.simulator.bench import measure
from addons.l10n_co_dian.simulator.config import Issuer
from addons.l10n_co_dian.simulator.reading import Reading
from addons.l10n_co_dian.simulator.totals import totals_findings
from addons.l10n_co_dian.soap.client import DianClient
from addons.l10n_co_dian.soap.package import pack
from addons.l10n_co_dian.tests.service.conftest import NOW, Sealed, Stage, pem, sample
from addons.l10n_co_dian.ubl import build_xml
from addons.l10n_co_dian.xades import sign
from core.clock import StoppedClock
from core.outcome import Accepted, BrokenRule, Outcome, Rejected

pytestmark = pytest.mark.services


def plain(kind: str = "01") -> bytes:
    return build_xml(sample(kind))


def judged(stage: Stage, xml: bytes, *, by: SigningIdentity | None = None) -> Outcome:
    signer = by or stage.shop
    signed = sign(xml, signer.key, signer.chain, NOW)
    return stage.client.send_bill_sync("z.zip", pack("fv1.xml", signed))


def rules(outcome: Outcome) -> set[str]:
    assert isinstance(outcome, Rejected)
    return {rule.rule for rule in outcome.rules}


@pytest.mark.parametrize("kind", ["01", "20"])
def test_a_correct_document_is_accepted_without_a_word(kind: str, stage: Stage) -> None:
    outcome = judged(stage, plain(kind))
    assert isinstance(outcome, Accepted)
    assert outcome.warnings == ()


#: What is changed in a correct invoice before it is signed, and the rules that it then breaks.
CHANGES = {
    "payable": ('PayableAmount currencyID="COP">47600.00', "47603.00", {"FAU14", "FAD06"}),
    "inclusive": ('TaxInclusiveAmount currencyID="COP">47600.00', "47603.00",
                  {"FAU06", "FAU14"}),
    "exclusive": ('TaxExclusiveAmount currencyID="COP">40000.00', "39000.00", {"FAU04"}),
    "environment": ("ProfileExecutionID>2", "1", {"FAD04", "FAD06"}),
    "resolution": ("InvoiceAuthorization>18760000001", "18760000002", {"FAB05a", "FAD06"}),
    "prefix": ("sts:Prefix>SETP", "SETX", {"FAB10b"}),
    "from": ("sts:From>990000000", "1", {"FAB11b"}),
    "to": ("sts:To>995000000", "999000000", {"FAB12b"}),
    "range dates": ("StartDate>2019-01-19", "2019-01-20", {"FAB07a"}),
    "authority": ("AuthorizationProviderID", None, {"FAB31", "FAB34"}),
    "number": ("cbc:ID>SETP990000123", "SETP989999999", {"FAD05d", "FAD06", "FAB27b"}),
    "zone": ("IssueTime>09:00:05-05:00", "09:00:05-04:00", {"FAD10", "FAD06"}),
    "scheme": ('schemeName="CUFE-SHA384', '"CUDE-SHA384', {"FAD08"}),
    "issue date": ("IssueDate>2026-11-21", "2100-01-01", {"FAD09b", "FAD06"}),
    "software": ("sts:SoftwareID", None, {"FAB24b"}),
}  # fmt: skip


def changed(xml: bytes, where: str, value: str | None) -> bytes:
    text = xml.decode()
    if value is None:
        start = text.index(">", text.index(where)) + 1
        assert text[start] != "<"
        return (text[:start] + ("9" if text[start] != "9" else "8") + text[start + 1 :]).encode()
    found = where.rpartition(">")[2] if ">" in where else where.partition("=")[2]
    assert where in text
    return text.replace(where, where.removesuffix(found) + value, 1).encode()


@pytest.mark.parametrize("name", CHANGES)
def test_a_document_that_breaks_a_rule_is_rejected_by_that_rule(name: str, stage: Stage) -> None:
    where, value, expected = CHANGES[name]
    assert expected <= rules(judged(stage, changed(plain(), where, value)))
    assert stage.accepted_codes() == {}


def test_a_difference_within_two_pesos_is_tolerated(stage: Stage) -> None:
    xml = changed(plain(), 'TaxInclusiveAmount currencyID="COP">47600.00', "47602.00")
    assert isinstance(judged(stage, xml), Accepted)


def test_a_wrong_code_is_rejected_for_the_pos_document_by_its_own_rule(stage: Stage) -> None:
    snapshot = sample("20")
    wrong = build_xml(replace(snapshot, code="0" * 96))
    assert rules(judged(stage, wrong)) == {"DEAD06"}


def test_a_document_signed_on_another_day_than_issued_is_notified(stage: Stage) -> None:
    yesterday = NOW - timedelta(days=1)
    xml = build_xml(sample("01", at=yesterday))
    outcome = judged(stage, xml)
    assert isinstance(outcome, Accepted)
    assert [(w.rule, w.warning) for w in outcome.warnings] == [("FAD09e", True)]


def test_a_stricter_authority_rejects_another_day(
    config: SimulatorConfig, shop: SigningIdentity, clock: StoppedClock
) -> None:
    stricter = config.model_copy(update={"rejects_other_day": True})
    yesterday = NOW - timedelta(days=1)
    signed = sign(build_xml(sample("01", at=yesterday)), shop.key, shop.chain, NOW)
    with (
        running(stricter, clock=clock) as server,
        DianClient(server.url, shop.key, shop.chain, clock) as client,
    ):
        outcome = client.send_bill_sync("z.zip", pack("f.xml", signed))
    assert rules(outcome) == {"FAD09e"}


def test_a_document_changed_after_it_was_signed_is_rejected(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    sealed = document(kind="01")
    altered = sealed.xml.replace(b"Torta", b"Tarta", 1)
    outcome = stage.client.send_bill_sync("z.zip", pack("f.xml", altered))
    assert rules(outcome) == {"ZE02"}


def test_a_document_without_a_signature_is_rejected(stage: Stage) -> None:
    outcome = stage.client.send_bill_sync("z.zip", pack("f.xml", plain()))
    assert "FAC03" in rules(outcome)


def test_a_document_signed_by_a_stranger_is_rejected(
    stage: Stage, impostor: SigningIdentity
) -> None:
    assert rules(judged(stage, plain(), by=impostor)) == {"ZD05"}


def test_a_certificate_that_was_not_valid_when_it_signed_is_rejected(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    old = make_test_chain("Panadería", SAMPLE_NIT, NOW - timedelta(days=800))
    httpx.post(stage.server.base + "/_control/roots", content=pem(old)).raise_for_status()
    # Signed while it was valid, but it says so itself: the issue date does not fit either.
    when = NOW - timedelta(days=800)
    signed = sign(plain(), old.key, old.chain, when)
    outcome = stage.client.send_bill_sync("z.zip", pack("f.xml", signed))
    assert isinstance(outcome, Accepted)
    assert [w.rule for w in outcome.warnings] == ["FAD09e"]
    with DianClient(stage.server.url, old.key, old.chain, stage.clock) as client:
        refused = client.send_bill_sync("z.zip", document().archive)
    assert {"SOAP:InvalidSecurity"} == rules(refused)


def test_a_document_outside_the_schema_is_rejected(stage: Stage, dian_data: Path) -> None:
    if not (dian_data / "xsd").is_dir():
        pytest.skip(f"no schemas in {dian_data}")
    xml = plain().replace(b"<cbc:DocumentCurrencyCode>COP</cbc:DocumentCurrencyCode>", b"")
    xml = xml.replace(b"<cbc:LineCountNumeric>2", b"<cbc:LineCountNumeric>two")
    outcome = judged(stage, xml)
    assert "ZB01" in rules(outcome)
    assert isinstance(outcome, Rejected)
    assert any("LineCountNumeric" in rule.text for rule in outcome.rules)


@pytest.mark.parametrize("content", [b"<a/>", b"no xml", b"<!DOCTYPE a><a/>"])
def test_what_is_no_document_is_rejected(content: bytes, stage: Stage) -> None:
    outcome = stage.client.send_bill_sync("z.zip", pack("f.xml", content))
    assert rules(outcome) == {"ZB01"}


def test_an_archive_that_is_none_is_rejected(stage: Stage) -> None:
    assert rules(stage.client.send_bill_sync("z.zip", b"none")) == {"ZA01"}


def test_a_stranger_may_not_send_for_the_bakery(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    other = make_test_chain("Ferretería", "800111222", NOW)
    httpx.post(stage.server.base + "/_control/roots", content=pem(other)).raise_for_status()
    with DianClient(stage.server.url, other.key, other.chain, stage.clock) as client:
        outcome = client.send_bill_sync("z.zip", document().archive)
    words = f"NIT 800111222 no autorizado a enviar documentos para emisor con NIT {SAMPLE_NIT}."
    assert outcome == Rejected((BrokenRule("89", words),))


def test_an_issuer_not_yet_admitted_is_refused(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    stage.server.simulator.registry.add("issuers", Issuer(nit=SAMPLE_NIT, name="x", enabled=False))
    assert rules(stage.client.send_bill_sync("z.zip", document().archive)) == {"92"}


def test_an_invoice_in_contingency_has_the_number_of_the_invoice(
    stage: Stage, document: Callable[..., Sealed]
) -> None:
    stage.send(document(5, kind="01"))
    snapshot = document(5, kind="01").snapshot
    again = build_xml(coded(replace(snapshot, document_type="04")))
    outcome = judged(stage, again)
    assert type(outcome).__name__ == "Duplicate"


def test_negative_amounts_are_rejected() -> None:
    xml = plain().replace(b'LineExtensionAmount currencyID="COP">20000.00',
                          b'LineExtensionAmount currencyID="COP">-20000.00', 1)  # fmt: skip
    found = {finding.rule for finding in totals_findings(Reading(etree.fromstring(xml)))}
    assert {"VLR01", "FAU02"} <= found


def test_two_groups_of_one_tax_and_a_wrong_rate_are_found() -> None:
    root = etree.fromstring(plain())
    (group,) = root.iterfind("{*}TaxTotal")
    group.addnext(etree.fromstring(etree.tostring(group)))
    found = {finding.rule for finding in totals_findings(Reading(root))}
    assert "FAS01b" in found
    percent = next(root.iter("{*}Percent"))
    percent.text = "5.00"
    assert "FAS07" in {finding.rule for finding in totals_findings(Reading(root))}


@pytest.mark.parametrize("name", ["Generica.xml", "ConsumidorFinal.xml", "Servicios.xml",
                                  "documento-equivalente-pos.xml", "CreditNote.xml"])  # fmt: skip
def test_the_sums_of_the_official_examples_hold(name: str, dian_data: Path) -> None:
    file = dian_data / "examples" / name
    if not file.is_file():
        pytest.skip(f"no examples in {dian_data}")
    reading = Reading(etree.fromstring(file.read_bytes()))
    # They are of 2019, when a prepaid amount was still subtracted.
    assert list(totals_findings(reading, subtracts_prepaid=True)) == []


def test_a_prepaid_amount_only_informs_since_1_9(dian_data: Path) -> None:
    file = dian_data / "examples" / "Generica.xml"
    if not file.is_file():
        pytest.skip(f"no examples in {dian_data}")
    reading = Reading(etree.fromstring(file.read_bytes()))
    assert [finding.rule for finding in totals_findings(reading)] == ["FAU14"]


def test_a_range_that_has_not_begun_is_told(stage: Stage) -> None:
    (numbering,) = [r for r in stage.server.simulator.registry.ranges(SAMPLE_NIT)
                    if r.prefix == "SETP"]  # fmt: skip
    later = numbering.model_copy(update={"valid_from": date(2027, 1, 1)})
    stage.server.simulator.registry.add("ranges", later)
    assert {"FAD09a", "FAB07a"} <= rules(judged(stage, plain()))


def test_without_schemas_a_strict_authority_refuses_to_start(
    config: SimulatorConfig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("addons.l10n_co_dian.schemas._BESIDE", tmp_path)
    with pytest.raises(SchemasMissingError):
        Running(config.model_copy(update={"strict": True, "schemas": None}))


def test_half_a_peso_of_rounding_may_be_negative() -> None:
    snapshot = sample("01")
    totals = replace(snapshot.totals, rounding=Decimal("-0.50"),
                     payable=snapshot.totals.payable - Decimal("0.50"))  # fmt: skip
    xml = build_xml(coded(replace(snapshot, totals=totals)))
    assert list(totals_findings(Reading(etree.fromstring(xml)))) == []


def test_the_benchmark_measures_accepted_documents(
    dian_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (dian_data / "xsd").is_dir():
        pytest.skip(f"no schemas in {dian_data}")
    monkeypatch.setattr("addons.l10n_co_dian.schemas._BESIDE", dian_data / "xsd")
    per_processor, per_second = measure(3)
    assert per_processor > 0
    assert per_second > 0

"""Documents from snapshots: the authority's schema, our own words, refusals by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from addons.l10n_co_dian.catalogue import KINDS
from addons.l10n_co_dian.certificates import SigningIdentity
from addons.l10n_co_dian.codes import cude, cufe
from addons.l10n_co_dian.errors import SnapshotError
from addons.l10n_co_dian.inspect import inspect_document
from addons.l10n_co_dian.safe_xml import NS, first_text, parse
from addons.l10n_co_dian.samples import SAMPLE_KEY, SAMPLE_PIN, coded, sample_document
from addons.l10n_co_dian.schemas import validate
from addons.l10n_co_dian.snapshot import (
    Correction,
    DocumentSnapshot,
    Exchange,
    Tax,
    Treatment,
    code_input,
    from_json,
    to_json,
)
from addons.l10n_co_dian.tests import official
from addons.l10n_co_dian.ubl import SUPPORTED, build_xml, check
from addons.l10n_co_dian.ubl.text import clean, measure
from addons.l10n_co_dian.xades import sign

Verifier = Callable[[bytes], bool]


def official_invoice() -> DocumentSnapshot:
    bare = official.consumer_invoice()
    return replace(bare, code=cufe(code_input(bare, official.TECHNICAL_KEY)))


def official_ticket() -> DocumentSnapshot:
    bare = official.pos_ticket()
    code = cude(code_input(bare, official.POS_PIN))
    return replace(bare, code=code, software_security_code=official.POS_SOFTWARE_CODE)


def credit_note(kind: str = "91") -> DocumentSnapshot:
    corrected = sample_document("01" if kind == "91" else "20", lines=2)
    return coded(
        replace(
            corrected,
            document_type=kind,
            prefix="NC",
            number="NC7",
            range=None,
            pos=None,
            correction=Correction(
                "2",
                "Anulación",
                corrected.number,
                corrected.code,
                KINDS[corrected.document_type].scheme,
                corrected.issue_date,
            ),
        )
    )


def abroad() -> DocumentSnapshot:
    shop = sample_document("01", lines=1)
    rate = Exchange(Decimal("4120.55"), date(2026, 11, 20))
    return coded(replace(shop, currency="USD", exchange=rate, delivery=shop.issuer.address))


def signed(snapshot: DocumentSnapshot, signer: SigningIdentity) -> bytes:
    when = datetime(2026, 11, 21, 14, 0, 7, tzinfo=UTC)
    return sign(build_xml(snapshot), signer.key, signer.chain, when)


@pytest.mark.parametrize(
    ("make", "secrets", "code"),
    [
        (official_invoice, {"technical_key": official.TECHNICAL_KEY}, official.INVOICE_CODE),
        (official_ticket, {"pin": official.POS_PIN}, official.POS_CODE),
    ],
)
def test_an_official_document_entered_again_is_legal_from_end_to_end(
    make: Callable[[], DocumentSnapshot],
    secrets: dict[str, str],
    code: str,
    bakery: SigningIdentity,
    schemas: Path,
    xmlsec1: Verifier,
) -> None:
    document = signed(make(), bakery)
    report = inspect_document(document, **secrets)  # type: ignore[arg-type]
    assert report["computed_code"] == report["declared_code"] == code
    assert report["code_matches"] is True
    assert report["xsd"] == {"checked": True, "valid": True, "errors": []}
    assert report["signature"]["valid"] is True
    assert xmlsec1(document)


@pytest.mark.parametrize(
    "make",
    [
        lambda: sample_document("01"),
        lambda: sample_document("20"),
        lambda: coded(replace(sample_document("01"), document_type="04")),
        credit_note,
        lambda: credit_note("94"),
        abroad,
    ],
    ids=["invoice", "pos", "contingency", "credit note", "adjustment note", "abroad"],
)
def test_every_kind_we_write_follows_the_schema(
    make: Callable[[], DocumentSnapshot], bakery: SigningIdentity, schemas: Path, xmlsec1: Verifier
) -> None:
    document = signed(make(), bakery)
    assert validate(document) == []
    assert xmlsec1(document)
    report = inspect_document(document, technical_key=SAMPLE_KEY, pin=SAMPLE_PIN)
    assert report["code_matches"] is True
    assert report["software_code_matches"] is True


def test_before_it_is_signed_only_the_place_of_the_signature_is_at_fault(schemas: Path) -> None:
    (fault,) = validate(build_xml(sample_document("20")))
    assert "ExtensionContent" in fault


def test_the_same_snapshot_gives_the_same_bytes_even_after_storage() -> None:
    snapshot = official_ticket()
    assert build_xml(from_json(to_json(snapshot))) == build_xml(snapshot)


def test_the_pos_document_has_five_extensions_and_the_last_is_empty() -> None:
    root = parse(build_xml(official_ticket()))
    slots = root.findall("ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent", NS)
    assert len(slots) == 5
    assert len(slots[-1]) == 0
    names = [etree.QName(slot[0]).localname for slot in slots[1:4]]
    assert names == ["FabricanteSoftware", "BeneficiosComprador", "PuntoVenta"]
    values = [node.text for node in slots[3][0][0] if etree.QName(node).localname == "Value"]
    assert values[2:] == ["nombre del cajero", "Caja de apoyo", "743992", "100100.00"]


def test_stored_values_are_printed_as_they_are(example: Callable[[str], bytes]) -> None:
    theirs, ours = parse(example("ConsumidorFinal.xml")), parse(build_xml(official_invoice()))
    for name in (
        "LineExtensionAmount",
        "TaxExclusiveAmount",
        "TaxInclusiveAmount",
        "AllowanceTotalAmount",
        "ChargeTotalAmount",
        "PayableAmount",
    ):
        path = f"cac:LegalMonetaryTotal/cbc:{name}"
        assert first_text(ours, path) == first_text(theirs, path)
    path = "cac:InvoiceLine/cac:TaxTotal/cbc:TaxAmount"
    assert [n.text for n in ours.findall(path, NS)] == [n.text for n in theirs.findall(path, NS)]


def test_the_excluded_line_has_no_taxes() -> None:
    lines = parse(build_xml(official_invoice())).findall("cac:InvoiceLine", NS)
    assert [line.find("cac:TaxTotal", NS) is None for line in lines] == [False] * 3 + [True] + [
        False
    ] * 2


def test_a_ticket_just_before_midnight_says_the_day_of_the_shop() -> None:
    late = datetime(2026, 11, 21, 23, 59, 58, tzinfo=official.COLOMBIA)
    root = parse(build_xml(sample_document("20", lines=1, issued_at=late)))
    assert first_text(root, "cbc:IssueDate") == "2026-11-21"
    assert first_text(root, "cbc:IssueTime") == "23:59:58-05:00"


def test_the_official_title_and_profile_are_literal() -> None:
    root = parse(build_xml(sample_document("01", lines=1)))
    assert first_text(root, "cbc:ProfileID") == "DIAN 2.1: Factura Electrónica de Venta"
    assert len(KINDS["95"].profile) == 139
    assert KINDS["95"].profile.endswith("documento equivalente ")


def test_numbers_have_two_to_six_decimals() -> None:
    written = [measure(Decimal(text)) for text in ("1", "0.125", "3.100000", "0.000001", "100")]
    assert written == ["1.00", "0.125", "3.10", "0.000001", "100.00"]


def line_with(**changes: Any) -> Callable[[DocumentSnapshot], DocumentSnapshot]:
    return lambda s: replace(s, lines=(replace(s.lines[0], **changes),))


def with_(**changes: Any) -> Callable[[DocumentSnapshot], DocumentSnapshot]:
    return lambda s: replace(s, **changes)


def totals_with(**changes: Any) -> Callable[[DocumentSnapshot], DocumentSnapshot]:
    return lambda s: replace(s, totals=replace(s.totals, **changes))


def issuer_with(**changes: Any) -> Callable[[DocumentSnapshot], DocumentSnapshot]:
    return lambda s: replace(s, issuer=replace(s.issuer, **changes))


REFUSED = [
    ("document_type", with_(document_type="05")),
    ("environment", with_(environment="3")),
    ("issued_at", with_(issued_at=datetime(2026, 11, 21, 14, 0, tzinfo=UTC))),
    ("code", with_(code="")),
    ("software_security_code", with_(software_security_code="x" * 96)),
    ("number", with_(number="EPOS 1")),
    ("number", with_(number="EPOS1")),
    ("number", with_(number="OTHER990000123")),
    ("range", with_(range=None)),
    ("range", with_(issued_at=datetime(2031, 1, 1, tzinfo=official.COLOMBIA))),
    ("issuer.id_number", issuer_with(id_number="900.123")),
    ("issuer.check_digit", issuer_with(check_digit="")),
    ("issuer.name", issuer_with(name="\x00 \x1f")),
    ("issuer.organisation", issuer_with(organisation="3")),
    ("issuer.address", issuer_with(address=None)),
    ("lines", with_(lines=())),
    ("payments", with_(payments=())),
    ("currency", with_(currency="pesos")),
    ("exchange", with_(currency="USD")),
    ("pos", with_(pos=None)),
    ("correction", with_(correction=Correction("2", "x", "A1", "", "", date(2026, 1, 1)))),
    ("lines.1.description", line_with(description=" ")),
    ("lines.1.code", line_with(code="", gtin="")),
    ("lines.1.unit_code", line_with(unit_code="")),
    ("lines.1.quantity", line_with(quantity=Decimal(0))),
    ("lines.1.quantity", line_with(quantity=Decimal("NaN"))),
    ("lines.1.unit_price", line_with(unit_price=Decimal("0.0000001"))),
    ("lines.1.extension", line_with(extension=Decimal("20000.001"))),
    ("lines.1.extension", line_with(discount=Decimal(5000))),
    ("lines.1.gross", line_with(gross=Decimal(-1))),
    ("lines.1.taxes", line_with(treatment=Treatment.EXCLUDED)),
    ("lines.1.taxes", line_with(treatment=Treatment.EXEMPT)),
    ("lines.1.taxes.01", line_with(taxes=(Tax("01", Decimal(3800)),))),
    ("totals.payable", totals_with(payable=Decimal("23802.01"))),
    ("totals.payable", totals_with(payable=Decimal("Infinity"))),
    ("totals.tax_inclusive", totals_with(tax_inclusive=Decimal(1))),
    ("totals.extension", totals_with(extension=Decimal(1))),
    ("tax_totals.01", line_with(taxes=())),
]


@pytest.mark.parametrize(("field", "spoil"), REFUSED)
def test_what_makes_no_legal_document_is_refused_by_name(
    field: str, spoil: Callable[[DocumentSnapshot], DocumentSnapshot]
) -> None:
    good = sample_document("20", lines=1)
    check(good)
    with pytest.raises(SnapshotError) as refusal:
        build_xml(spoil(good))
    assert field in refusal.value.fields


def test_differences_within_the_tolerance_of_the_authority_pass() -> None:
    check(totals_with(payable=Decimal("23802.00"))(sample_document("20", lines=1)))


def test_a_rounding_may_be_negative() -> None:
    spoilt = totals_with(rounding=Decimal("-0.50"), payable=Decimal("23799.50"))
    assert b"PayableRoundingAmount" in build_xml(spoilt(sample_document("20", lines=1)))


def test_an_exempt_line_is_written_at_zero() -> None:
    snapshot = sample_document("20", lines=1)
    zero = Tax("01", Decimal(0), rate=Decimal(0), base=Decimal(20000))
    line = replace(snapshot.lines[0], treatment=Treatment.EXEMPT, taxes=(zero,))
    total = replace(snapshot.tax_totals[0], amount=Decimal(0), parts=(zero,))
    sums = replace(snapshot.totals, tax_inclusive=Decimal(20000), payable=Decimal(20000))
    exempt = replace(snapshot, lines=(line,), tax_totals=(total,), totals=sums)
    assert b"<cbc:Percent>0.00</cbc:Percent>" in build_xml(exempt)


def test_an_unknown_builder_version_is_refused() -> None:
    with pytest.raises(SnapshotError):
        build_xml(sample_document(lines=1), builder_version=2)


def test_unsupported_kinds_are_known_but_refused() -> None:
    for kind in KINDS.keys() - SUPPORTED:
        with pytest.raises(SnapshotError):
            check(replace(sample_document(lines=1), document_type=kind))


NASTY = st.text(max_size=30) | st.sampled_from(
    ["]]>", "<!--", "&amp;", "a & b", "\"'", "\x00", "\ufffe", "\ud800", "é\r\n\tñ", "<Name>", "🎂"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(one=NASTY, two=NASTY, three=NASTY)
def test_any_text_stays_valid_or_is_refused_by_name(
    one: str, two: str, three: str, bakery: SigningIdentity, schemas: Path
) -> None:
    base = sample_document("20", lines=1)
    assert base.pos is not None
    assert base.issuer.address is not None
    snapshot = replace(
        base,
        issuer=replace(
            base.issuer, trade_name=one, email=two, address=replace(base.issuer.address, line=three)
        ),
        buyer=replace(base.buyer, name=two, phone=three),
        lines=(replace(base.lines[0], description=one, code=two, brand=three, unit_code="94"),),
        pos=replace(base.pos, cashier=one, till_location=two, sale_code=three),
        software=replace(base.software, maker=three),
        notes=(one, two, three),
        order=one,
    )
    nameless = {"buyer.name": two, "lines.1.description": one}
    missing = {field for field, text in nameless.items() if not clean(text)}
    if missing:
        with pytest.raises(SnapshotError) as refusal:
            build_xml(snapshot)
        assert set(refusal.value.fields) == missing
        return
    document = signed(snapshot, bakery)
    assert validate(document) == []
    report = inspect_document(document, pin=SAMPLE_PIN)
    assert report["signature"]["valid"] is True
    line = parse(document).find("cac:InvoiceLine", NS)
    assert line is not None
    assert line.findtext("cac:Item/cbc:Description", None, NS) == clean(one)


@given(st.text())
def test_clean_text_is_what_xml_can_carry(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert clean(cleaned) == cleaned
    assert "\x00" not in cleaned

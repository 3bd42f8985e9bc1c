"""Anybody's document explained, and no file that makes us stumble."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addons.l10n_co_dian.certificates import SigningIdentity
from addons.l10n_co_dian.inspect import inspect_command, inspect_document
from addons.l10n_co_dian.safe_xml import MAX_BYTES
from addons.l10n_co_dian.samples import SAMPLE_PIN, sample_document
from addons.l10n_co_dian.ubl import build_xml
from addons.l10n_co_dian.xades import sign

KEY = "fc8eac422eba16e22ffd8c6f94b3f40a6e38162c"
TOOLBOX_PIN = "20191"
Example = Callable[[str], bytes]

# name, type, formula, matches from the note, matches from the fields, signed, document untouched
KNOWN = [
    ("Generica.xml", "01", "CUFE", True, False, True, False),
    ("GenericaPagoAnticipado.xml", "01", "CUFE", True, False, True, False),
    ("Servicios.xml", "01", "CUFE", True, False, True, False),
    ("Combustible.xml", "01", "CUFE", True, False, True, False),
    ("ConsumidorFinal.xml", "01", "CUFE", True, True, True, False),
    ("CreditNote.xml", "91", "CUDE", True, False, True, True),
    ("signed-invoice-2019.xml", "01", "CUFE", True, False, True, True),
    ("signed-creditnote-2019.xml", "91", "CUDE", True, False, True, True),
    ("documento-equivalente-pos.xml", "20", "CUDE", False, True, False, False),
    ("documento-soporte-residente.xml", "05", "CUDS", None, True, False, False),
    ("030-acuse-de-recibo.xml", "030", "CUDE-EVENT", False, False, False, False),
]


def pin_of(name: str) -> str:
    return "12345" if name.startswith("documento") else TOOLBOX_PIN


@pytest.mark.parametrize("known", KNOWN, ids=[known[0] for known in KNOWN])
def test_the_official_samples_are_told_as_they_are(
    known: tuple[str, str, str, bool | None, bool, bool, bool], example: Example
) -> None:
    name, kind, formula, noted, fields, signed, whole = known
    data, pin = example(name), pin_of(name)
    from_note = inspect_document(data, from_note=True)
    assert (from_note["document_type"], from_note["formula"]) == (kind, formula)
    assert from_note["code_matches"] is noted
    assert (from_note["problem"] is None) is (noted is not None)
    report = inspect_document(data, technical_key=KEY, pin=pin)
    assert report["problem"] is None
    assert report["code_matches"] is fields
    assert report["xsd"] == {"checked": True, "valid": True, "errors": []}
    signature = report["signature"]
    assert signature["present"] is signed
    assert signature["digest_valid"] is whole
    assert signature["valid"] is whole
    assert signature["value_valid"] is signed
    for shown in (report, from_note):
        assert KEY not in json.dumps(shown)
        assert f"{pin}2" not in str(shown["seed"])


def test_every_official_sample_is_known(shared_data: Path) -> None:
    found = {path.name for path in (shared_data / "examples").iterdir()}
    assert found == {known[0] for known in KNOWN}


def test_the_pin_also_checks_the_fingerprint_of_the_software(example: Example) -> None:
    data = example("documento-equivalente-pos.xml")
    assert inspect_document(data, pin="12345")["software_code_matches"] is True
    assert inspect_document(data, pin="54321")["software_code_matches"] is False


def test_without_the_key_it_says_which_one_is_missing(example: Example) -> None:
    report = inspect_document(example("Generica.xml"))
    assert report["code_matches"] is None
    assert report["computed_code"] is None
    assert report["problem"] is None
    assert report["hint"]
    assert report["seed"].endswith("••••••••2")


def test_a_technical_key_that_cannot_be_one_is_told(example: Example) -> None:
    report = inspect_document(example("Generica.xml"), technical_key=KEY[:38])
    assert "38" in report["problem"]
    assert report["number"] == "SETP990000002"


def test_the_secret_is_shown_only_when_asked_for(example: Example) -> None:
    data = example("ConsumidorFinal.xml")
    assert KEY in inspect_document(data, technical_key=KEY, show_secret=True)["seed"]
    assert KEY in inspect_document(data, from_note=True, show_secret=True)["seed"]
    assert KEY not in inspect_document(data, technical_key=KEY)["seed"]


@pytest.mark.parametrize("buyer", ["900108281", "1"])
def test_the_pin_in_a_printed_seed_is_hidden_even_when_its_place_is_unclear(
    buyer: str, example: Example
) -> None:
    data = example("CreditNote.xml").replace(b">900108281<", f">{buyer}<".encode())
    seed = inspect_document(data, from_note=True)["seed"]
    assert "20191" not in seed


def test_a_debit_note_takes_its_own_totals(example: Example) -> None:
    note = (
        example("CreditNote.xml")
        .replace(b"CreditNote-2", b"DebitNote-2")
        .replace(b"<CreditNote ", b"<DebitNote ")
        .replace(b"</CreditNote>", b"</DebitNote>")
        .replace(b"cac:LegalMonetaryTotal", b"cac:RequestedMonetaryTotal")
    )
    report = inspect_document(note, pin=TOOLBOX_PIN)
    assert (report["document_type"], report["formula"]) == ("92", "CUDE")
    assert report["computed_code"]
    assert report["xsd"]["valid"] is False


def container(*documents: bytes) -> bytes:
    parts = b"".join(
        b"<cac:Attachment><cac:ExternalReference><cbc:MimeCode>text/xml</cbc:MimeCode>"
        b"<cbc:Description><![CDATA["
        + document
        + b"]]></cbc:Description></cac:ExternalReference></cac:Attachment>"
        for document in documents
    )
    names = "urn:oasis:names:specification:ubl:schema:xsd:"
    head = (
        f'<AttachedDocument xmlns="{names}AttachedDocument-2" '
        f'xmlns:cac="{names}CommonAggregateComponents-2" '
        f'xmlns:cbc="{names}CommonBasicComponents-2"><cbc:ID>7</cbc:ID>'
    )
    return head.encode() + parts + b"</AttachedDocument>"


def test_a_container_tells_what_it_holds(example: Example, bakery: SigningIdentity) -> None:
    ours = sample_document("20", lines=2)
    signed = sign(build_xml(ours), bakery.key, bakery.chain, ours.issued_at)
    event = example("030-acuse-de-recibo.xml")
    report = inspect_document(container(signed, event), pin=SAMPLE_PIN)
    assert report["problem"] is None
    first, second = report["embedded"]
    assert first["number"] == ours.number
    assert first["code_matches"] is True
    assert first["signature"]["valid"] is True
    assert second["document_type"] == "030"
    assert report["xsd"]["valid"] is False


def test_containers_in_containers_end(example: Example) -> None:
    nested = container(b"<cut/>")
    for _level in range(6):
        nested = container(nested.replace(b"]]>", b"]]]]><![CDATA[>"))
    report = inspect_document(nested)
    depth = 0
    while report["embedded"]:
        report, depth = report["embedded"][0], depth + 1
    assert depth == 3
    assert report["problem"]


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return out.getvalue()


def test_a_zip_and_its_base64_are_opened(example: Example) -> None:
    data = example("documento-equivalente-pos.xml")
    archive = zipped({"ds1.xml": data, "readme.txt": b"x"})
    for form in (data, archive, b64encode(archive), b64encode(data), b"\n" + b64encode(data)):
        assert inspect_document(form, pin="12345")["code_matches"] is True


def damaged(archive: bytes) -> bytes:
    return archive[:40] + b"\x00\xff" * 10 + archive[60:]


def encrypted(archive: bytes) -> bytes:
    flagged = bytearray(archive)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = flagged.index(mark) + place
        flagged[start : start + 2] = struct.pack("<H", 1)
    return bytes(flagged)


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;">]><Invoice>&c;</Invoice>'
)
OUTSIDE = b'<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/hostname">]><Invoice>&a;</Invoice>'
UBL = b"urn:oasis:names:specification:ubl:schema:xsd:"
STRANGE = {
    "nothing": b"",
    "blank": b" \n\t ",
    "text": b"Hola",
    "text with accents": "año".encode(),
    "binary": bytes(range(256)) * 20,
    "zeros": b"\x00" * 1000,
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "html": b"<!doctype html><html><body>hi</body></html>",
    "xhtml": b"<html/>",
    "cut": b'<Invoice xmlns="' + UBL + b'Invoice-2"><a>',
    "another namespace": b"<Invoice/>",
    "another root": b'<Order xmlns="' + UBL + b'Order-2"/>',
    "payroll": b'<NominaIndividual xmlns="dian:gov:co:facturaelectronica:NominaIndividual"/>',
    "an empty invoice": b'<Invoice xmlns="' + UBL + b'Invoice-2"/>',
    "a bomb of entities": BOMB,
    "a file from outside": OUTSIDE,
    "a bomb in UTF-16": BOMB.decode().replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16"),
    "a wrong encoding": b'<?xml version="1.0" encoding="klingon"?><a/>',
    "bytes that are not UTF-8": b'<?xml version="1.0" encoding="UTF-8"?><a>\xff\xfe</a>',
    "too deep": b"<a>" * 5000 + b"</a>" * 5000,
    "a zip of nothing": zipped({}),
    "a zip of text": zipped({"a.txt": b"x"}),
    "a zip of two": zipped({"a.xml": b"<a/>", "b.xml": b"<b/>"}),
    "a zip in a zip": zipped({"a.xml": zipped({"a.xml": b"<a/>"})}),
    "a zip bomb": zipped({"a.xml": b" " * (MAX_BYTES + 10)}),
    "a damaged zip": damaged(zipped({"a.xml": b"<a>" + bytes(range(256)) + b"</a>"})),
    "a cut zip": zipped({"a.xml": b"<a/>" * 50})[:60],
    "a protected zip": encrypted(zipped({"a.xml": b"<a/>"})),
    "a zip of too many": zipped({f"{n}.txt": b"" for n in range(60)} | {"a.xml": b"<a/>"}),
    "base64 of nothing good": b64encode(b"hello"),
}


@pytest.mark.parametrize("data", STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_file_is_explained(data: bytes) -> None:
    report = inspect_document(data, technical_key=KEY, pin=TOOLBOX_PIN)
    assert report["problem"]
    assert report["code_matches"] is None
    json.dumps(report)


def test_a_file_too_large_is_explained() -> None:
    assert "MB" in inspect_document(b"<a>" + b" " * (2 * MAX_BYTES) + b"</a>")["problem"]
    assert "MB" in inspect_document(b"<a>" + b" " * MAX_BYTES + b"</a>")["problem"]


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_it_stumble(data: bytes) -> None:
    assert inspect_document(data)["problem"]
    assert inspect_document(b"PK\x03\x04" + data)["problem"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(start=st.integers(0, 13000), length=st.integers(0, 60), filler=st.binary(max_size=20))
def test_no_damage_to_a_signed_document_makes_it_stumble(
    start: int, length: int, filler: bytes, example: Example
) -> None:
    data = example("signed-creditnote-2019.xml")
    changed = data[:start] + filler + data[start + length :]
    for from_note in (True, False):
        report = inspect_document(changed, pin=TOOLBOX_PIN, from_note=from_note)
        assert set(report) == set(inspect_document(b""))
        json.dumps(report)


@settings(deadline=None)
@given(start=st.integers(0, 200), filler=st.binary(min_size=1, max_size=12))
def test_no_damage_to_a_zip_makes_it_stumble(start: int, filler: bytes) -> None:
    archive = zipped({"a.xml": b"<a>" + b"0123456789" * 20 + b"</a>"})
    report = inspect_document(archive[:start] + filler + archive[start + len(filler) :])
    assert report["problem"]


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    status = inspect_command(argv)
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.fixture
def ticket(shared_data: Path, schemas: Path) -> str:
    return str(shared_data / "examples/documento-equivalente-pos.xml")


def test_the_command_tells_people_and_programs(
    ticket: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, ticket, "--pin", "12345")
    assert (status, err) == (0, "")
    assert "EPOS002" in out
    status, out, err = run(capsys, ticket, "--pin", "12345", "--json")
    assert status == 0
    assert json.loads(out)["code_matches"] is True


def test_the_command_takes_keys_from_a_file_and_from_standard_input(
    ticket: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = tmp_path / "keys"
    keys.write_text(f"{KEY}\n12345\n")
    assert run(capsys, ticket, "--key-file", str(keys))[0] == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("12345\n"))
    assert json.loads(run(capsys, ticket, "--pin", "-", "--json")[1])["code_matches"] is True


def test_the_command_fails_when_the_code_does_not_match_or_the_file_is_strange(
    ticket: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, ticket, "--pin", "99999")[0] == 1
    strange = tmp_path / "strange.xml"
    strange.write_bytes(b"hello")
    status, _out, err = run(capsys, str(strange))
    assert status == 1
    assert err.strip()
    assert run(capsys, str(tmp_path / "missing.xml"))[0] == 1
    assert run(capsys, ticket, "--key-file", str(tmp_path / "missing"))[0] == 1


@pytest.mark.parametrize("argv", [(), ("a", "b"), ("a", "--nonsense")])
def test_the_command_explains_wrong_usage(
    argv: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    status, _out, err = run(capsys, *argv)
    assert status == 2
    assert "usage" in err


def test_a_container_is_shown_to_people(
    ticket: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outer = tmp_path / "ad.xml"
    outer.write_bytes(container(Path(ticket).read_bytes().partition(b"?>")[2]))
    status, out, _err = run(capsys, str(outer), "--pin", "12345")
    assert status == 0
    assert "  " in out
    assert "EPOS002" in out


def test_without_schemas_the_rest_is_told(
    ticket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("addons.l10n_co_dian.schemas._BESIDE", tmp_path)
    report: dict[str, Any] = inspect_document(Path(ticket).read_bytes(), pin="12345")
    assert report["code_matches"] is True
    assert report["xsd"]["checked"] is False
    assert report["xsd"]["valid"] is None

"""Codes against the printed vectors of the annexes and of the toolbox."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.l10n_co_dian import codes
from addons.l10n_co_dian.errors import CodeInputError, TechnicalKeyError


def invoice(inputs: dict[str, str], key: str) -> codes.CodeInput:
    return codes.CodeInput(
        number=inputs["NumFac"],
        issue_date=inputs["FecFac"],
        issue_time=inputs["HorFac"],
        subtotal=Decimal(inputs["ValFac"]),
        iva=Decimal(inputs["ValImp01"]),
        inc=Decimal(inputs["ValImp04"]),
        ica=Decimal(inputs["ValImp03"]),
        total=Decimal(inputs["ValTot"]),
        issuer_id=inputs["NitOFE"],
        buyer_id=inputs["NumAdq"],
        key=key,
        environment=inputs["TipoAmb"],
    )


def vector(vectors: Any, name: str) -> Any:
    return next(v for v in vectors["vectors"] if v["id"] == name)


def test_every_printed_seed_hashes_to_its_code_and_the_errata_do_not(vectors: Any) -> None:
    assert len(vectors["vectors"]) == 21
    for printed in vectors["vectors"]:
        matches = codes.digest(printed["seed"]) == printed["expected"]
        assert matches == printed["recomputes"], printed["id"]


def test_the_cufe_of_the_annex_comes_from_its_fields(vectors: Any) -> None:
    printed = vector(vectors, "cufe-anexo-11.2.1")
    fields = invoice(printed["inputs"], printed["inputs"]["ClTec"])
    assert codes.seed(fields) == printed["seed"]
    assert codes.cufe(fields) == printed["expected"]


def test_the_cude_of_the_annex_comes_from_its_fields(vectors: Any) -> None:
    printed = vector(vectors, "cude-nc-anexo-11.4.3")
    fields = invoice(printed["inputs"], printed["inputs"]["SoftwarePIN"])
    assert codes.seed(fields) == printed["seed"]
    assert codes.cude(fields) == printed["expected"]


def test_the_cuds_of_the_annex_comes_from_its_fields(vectors: Any) -> None:
    printed = vector(vectors, "cuds-anexo-1.1")
    inputs = printed["inputs"]
    fields = codes.SupportCodeInput(
        number=inputs["NumDS"],
        issue_date=inputs["Fec"],
        issue_time=inputs["Hor"],
        subtotal=Decimal(inputs["ValDS"]),
        iva=Decimal(inputs["ValImp"]),
        total=Decimal(inputs["ValTot"]),
        seller_id=inputs["NumSNO"],
        acquirer_id=inputs["NITABS"],
        pin=inputs["PIN"],
        environment=inputs["Amb"],
    )
    assert codes.seed(fields) == printed["seed"]
    assert codes.cuds(fields) == printed["expected"]


def test_the_code_of_an_event_comes_from_its_fields(vectors: Any) -> None:
    printed = vector(vectors, "cude-evento-anexo")
    inputs = printed["inputs"]
    fields = codes.EventCodeInput(
        number=inputs["Num"],
        issue_date=inputs["Fec"],
        issue_time=inputs["Hor"],
        issuer_id=inputs["NitFE"],
        receiver_id=inputs["DocAdq"],
        response_code=inputs["ResponseCode"],
        document_number=inputs["DocID"],
        document_type=inputs["DocType"],
        pin=inputs["PIN"],
    )
    assert codes.seed(fields) == printed["seed"]
    assert codes.event_code(fields) == printed["expected"]


def test_software_fingerprints_come_from_their_fields(vectors: Any) -> None:
    known = [v for v in vectors["vectors"] if v["kind"] == "SSC" and v["inputs"]]
    assert known
    for printed in known:
        inputs = printed["inputs"]
        computed = codes.software_security_code(inputs["SoftwareID"], inputs["PIN"], inputs["Num"])
        assert computed == printed["expected"]


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0", "0.00"),
        ("1.999", "1.99"),
        ("12600.06", "12600.06"),
        ("100.0000", "100.00"),
        ("1E+3", "1000.00"),
    ],
)
def test_amounts_are_cut_never_rounded(amount: str, written: str) -> None:
    assert codes.truncate2(Decimal(amount)) == written


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(CodeInputError):
        codes.truncate2(Decimal(amount))


@pytest.mark.parametrize("key", ["", "f" * 38, "f" * 41, "g" * 40, "f" * 39 + " ", "f" * 40 + "\n"])
def test_a_technical_key_that_is_not_40_hexadecimal_digits_is_refused(key: str) -> None:
    with pytest.raises(TechnicalKeyError):
        codes.check_technical_key(key)
    with pytest.raises(TechnicalKeyError):
        codes.cufe(document(key))


def test_a_good_technical_key_is_given_back() -> None:
    assert codes.check_technical_key("aB0" * 13 + "1") == "aB0" * 13 + "1"


def document(key: str, *, time: str = "23:59:58-05:00", day: date | str = "2026-11-21") -> Any:
    zero = Decimal(0)
    return codes.CodeInput(
        "SETP1", day, time, zero, zero, zero, zero, zero, "900123456", "13", key, "2"
    )


@pytest.mark.parametrize("pin", ["", "12 45", "1234\n", "１２３４５"])
def test_a_pin_with_spaces_or_missing_is_refused(pin: str) -> None:
    with pytest.raises(CodeInputError):
        codes.cude(document(pin))


@pytest.mark.parametrize("time", ["9:15:23-05:00", "24:00:00-05:00", "09:15:23", "09:15:23Z", ""])
def test_a_time_without_its_zone_is_refused(time: str) -> None:
    with pytest.raises(CodeInputError):
        codes.cude(document("12345", time=time))


def test_a_date_and_its_text_give_the_same_code() -> None:
    as_date = document("12345", day=date(2026, 11, 21))
    assert codes.cude(as_date) == codes.cude(document("12345"))


def test_neither_the_masked_seed_nor_the_representation_shows_the_key() -> None:
    fields = document("987654321")
    assert "987654321" in codes.seed(fields)
    assert "987654321" not in codes.seed(fields, masked=True)
    assert "987654321" not in repr(fields)


def test_the_check_digit_follows_the_weights(vectors: Any) -> None:
    for nit, digit in vectors["nit_check_digit"]["known"]:
        assert codes.check_digit(nit) == digit
    assert codes.check_digit("860002964") == 4
    assert codes.check_digit("899999068") == 1


@pytest.mark.parametrize("nit", ["", "900.123", "900123456-7", "1" * 16, "²3"])
def test_a_nit_with_more_than_digits_is_refused(nit: str) -> None:
    with pytest.raises(CodeInputError):
        codes.check_digit(nit)


@given(st.text(alphabet="0123456789", min_size=9, max_size=9), st.integers(0, 8))
def test_one_wrong_digit_changes_the_check_digit(nit: str, place: int) -> None:
    other = nit[:place] + str((int(nit[place]) + 1) % 10) + nit[place + 1 :]
    # Residues 1 and 10 both give 1: only those two may be confused.
    if {codes.check_digit(nit), codes.check_digit(other)} != {1}:
        assert codes.check_digit(nit) != codes.check_digit(other)


def test_files_are_named_with_a_hexadecimal_counter(vectors: Any) -> None:
    nit = "800197268"
    assert codes.document_file_name("fv", nit, 2019, 0x11, provider="001").startswith(
        "fv0800197268"
    )
    assert codes.document_file_name("fv", nit, 2019, 17) == "fv08001972680001900000011.xml"
    assert codes.document_file_name("ds", nit, 2020, 1) == "ds08001972680002000000001.xml"
    assert codes.document_file_name("nie", nit, 2020, 12, provider="") == (
        "nie0800197268200000000C.xml"
    )
    printed = {name["file"] for name in vectors["file_names"] if "file" in name}
    assert codes.document_file_name("fv", nit, 2019, 17) in printed
    assert codes.zip_file_name(nit, 2019, 17) == "z08001972680001900000011.zip"


@pytest.mark.parametrize("counter", [0, -1, 2**32])
def test_there_is_no_file_name_beyond_the_counter(counter: int) -> None:
    with pytest.raises(CodeInputError):
        codes.zip_file_name("800197268", 2026, counter)


def test_the_printed_qr_has_eleven_lines_and_no_key() -> None:
    text = codes.qr_text(document("987654321"), code="ab" * 48, label="CUDE")
    assert len(text.splitlines()) == 11
    assert "987654321" not in text
    assert text.endswith("catalogo-vpfe-hab.dian.gov.co/document/searchqr?documentkey=" + "ab" * 48)
    assert "\nCUDE: " in text

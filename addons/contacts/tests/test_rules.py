from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.contacts.errors import (
    BadIdNumberError,
    UnknownIdTypeError,
    WrongCheckDigitError,
)
from addons.contacts.rules import (
    FINAL_CONSUMER,
    ID_TYPES,
    Identification,
    identification,
    likely_holder,
    nit_check_digit,
)

nits = st.integers(10_000, 9_999_999_999).map(str)


@pytest.mark.parametrize(
    ("number", "digit"),
    [("800197268", "4"), ("900508908", "9"), ("899999063", "3"), ("860002964", "4"), ("1", "8")],
)
def test_known_nits_have_their_known_digit(number: str, digit: str) -> None:
    assert nit_check_digit(number) == digit


@given(nits)
def test_the_digit_is_the_weighted_sum_of_the_norm(number: str) -> None:
    weights = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43)
    rest = sum(int(d) * w for d, w in zip(reversed(number), weights, strict=False)) % 11
    assert nit_check_digit(number) == str(rest if rest < 2 else 11 - rest)


@given(nits)
def test_a_nit_passes_with_its_digit_and_with_no_other(number: str) -> None:
    right = nit_check_digit(number)
    assert identification("31", f"{number}-{right}") == Identification("31", number, right)
    for digit in set("0123456789") - {right}:
        with pytest.raises(WrongCheckDigitError) as refusal:
            identification("31", f"{number}-{digit}")
        assert refusal.value.context["expected"] == right


@given(nits)
def test_what_is_written_is_read_back(number: str) -> None:
    who = identification("31", number)
    assert identification("31", who.written) == who


@pytest.mark.parametrize(
    ("text", "digit"),
    [
        ("800.197.268-4", None),
        (" 800 197 268 ", "4"),
        ("800197268", None),
        ("0800197268", "4"),
        ("800,197,268 - 4", None),
    ],
)
def test_a_nit_is_read_however_people_write_it(text: str, digit: str | None) -> None:
    assert identification("31", text, digit) == Identification("31", "800197268", "4")


def test_the_error_says_the_right_digit() -> None:
    with pytest.raises(WrongCheckDigitError, match="4"):
        identification("31", "800197268", "7")


@pytest.mark.parametrize("text", ["", "8001972X8", "12345678901", "-4", "80019726814"])
def test_what_is_not_a_nit_is_refused(text: str) -> None:
    with pytest.raises(BadIdNumberError):
        identification("31", text)


def test_ten_digits_are_never_taken_for_nine_and_their_digit() -> None:
    assert identification("31", "8001972684").number == "8001972684"


@pytest.mark.parametrize(
    ("type_code", "text", "kept"),
    [
        ("13", "52.123.456", "52123456"),
        ("13", "1.020.304.050", "1020304050"),
        ("13", "222222222222", "222222222222"),
        ("22", "e-345678", "E345678"),
        ("41", "ar 123456", "AR123456"),
        ("48", "1234567", "1234567"),
        ("47", "912345678901234", "912345678901234"),
        ("12", "1010101010", "1010101010"),
        ("91", "1010101010", "1010101010"),
        ("50", "B-12345678", "B12345678"),
    ],
)
def test_each_type_keeps_its_number_bare(type_code: str, text: str, kept: str) -> None:
    assert identification(type_code, text) == Identification(type_code, kept)


@pytest.mark.parametrize(
    ("type_code", "text"),
    [
        ("13", "12"),
        ("13", "123456789"),
        ("13", "AB12345"),
        ("48", "X123"),
        ("41", "a/b"),
        ("12", "1"),
    ],
)
def test_a_number_of_another_form_is_refused(type_code: str, text: str) -> None:
    with pytest.raises(BadIdNumberError):
        identification(type_code, text)


def test_an_unknown_type_and_a_digit_out_of_place_are_refused() -> None:
    with pytest.raises(UnknownIdTypeError):
        identification("99", "123456")
    with pytest.raises(BadIdNumberError):
        identification("13", "52123456", "7")
    with pytest.raises(BadIdNumberError):
        nit_check_digit("8001972-8")


def test_ids_are_shown_as_people_write_them() -> None:
    assert identification("31", "901234567").written.startswith("901.234.567-")
    assert identification("13", "52123456").written == "52.123.456"
    assert identification("41", "ar123456").written == "AR123456"
    assert FINAL_CONSUMER.written == "222222222222"


@pytest.mark.parametrize(
    ("type_code", "number", "holder"),
    [
        ("31", "901234567", "company"),
        ("31", "800000000", "company"),
        ("31", "52123456", "person"),
        ("31", "1020304050", "person"),
        ("31", "700123456", "person"),
        ("13", "52123456", "person"),
        ("50", "B12345678", "company"),
    ],
)
def test_a_company_is_known_by_its_nit(type_code: str, number: str, holder: str) -> None:
    assert likely_holder(identification(type_code, number)) == holder


def test_the_table_has_the_types_that_dian_publishes() -> None:
    root = Path(__file__).parents[3]
    shared = Path(os.environ.get("GUADUA_SHARED_DATA", root.parent / "shared" / "data"))
    published = shared / "co" / "dian_id_types.csv"
    if not published.is_file():
        pytest.skip("the reference tables are not beside the repository")
    with published.open(encoding="utf-8", newline="") as opened:
        codes = {row["dian_code"] for row in csv.DictReader(opened)}
    assert codes <= set(ID_TYPES)
    assert set(ID_TYPES) - codes == {"47"}

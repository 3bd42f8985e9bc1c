from __future__ import annotations

from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.catalog.errors import BadCodeError, BadLayoutError, WrongBarcodeDigitError
from addons.catalog.rules import (
    USUAL_LAYOUTS,
    Layout,
    ScannedCode,
    complete_gtin,
    gtin,
    gtin14,
    gtin_check_digit,
    label_code,
    read_code,
)

WEIGHT = Layout("21", 5, 5, "weight", 3)
PRICE = Layout("20", 5, 5, "price")

bodies = st.sampled_from([7, 11, 12, 13]).flatmap(
    lambda size: st.text("0123456789", min_size=size, max_size=size)
)


@pytest.mark.parametrize(
    "code",
    [
        "4006381333931",
        "96385074",
        "036000291452",
        "00012345600012",
        "2100001027506",
        "5901234123457",
    ],
)
def test_known_codes_are_valid(code: str) -> None:
    assert gtin(code) == code


@given(bodies)
def test_a_code_passes_with_its_digit_and_with_no_other(body: str) -> None:
    right = gtin_check_digit(body)
    assert gtin(body + right) == complete_gtin(body)
    for digit in set("0123456789") - {right}:
        with pytest.raises(WrongBarcodeDigitError) as refusal:
            gtin(body + digit)
        assert refusal.value.context["expected"] == right


@given(bodies, st.data())
def test_two_neighbours_swapped_are_noticed_unless_they_differ_by_five(
    body: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(body) - 2))
    one, other = body[place], body[place + 1]
    swapped = body[:place] + other + one + body[place + 2 :]
    noticed = gtin_check_digit(swapped) != gtin_check_digit(body)
    assert noticed == (abs(int(one) - int(other)) not in {0, 5})


@pytest.mark.parametrize("code", ["", "123", "77020040035O8", "123456789", "123456789012345"])
def test_what_is_no_barcode_is_refused(code: str) -> None:
    with pytest.raises(BadCodeError):
        gtin(code)


@pytest.mark.parametrize("body", ["", "123456", "12345678", "1234567a"])
def test_only_a_code_short_of_one_digit_is_completed(body: str) -> None:
    with pytest.raises(BadCodeError):
        complete_gtin(body)


def test_upc_and_ean_of_one_product_are_one_code() -> None:
    assert gtin14("036000291452") == gtin14("0036000291452") == "00036000291452"


def test_spaces_and_hyphens_of_a_printed_code_are_dropped() -> None:
    assert gtin(" 4 006381-333931 ") == "4006381333931"


@pytest.mark.parametrize(
    ("text", "layouts", "scanned"),
    [
        ("2100001027506", [WEIGHT], ScannedCode("weight", "1", quantity=Decimal("2.750"))),
        ("2100001027506", [PRICE], ScannedCode("gtin", "2100001027506")),
        ("2100001027506", [], ScannedCode("gtin", "2100001027506")),
        ("4006381333931", [WEIGHT, PRICE], ScannedCode("gtin", "4006381333931")),
        ("42", [WEIGHT], ScannedCode("internal", "42")),
        ("0042", [], ScannedCode("internal", "42")),
        ("0", [], ScannedCode("internal", "0")),
    ],
)
def test_a_scan_says_product_and_weight(
    text: str, layouts: list[Layout], scanned: ScannedCode
) -> None:
    assert read_code(text, layouts) == scanned


def test_a_price_label_gives_whole_pesos() -> None:
    scanned = read_code(label_code(PRICE, "312", Decimal(12450)), USUAL_LAYOUTS)
    assert scanned == ScannedCode("price", "312", price=Decimal(12450))


def test_the_first_layout_that_fits_decides() -> None:
    code = label_code(WEIGHT, "7", Decimal("0.250"))
    price_first = [Layout("21", 5, 5, "price"), WEIGHT]
    assert read_code(code, price_first).kind == "price"
    assert read_code(code, price_first[::-1]).kind == "weight"


def test_a_label_misread_or_empty_is_refused() -> None:
    with pytest.raises(WrongBarcodeDigitError):
        read_code("2100001027505", [WEIGHT])
    with pytest.raises(BadCodeError):
        read_code(complete_gtin("210000100000"), [WEIGHT])
    with pytest.raises(BadCodeError):
        read_code("12345678901", [WEIGHT])


@given(st.integers(0, 99999), st.integers(1, 99999), st.sampled_from([0, 2, 3]))
def test_what_a_scale_prints_is_read_back(item: int, steps: int, decimals: int) -> None:
    layout = Layout("25", 5, 5, "weight", decimals)
    value = Decimal(steps).scaleb(-decimals)
    scanned = read_code(label_code(layout, str(item), value), [layout])
    assert scanned == ScannedCode("weight", str(item), quantity=value)


@pytest.mark.parametrize(
    ("item", "value"), [("123456", "1"), ("a", "1"), ("1", "0.0005"), ("1", "100"), ("1", "0")]
)
def test_a_label_is_never_rounded_or_cut(item: str, value: str) -> None:
    with pytest.raises(BadCodeError):
        label_code(WEIGHT, item, Decimal(value))


@pytest.mark.parametrize(
    ("prefix", "item", "value", "decimals"),
    [("21", 5, 4, 3), ("77", 5, 5, 0), ("2", 6, 5, 0), ("21", 0, 10, 0), ("21", 5, 5, 5)],
)
def test_a_layout_fills_the_label_inside_the_shop_s_prefixes(
    prefix: str, item: int, value: int, decimals: int
) -> None:
    kind: Literal["weight"] = "weight"
    with pytest.raises(BadLayoutError):
        Layout(prefix, item, value, kind, decimals)

"""Codes of products: GTIN check digits, short codes, and labels of scales.

Pure: no session, clock or request. A code is kept as text: zeros in front are part of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from addons.catalog.errors import BadCodeError, BadLayoutError, WrongBarcodeDigitError
from core.i18n import _

CodeKind = Literal["gtin", "weight", "price", "internal"]
ValueKind = Literal["weight", "price"]

#: Lengths of a GTIN with its check digit: EAN-8, UPC-A, EAN-13, GTIN-14 (GS1, section 3).
GTIN_LENGTHS: Final = {8: "EAN-8", 12: "UPC-A", 13: "EAN-13", 14: "GTIN-14"}

#: The longest code that a shop gives by hand: a PLU or an item of its own.
INTERNAL_DIGITS: Final = 7


def gtin_check_digit(digits: str) -> str:
    """Give the last digit of a GTIN from those before it (7, 11, 12 or 13 of them).

    From the right, digits count 3 and 1 in turn; the check digit completes the sum to the next ten
    (GS1 General Specifications, section 7.9).
    """
    if not re.fullmatch(r"[0-9]+", digits) or len(digits) + 1 not in GTIN_LENGTHS:
        raise BadCodeError(_("“{code}” is not a barcode without its last digit.", code=digits))
    total = sum(int(d) * (3, 1)[place % 2] for place, d in enumerate(reversed(digits)))
    return str(-total % 10)


def complete_gtin(digits: str) -> str:
    """Add the check digit to a GTIN that lacks it."""
    return digits + gtin_check_digit(digits)


def gtin(text: str) -> str:
    """Read a complete GTIN (8, 12, 13 or 14 digits; spaces and hyphens dropped) and give it bare.

    Refuses another length, and a wrong check digit saying the right one.
    """
    code = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"[0-9]+", code) or len(code) not in GTIN_LENGTHS:
        raise BadCodeError(
            _("“{code}” is not a barcode: it has 8, 12, 13 or 14 digits.", code=text)
        )
    if code[-1] != (right := gtin_check_digit(code[:-1])):
        raise WrongBarcodeDigitError(
            _(
                "The barcode {code} should end in {expected}. Read it again.",
                code=code,
                expected=right,
            ),
            expected=right,
        )
    return code


def gtin14(code: str) -> str:
    """Give the fourteen digits that a UPC-A and the EAN-13 of the same product share."""
    return gtin(code).zfill(14)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the labels of one scale are laid out in thirteen digits.

    ``prefix`` (20 to 29, kept by GS1 for use inside a shop), then ``item_digits`` of the product,
    then ``value_digits`` of weight or price with ``decimals`` of them after the comma, then the
    check digit. Weights are in kilograms; prices in pesos, which have no cents: five digits.
    """

    prefix: str
    item_digits: int
    value_digits: int
    value_kind: ValueKind
    decimals: int = 0

    def __post_init__(self) -> None:
        fits = len(self.prefix) + self.item_digits + self.value_digits + 1 == 13
        ours = re.fullmatch(r"2[0-9]{1,3}", self.prefix) is not None
        if not (fits and ours and self.item_digits > 0 and 0 <= self.decimals < self.value_digits):
            raise BadLayoutError(
                _("Prefix (20 to 29), product and value must take 12 digits together.")
            )


#: What scales sold in Colombia print when nobody changes it; a shop sets its own.
USUAL_LAYOUTS: Final = (
    Layout("20", 5, 5, "price"),
    Layout("21", 5, 5, "weight", 3),
)


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """What a scan says: the product's code, and the weight or the price that the label carries.

    ``quantity`` is in kilograms, ``price`` is the whole label's, tax included; each is None unless
    ``kind`` is "weight" or "price".
    """

    kind: CodeKind
    code: str
    quantity: Decimal | None = None
    price: Decimal | None = None


def read_code(text: str, layouts: Sequence[Layout] = ()) -> ScannedCode:
    """Read what a scanner or a hand gave: a scale's label, a GTIN, or a short code of the shop.

    The first layout whose prefix the thirteen digits begin with decides. Item codes of labels lose
    the zeros in front, so that label 00042 is PLU 42. Up to seven digits are a short code (PLU),
    kept as typed without zeros in front. Refuses a wrong check digit, a label without weight or
    price, letters, and other lengths.
    """
    digits = re.sub(r"[\s-]", "", text)
    if re.fullmatch(rf"[0-9]{{1,{INTERNAL_DIGITS}}}", digits):
        return ScannedCode("internal", digits.lstrip("0") or "0")
    code = gtin(digits)
    for layout in layouts:
        if len(code) == 13 and code.startswith(layout.prefix):
            return _label(code, layout)
    return ScannedCode("gtin", code)


def label_code(layout: Layout, item: str, value: Decimal) -> str:
    """Write the thirteen digits of a scale's label; the inverse of ``read_code``.

    Refuses an item or a value that does not fit its digits exactly: nothing is rounded or cut.
    """
    steps = value.scaleb(layout.decimals)
    fits = re.fullmatch(r"[0-9]+", item) is not None and steps == steps.to_integral_value()
    whole = str(int(steps)) if fits else ""
    if not fits or steps <= 0 or len(whole) > layout.value_digits or len(item) > layout.item_digits:
        raise BadCodeError(_("{item} and {value} do not fit the label.", item=item, value=value))
    body = layout.prefix + item.zfill(layout.item_digits) + whole.zfill(layout.value_digits)
    return complete_gtin(body)


def _label(code: str, layout: Layout) -> ScannedCode:
    start = len(layout.prefix)
    end = start + layout.item_digits
    item = code[start:end].lstrip("0") or "0"
    value = Decimal(int(code[end:-1])).scaleb(-layout.decimals)
    if value == 0:
        raise BadCodeError(_("The label {code} has no weight or price. Weigh it again.", code=code))
    if layout.value_kind == "weight":
        return ScannedCode("weight", item, quantity=value)
    return ScannedCode("price", item, price=value)

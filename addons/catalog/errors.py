"""What a code or a scanned label can be refused for."""

from __future__ import annotations

from typing import ClassVar

from core.errors import BadInputError


class BadCodeError(BadInputError):
    """A code that is of no kind we know: letters, or a length that no standard has."""

    code: ClassVar[str] = "catalog.bad_code"


class WrongBarcodeDigitError(BadInputError):
    """A barcode misread or mistyped; ``context`` has the right last digit as ``expected``."""

    code: ClassVar[str] = "catalog.wrong_barcode_digit"


class BadLayoutError(BadInputError):
    """A layout of scale labels that does not fill the thirteen digits, or overlaps."""

    code: ClassVar[str] = "catalog.bad_layout"


class UnknownProductError(BadInputError):
    """A product that does not exist for this business, or was archived."""

    code: ClassVar[str] = "catalog.unknown_product"

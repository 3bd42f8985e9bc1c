"""Unique codes of Colombian documents, their QR, check digits and file names.

A code is the SHA-384 of a plain concatenation (annex FE 1.9 sections 11.2 and 11.4, DS 1.1,
RADIAN 1.1). Amounts are written with two decimals, truncated, never rounded; an absent tax is
``0.00``; identities have no check digit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from hashlib import sha384
from typing import Final, TypeAlias

from addons.l10n_co_dian.catalogue import search_address
from addons.l10n_co_dian.errors import CodeInputError, TechnicalKeyError
from core.i18n import _

CENT: Final = Decimal("0.01")
MASK: Final = "•" * 8
_HEX_KEY: Final = re.compile(r"[0-9a-fA-F]{40}")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d[+-]\d{2}:\d{2}")
_NIT_WEIGHTS: Final = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)


def truncate2(amount: Decimal) -> str:
    """Write ``amount`` with two decimals, cutting the rest off; never negative in a code."""
    if not amount.is_finite() or amount < 0:
        raise CodeInputError(
            _("{amount} cannot go into the code of a document.", amount=str(amount))
        )
    return f"{amount.quantize(CENT, ROUND_DOWN):f}"


@dataclass(frozen=True, slots=True)
class CodeInput:
    """What the CUFE and the CUDE are made of.

    ``number`` includes the prefix. ``issue_time`` is ``HH:MM:SS-05:00``. ``subtotal`` is the sum of
    the lines (``LineExtensionAmount``), ``total`` the amount to pay. ``key`` is the technical key
    of the range for a CUFE and the PIN of the software for a CUDE. ``repr`` hides it.
    """

    number: str
    issue_date: date | str
    issue_time: str
    subtotal: Decimal
    iva: Decimal
    inc: Decimal
    ica: Decimal
    total: Decimal
    issuer_id: str
    buyer_id: str
    key: str
    environment: str

    def __repr__(self) -> str:
        return f"CodeInput({seed(self, masked=True)!r})"


@dataclass(frozen=True, slots=True)
class SupportCodeInput:
    """What the CUDS is made of: one tax, the seller first, then the issuer who acquires."""

    number: str
    issue_date: date | str
    issue_time: str
    subtotal: Decimal
    iva: Decimal
    total: Decimal
    seller_id: str
    acquirer_id: str
    pin: str
    environment: str

    def __repr__(self) -> str:
        return f"SupportCodeInput({seed(self, masked=True)!r})"


@dataclass(frozen=True, slots=True)
class EventCodeInput:
    """What the CUDE of an event is made of; it carries no environment."""

    number: str
    issue_date: date | str
    issue_time: str
    issuer_id: str
    receiver_id: str
    response_code: str
    document_number: str
    document_type: str
    pin: str

    def __repr__(self) -> str:
        return f"EventCodeInput({seed(self, masked=True)!r})"


AnyCodeInput: TypeAlias = CodeInput | SupportCodeInput | EventCodeInput


def seed(data: AnyCodeInput, *, masked: bool = False) -> str:
    """Concatenate what is hashed; ``masked`` puts dots where the secret key would stand."""
    head = f"{data.number}{data.issue_date}{_checked_time(data.issue_time)}"
    if isinstance(data, EventCodeInput):
        return "".join(
            (
                head,
                data.issuer_id,
                data.receiver_id,
                data.response_code,
                data.document_number,
                data.document_type,
                MASK if masked else data.pin,
            )
        )
    if isinstance(data, SupportCodeInput):
        values = f"{truncate2(data.subtotal)}01{truncate2(data.iva)}{truncate2(data.total)}"
        people = f"{data.seller_id}{data.acquirer_id}"
        return f"{head}{values}{people}{MASK if masked else data.pin}{data.environment}"
    values = (
        f"{truncate2(data.subtotal)}01{truncate2(data.iva)}04{truncate2(data.inc)}"
        f"03{truncate2(data.ica)}{truncate2(data.total)}"
    )
    people = f"{data.issuer_id}{data.buyer_id}"
    return f"{head}{values}{people}{MASK if masked else data.key}{data.environment}"


def cufe(data: CodeInput) -> str:
    """Compute the code of an invoice (types 01, 02, 04): 96 hexadecimal digits, lower case."""
    check_technical_key(data.key)
    return digest(seed(data))


def cude(data: CodeInput) -> str:
    """Compute the code of a note, a paper contingency (03) or an equivalent document (20)."""
    _check_pin(data.key)
    return digest(seed(data))


def cuds(data: SupportCodeInput) -> str:
    """Compute the code of a support document or of its adjustment note.

    ``iva`` is the amount of the first tax subtotal: that is what accepted documents carry, though
    the annex names the tax total. Avoid documents with more than one IVA rate.
    """
    _check_pin(data.pin)
    return digest(seed(data))


def event_code(data: EventCodeInput) -> str:
    """Compute the code of an event (030 to 034)."""
    _check_pin(data.pin)
    return digest(seed(data))


def software_security_code(software_id: str, pin: str, number: str) -> str:
    """Compute the fingerprint that ties a document to its software; ``number`` has the prefix."""
    _check_pin(pin)
    return digest(f"{software_id}{pin}{number}")


def digest(text: str) -> str:
    """Hash ``text`` as every code is hashed: SHA-384 in lower-case hexadecimal."""
    return sha384(text.encode()).hexdigest()


def check_technical_key(key: str) -> str:
    """Give ``key`` back if it is 40 hexadecimal digits; ask before a number is consumed."""
    if not _HEX_KEY.fullmatch(key):
        raise TechnicalKeyError(
            _(
                "The technical key of the range must be 40 hexadecimal digits and has {length} "
                "characters. Copy it again from the numbering query of the authority.",
                length=len(key),
            )
        )
    return key


def _check_pin(pin: str) -> None:
    if not pin or not pin.isascii() or any(sign.isspace() for sign in pin):
        raise CodeInputError(_("The PIN of the software is missing or has spaces."))


def _checked_time(text: str) -> str:
    if not _TIME.fullmatch(text):
        raise CodeInputError(
            _("The time {time} must be written as 09:15:23-05:00.", time=text),
        )
    return text


def check_digit(nit: str) -> int:
    """Compute the check digit of a NIT (Orden Administrativa 4 of 1989): weights from the right."""
    if not nit.isascii() or not nit.isdigit() or len(nit) > len(_NIT_WEIGHTS):
        raise CodeInputError(_("{nit} is not a NIT: write only its digits.", nit=nit))
    rest = sum(int(d) * w for d, w in zip(reversed(nit), _NIT_WEIGHTS, strict=False)) % 11
    return rest if rest < 2 else 11 - rest


def qr_url(code: str, environment: str) -> str:
    """Give the public page where anybody can look the document up."""
    return search_address(environment) + code


def qr_text(
    data: CodeInput, *, code: str, label: str = "CUFE", other_taxes: Decimal = Decimal(0)
) -> str:
    """Write the eleven lines that the printed QR carries (annex FE 1.9, section 11.7).

    ``label`` names the code (CUFE or CUDE), ``other_taxes`` is every tax that is not IVA. The
    secret key is not part of it.
    """
    lines = (
        ("NumFac", data.number),
        ("FecFac", str(data.issue_date)),
        ("HorFac", data.issue_time),
        ("NitFac", data.issuer_id),
        ("DocAdq", data.buyer_id),
        ("ValFac", truncate2(data.subtotal)),
        ("ValIva", truncate2(data.iva)),
        ("ValOtroIm", truncate2(other_taxes)),
        ("ValTolFac", truncate2(data.total)),
        (label, code),
        ("QRCode", qr_url(code, data.environment)),
    )
    return "\n".join(f"{name}: {value}" for name, value in lines)


def document_file_name(
    prefix: str, nit: str, year: int, counter: int, *, provider: str = "000"
) -> str:
    """Name the file of one document, for instance ``fv08001972680001900000011.xml``.

    ``counter`` counts files sent by this issuer since 1 January, not document numbers, and is
    written in hexadecimal. ``provider`` is 000 for own software, the authority's number of a
    technology provider otherwise, and empty for payroll documents (annex FE 1.9, 6.5.7).
    """
    return f"{prefix}{_file_stem(nit, year, counter, provider)}.xml"


def zip_file_name(nit: str, year: int, counter: int, *, provider: str = "000") -> str:
    """Name the ZIP that carries one or more documents, for instance ``z0800…00000011.zip``."""
    return f"z{_file_stem(nit, year, counter, provider)}.zip"


def _file_stem(nit: str, year: int, counter: int, provider: str) -> str:
    check_digit(nit)
    if len(nit) > 10 or not 0 < counter <= 0xFFFFFFFF:
        raise CodeInputError(
            _("There is no file name for NIT {nit} and file {n}.", nit=nit, n=counter)
        )
    return f"{nit:0>10}{provider}{year % 100:02d}{counter:08X}"

"""Reading what the service answers: faults first, then each data contract, nothing guessed.

``DianResponse`` is kept as it came (``DianAnswer``); ``outcomes`` says what it means.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as BadBase64
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from lxml import etree

from addons.l10n_co_dian.soap.errors import UnreadableAnswerError
from addons.l10n_co_dian.soap.operations import SOAP, WCF, Operation
from addons.l10n_co_dian.soap.untrusted import read_xml
from core.i18n import _
from core.outcome import BrokenRule, Unreachable

_NS: Final = {"s": SOAP}
#: ``Regla: FAD06, Rechazo: …``; DIAN writes Notificación with and without its accent.
_RULE: Final = re.compile(
    r"^\s*Regla:\s*(?P<rule>[^,]*?)\s*,\s*(?P<kind>Rechazo|Notificaci[oó]n)\s*:\s*(?P<text>.*)$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A SOAP fault: whose fault it is, its subcode, and its words."""

    sender: bool
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class DianAnswer:
    """One ``DianResponse`` as it came; absent fields are empty."""

    valid: bool
    code: str
    description: str
    message: str
    rules: tuple[BrokenRule, ...]
    key: str
    file_name: str
    document: bytes


@dataclass(frozen=True, slots=True)
class Upload:
    """What an asynchronous send answers: the key to ask with, or why nothing was taken."""

    zip_key: str
    refusals: tuple[BrokenRule, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """What ``GetXmlByDocumentKey`` answers; code 100 means that ``xml`` is there."""

    code: str
    message: str
    xml: bytes


@dataclass(frozen=True, slots=True)
class NumberingRange:
    """One authorised range; the technical key is a secret of the issuer."""

    resolution: str
    resolution_date: date | None
    prefix: str
    first: int
    last: int
    valid_from: date | None
    valid_to: date | None
    technical_key: str


@dataclass(frozen=True, slots=True)
class Acquirer:
    """A buyer as the tax registry knows them (Resolución 000202 of 2025)."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Missing:
    """The service answered that there is nothing, or nothing for us: its code and words."""

    code: str
    text: str


XmlAnswer: TypeAlias = bytes | Missing | Unreachable
RangesAnswer: TypeAlias = tuple[NumberingRange, ...] | Missing | Unreachable
AcquirerAnswer: TypeAlias = Acquirer | Missing | Unreachable


def read_answer(raw: bytes, operation: Operation) -> etree._Element | Fault:
    """Give the result element of ``operation``, or the fault that stands in its place.

    Raises ``UnreadableAnswerError`` for anything that is neither.
    """
    envelope = read_xml(raw)
    body = envelope.find("s:Body", _NS)
    if envelope.tag != f"{{{SOAP}}}Envelope" or body is None or len(body) != 1:
        raise UnreadableAnswerError(_("The answer is not a SOAP message."))
    if body[0].tag == f"{{{SOAP}}}Fault":
        return _fault(body[0])
    result = body.find(f"{{{WCF}}}{operation.name}Response/{{{WCF}}}{operation.name}Result")
    if result is None:
        raise UnreadableAnswerError(
            _("The answer is not an answer to {operation}.", operation=operation.name)
        )
    return result


def _fault(element: etree._Element) -> Fault:
    code = element.findtext("s:Code/s:Value", "", _NS).partition(":")[2]
    subcode = element.findtext("s:Code/s:Subcode/s:Value", "", _NS).rpartition(":")[2]
    text = element.findtext("s:Reason/s:Text", "", _NS).strip()
    return Fault(sender=code == "Sender", code=subcode or code, text=text)


def read_documents(result: etree._Element) -> list[DianAnswer]:
    """Read a ``DianResponse``, or the list of them that ``GetStatusZip`` gives."""
    listed = [child for child in result if etree.QName(child).localname == "DianResponse"]
    return [_document(element) for element in listed or [result]]


def _document(element: etree._Element) -> DianAnswer:
    messages = _field(element, "ErrorMessage")
    lines = () if messages is None else tuple(line.text or "" for line in messages)
    return DianAnswer(
        valid=_text(element, "IsValid").lower() == "true",
        code=_text(element, "StatusCode"),
        description=_text(element, "StatusDescription"),
        message=_text(element, "StatusMessage"),
        rules=tuple(read_rule(line) for line in lines if line.strip()),
        key=_text(element, "XmlDocumentKey").lower(),
        file_name=_text(element, "XmlFileName"),
        document=_bytes(element, "XmlBase64Bytes"),
    )


def read_rule(line: str) -> BrokenRule:
    """Split ``Regla: <id>, Rechazo|Notificación: <text>``; another shape is a rejection without id.

    A line that cannot be understood never becomes a mere notification.
    """
    match = _RULE.match(line)
    if match is None:
        return BrokenRule("", " ".join(line.split()))
    warning = match["kind"].lower().startswith("notificaci")
    return BrokenRule(match["rule"], " ".join(match["text"].split()), warning=warning)


def read_upload(result: etree._Element) -> Upload:
    """Read an ``UploadDocumentResponse``."""
    entries = _field(result, "ErrorMessageList")
    refusals = tuple(
        BrokenRule("", _text(entry, "ProcessedMessage"))
        for entry in (() if entries is None else entries)
        if _text(entry, "Success").lower() != "true"
    )
    return Upload(_text(result, "ZipKey"), refusals)


def read_stored(result: etree._Element) -> Stored:
    """Read an ``EventResponse``, which carries a stored document."""
    return Stored(_text(result, "Code"), _text(result, "Message"), _bytes(result, "XmlBytesBase64"))


def read_ranges(result: etree._Element) -> tuple[NumberingRange, ...] | Missing:
    """Read a ``NumberRangeResponseList``; operation code 100 means success."""
    if (code := _text(result, "OperationCode")) != "100":
        return Missing(code, _text(result, "OperationDescription"))
    entries = _field(result, "ResponseList")
    return tuple(_range(entry) for entry in (() if entries is None else entries))


def _range(entry: etree._Element) -> NumberingRange:
    try:
        return NumberingRange(
            resolution=_text(entry, "ResolutionNumber"),
            resolution_date=_day(entry, "ResolutionDate"),
            prefix=_text(entry, "Prefix"),
            first=int(_text(entry, "FromNumber")),
            last=int(_text(entry, "ToNumber")),
            valid_from=_day(entry, "ValidDateFrom"),
            valid_to=_day(entry, "ValidDateTo"),
            technical_key=_text(entry, "TechnicalKey"),
        )
    except ValueError as wrong:
        raise UnreadableAnswerError(_("A numbering range in the answer is unreadable.")) from wrong


def read_acquirer(result: etree._Element) -> Acquirer | Missing:
    """Read the answer of ``GetAcquirer``; without a name there is nobody."""
    name = _text(result, "ReceiverName")
    if not name:
        return Missing(_text(result, "StatusCode"), _text(result, "Message"))
    return Acquirer(name, _text(result, "ReceiverEmail"))


def _field(parent: etree._Element, name: str) -> etree._Element | None:
    # Namespaces of the contracts differ between the two environments; the names do not.
    return next((child for child in parent if etree.QName(child).localname == name), None)


def _text(parent: etree._Element, name: str) -> str:
    field = _field(parent, name)
    return "" if field is None else (field.text or "").strip()


def _day(parent: etree._Element, name: str) -> date | None:
    text = _text(parent, name)
    return date.fromisoformat(text[:10]) if text else None


def _bytes(parent: etree._Element, name: str) -> bytes:
    try:
        # The service breaks long values into lines; anything else foreign is refused.
        return b64decode("".join(_text(parent, name).split()), validate=True)
    except (BadBase64, ValueError) as wrong:
        raise UnreadableAnswerError(_("A file in the answer is not in base64.")) from wrong

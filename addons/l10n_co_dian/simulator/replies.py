"""The answers as they go over the wire: envelopes, data contracts, faults."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from xml.sax.saxutils import escape

from addons.l10n_co_dian.simulator.config import Buyer, Range
from addons.l10n_co_dian.soap.envelope import LIFETIME, WSSE, WSU, utc
from addons.l10n_co_dian.soap.operations import (
    ARRAYS,
    CONTRACT,
    FAULT_ACTION,
    SOAP,
    WCF,
    WSA,
    XSI,
    Answers,
    Operation,
)

PROCESSED: Final = "Procesado Correctamente."
INVALID: Final = "Validación contiene errores en campos mandatorios."
IN_PROCESS: Final = "En Proceso"
BATCH_IN_PROCESS: Final = "Batch en proceso de validación."
UNKNOWN_TRACK: Final = "TrackId no existe en los registros de la DIAN."
WITH_ERRORS: Final = "Documento con errores en campos mandatorios."
DONE: Final = "Accion completada OK"

_PARAMS: Final = CONTRACT + "XmlParamsResponseTrackId"
_NUMBERS: Final = CONTRACT + "NumberRangeResponse"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The fields of one ``DianResponse``."""

    valid: bool
    code: str
    description: str
    message: str = ""
    lines: Sequence[str] = ()
    document: bytes = b""
    key: str = ""
    file_name: str = ""


def envelope(operation: Operation, result: str, now: datetime) -> bytes:
    """Wrap a result, with the time stamp that the service puts into its answers."""
    name = operation.name
    security = (
        f'<o:Security s:mustUnderstand="1" xmlns:o="{WSSE}"><u:Timestamp u:Id="_0">'
        f"<u:Created>{utc(now)}</u:Created><u:Expires>{utc(now + LIFETIME)}</u:Expires>"
        "</u:Timestamp></o:Security>"
    )
    body = (
        f'<{name}Response xmlns="{WCF}"><{name}Result xmlns:b="{operation.answers.namespace}"'
        f' xmlns:i="{XSI}">{result}</{name}Result></{name}Response>'
    )
    return _soap(f"{operation.action}Response", body, security)


def fault(code: str, reason: str, *, sender: bool = True) -> bytes:
    """Write a fault as the platform of the service does."""
    side = "Sender" if sender else "Receiver"
    body = (
        f"<s:Fault><s:Code><s:Value>s:{side}</s:Value><s:Subcode>"
        f'<s:Value xmlns:a="{WSSE}">a:{escape(code)}</s:Value></s:Subcode></s:Code>'
        f'<s:Reason><s:Text xml:lang="es-CO">{escape(reason)}</s:Text></s:Reason></s:Fault>'
    )
    return _soap(FAULT_ACTION, body, "")


def _soap(action: str, body: str, security: str) -> bytes:
    return (
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:a="{WSA}" xmlns:u="{WSU}"><s:Header>'
        f'<a:Action s:mustUnderstand="1">{action}</a:Action>{security}</s:Header>'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def documents(operation: Operation, verdicts: Sequence[Verdict]) -> str:
    """Write one ``DianResponse``, or the list that ``GetStatusZip`` gives."""
    if operation.answers is not Answers.DOCUMENTS:
        return _document(verdicts[0])
    return "".join(f"<b:DianResponse>{_document(v)}</b:DianResponse>" for v in verdicts)


def _document(verdict: Verdict) -> str:
    lines = "".join(f"<c:string>{escape(line)}</c:string>" for line in verdict.lines)
    return (
        f'<b:ErrorMessage xmlns:c="{ARRAYS}">{lines}</b:ErrorMessage>'
        f"<b:IsValid>{'true' if verdict.valid else 'false'}</b:IsValid>"
        + _field("StatusCode", verdict.code)
        + _field("StatusDescription", verdict.description)
        + _field("StatusMessage", verdict.message)
        + _field("XmlBase64Bytes", b64encode(verdict.document).decode())
        + _field("XmlBytes", "")
        + _field("XmlDocumentKey", verdict.key)
        + _field("XmlFileName", verdict.file_name)
    )


def upload(zip_key: str, *, error: str = "", file_name: str = "") -> str:
    """Write an ``UploadDocumentResponse``: a key, or why nothing was taken."""
    entry = ""
    if error:
        entry = (
            "<c:XmlParamsResponseTrackId>"
            '<c:DocumentKey i:nil="true"/>'
            f"<c:ProcessedMessage>{escape(error)}</c:ProcessedMessage>"
            '<c:SenderCode i:nil="true"/><c:Success>false</c:Success>'
            f"<c:XmlFileName>{escape(file_name)}</c:XmlFileName></c:XmlParamsResponseTrackId>"
        )
    return (
        f'<b:ErrorMessageList xmlns:c="{_PARAMS}">{entry}</b:ErrorMessageList>'
        f"{_field('ZipKey', zip_key)}"
    )


def stored(code: str, message: str, xml: bytes = b"") -> str:
    """Write an ``EventResponse`` with a stored document."""
    content = _field("XmlBytesBase64", b64encode(xml).decode())
    return _field("Code", code) + _field("Message", message) + content


def ranges(found: Sequence[Range]) -> str:
    """Write the ranges of an issuer; none is an answer of its own."""
    if not found:
        code, words = "301", "No se encontraron rangos de numeración para los datos consultados."
        return _field("OperationCode", code) + _field("OperationDescription", words)
    entries = "".join(_range(range_) for range_ in found)
    return (
        f"{_field('OperationCode', '100')}{_field('OperationDescription', DONE)}"
        f'<b:ResponseList xmlns:c="{_NUMBERS}">{entries}</b:ResponseList>'
    )


def _range(range_: Range) -> str:
    fields = (
        ("ResolutionNumber", range_.resolution),
        ("ResolutionDate", _iso(range_.resolution_date or range_.valid_from)),
        ("Prefix", range_.prefix),
        ("FromNumber", str(range_.first)),
        ("ToNumber", str(range_.last)),
        ("ValidDateFrom", _iso(range_.valid_from)),
        ("ValidDateTo", _iso(range_.valid_to)),
        ("TechnicalKey", range_.technical_key),
    )
    inside = "".join(_field(name, value, "c") for name, value in fields)
    return f"<c:NumberRangeResponse>{inside}</c:NumberRangeResponse>"


def acquirer(buyer: Buyer | None) -> str:
    """Write what is known of a buyer."""
    if buyer is None:
        words = "No se encontró información del adquiriente."
        return _field("Message", words) + _field("StatusCode", "404")
    return (
        _field("Message", DONE)
        + _field("ReceiverEmail", buyer.email)
        + _field("ReceiverName", buyer.name)
        + _field("StatusCode", "200")
    )


def _iso(day: date) -> str:
    return day.isoformat()


def _field(name: str, value: str, prefix: str = "b") -> str:
    if not value:
        return f'<{prefix}:{name} i:nil="true"/>'
    return f"<{prefix}:{name}>{escape(value)}</{prefix}:{name}>"

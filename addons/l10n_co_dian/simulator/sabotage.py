"""What the script does to an answer on its way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from addons.l10n_co_dian.simulator.faults import Fault, Kind
from addons.l10n_co_dian.simulator.replies import fault as soap_fault

HTML: Final = "text/html; charset=utf-8"
SOAP_TYPE: Final = "application/soap+xml; charset=utf-8"
#: Kinds that strike before anything is read.
EARLY: Final = frozenset({Kind.HTML, Kind.THROTTLED, Kind.RESET, Kind.FAULT, Kind.INTERNAL_FAULT})


class Deed(Enum):
    """What happens to the connection."""

    NONE = "none"
    HOLD = "hold"
    RESET = "reset"
    TRUNCATE = "truncate"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and what happens to it."""

    status: int
    content_type: str
    body: bytes
    deed: Deed = Deed.NONE


def early_reply(fault: Fault) -> Reply | None:
    """Give the answer that stands in the place of any work, if the fault strikes so early."""
    kind = next((kind for kind in fault.kinds if kind in EARLY), None)
    match kind:
        case Kind.HTML:
            return _page(fault.status)
        case Kind.THROTTLED:
            return _page(429)
        case Kind.RESET:
            return Reply(200, SOAP_TYPE, b"", Deed.RESET)
        case Kind.FAULT:
            reason = "An error occurred when verifying security for the message."
            return Reply(500, SOAP_TYPE, soap_fault("InvalidSecurity", reason))
        case Kind.INTERNAL_FAULT:
            reason = "The server was unable to process the request due to an internal error."
            body = soap_fault("InternalServiceFault", reason, sender=False)
            return Reply(500, SOAP_TYPE, body)
        case _:
            return None


def late_reply(reply: Reply, fault: Fault) -> Reply:
    """Spoil an answer that was given in earnest."""
    for kind in fault.kinds:
        reply = _spoil(reply, kind)
    return reply


def _spoil(reply: Reply, kind: Kind) -> Reply:
    if kind in _DEEDS:
        return replace(reply, deed=_DEEDS[kind])
    if kind is Kind.ERROR_AFTER:
        return _page(500)
    spoil = _BODIES.get(kind)
    return replace(reply, body=spoil(reply.body)) if spoil else reply


def _malformed(body: bytes) -> bytes:
    return body.replace(b"</s:Body>", b"</s:Bdy>")


def _xxe(body: bytes) -> bytes:
    entity = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    return entity + _with_entity(body)


def _with_entity(body: bytes) -> bytes:
    return body.replace(b"<b:StatusDescription>", b"<b:StatusDescription>&x;", 1)


def _bomb(body: bytes) -> bytes:
    levels = [b'<!ENTITY a0 "ha ha ha ha ">']
    levels += [
        b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 16) for level in range(1, 9)
    ]
    entities = b"".join(levels) + b'<!ENTITY x "&a8;">'
    return b"<!DOCTYPE r [" + entities + b"]>" + _with_entity(body)


_DEEDS: Final = {
    Kind.TIMEOUT_AFTER: Deed.HOLD,
    Kind.RESET_AFTER: Deed.RESET,
    Kind.TRUNCATED_AFTER: Deed.TRUNCATE,
}
_BODIES: Final[dict[Kind, Callable[[bytes], bytes]]] = {
    Kind.MALFORMED: _malformed,
    Kind.XXE: _xxe,
    Kind.BOMB: _bomb,
}


def _page(status: int) -> Reply:
    page = f"<!DOCTYPE html><html><body><h1>{status} Service Unavailable</h1></body></html>"
    return Reply(status, HTML, page.encode())

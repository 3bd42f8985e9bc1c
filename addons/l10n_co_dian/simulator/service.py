"""The operations of the simulated service, from a signed request to an answer.

Everything here is about one request; what a fault does to the answer on its way out is in
``sabotage``.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final
from uuid import uuid4

from addons.l10n_co_dian.certificates import SigningIdentity
from addons.l10n_co_dian.simulator import replies
from addons.l10n_co_dian.simulator.config import Registry
from addons.l10n_co_dian.simulator.events import EventJudge
from addons.l10n_co_dian.simulator.faults import Fault, Kind
from addons.l10n_co_dian.simulator.judge import (
    Delivery,
    Judge,
    acceptance_of,
    duplicate_of,
    rejection,
)
from addons.l10n_co_dian.simulator.ledger import Ledger
from addons.l10n_co_dian.simulator.replies import Verdict
from addons.l10n_co_dian.soap.errors import SecurityFaultError
from addons.l10n_co_dian.soap.security import Request
from core.clock import Clock

#: What the real service offers and this one does not: answered with a fault that says so.
UNSUPPORTED: Final = frozenset(
    {
        "GetExchangeEmails",
        "GetStatusEvent",
        "SendBillAttachmentAsync",
        "SendNominaSync",
        "GetDocIdentifierWithEvents",
        "GetReferenceNotes",
        "GetDocumentInfo",
    }
)


@dataclass(slots=True)
class _Veil:
    """What questions about one key are told meanwhile, and how many of them."""

    verdict: Verdict
    asks: int


class Service:
    """The supported operations; one per simulator, shared by its threads."""

    def __init__(
        self, registry: Registry, ledger: Ledger, identity: SigningIdentity, clock: Clock
    ) -> None:
        self._registry = registry
        self._ledger = ledger
        self._clock = clock
        self._judge = Judge(registry, ledger, identity, clock)
        self._events = EventJudge(registry, ledger, identity, clock)
        self._lock = Lock()
        self._veils: dict[str, _Veil] = {}
        self._operations: dict[str, Callable[[Request, Fault | None], str]] = {
            "SendBillSync": self._send_sync,
            "SendBillAsync": self._send_async,
            "SendTestSetAsync": self._send_test_set,
            "SendEventUpdateStatus": self._send_event,
            "GetStatus": self._status,
            "GetStatusZip": self._status_zip,
            "GetXmlByDocumentKey": self._stored,
            "GetNumberingRange": self._ranges,
            "GetAcquirer": self._acquirer,
        }

    def answer(self, request: Request, fault: Fault | None) -> bytes:
        """Answer one request; raise the fault of an operation that is not supported."""
        name = request.operation.name
        if name in UNSUPPORTED:
            raise SecurityFaultError(
                "ActionNotSupported", f"The simulator does not support {name}."
            )
        result = self._operations[name](request, fault)
        return replies.envelope(request.operation, result, self._clock.now())

    def _send_sync(self, request: Request, fault: Fault | None) -> str:
        delivery = _delivery(request, fault)
        verdict = self._judge.judge(delivery)
        if verdict.valid and delivery.meets(Kind.DUPLICATE_OWN):
            taken = self._ledger.accepted_code(verdict.key)
            verdict = duplicate_of(taken) if taken else verdict
        if verdict.valid and fault is not None:
            verdict = self._veiled(verdict, fault)
        return replies.documents(request.operation, [verdict])

    def _veiled(self, verdict: Verdict, fault: Fault) -> Verdict:
        """Hide an acceptance from the next questions, as a busy service does."""
        waiting = Verdict(False, "98", replies.IN_PROCESS)
        if Kind.PENDING in fault.kinds:
            self._veil(verdict.key, waiting, fault.asks)
            return waiting
        if Kind.HIDDEN in fault.kinds:
            self._veil(verdict.key, Verdict(False, "66", replies.UNKNOWN_TRACK), fault.asks)
        return verdict

    def _veil(self, key: str, verdict: Verdict, asks: int) -> None:
        with self._lock:
            self._veils[key] = _Veil(verdict, asks)

    def _unveil(self, key: str) -> Verdict | None:
        with self._lock:
            veil = self._veils.get(key)
            if veil is None or veil.asks == 0:
                self._veils.pop(key, None)
                return None
            veil.asks -= 1
            return veil.verdict

    def _send_async(self, request: Request, fault: Fault | None) -> str:
        zip_key = str(uuid4())
        verdict = self._judge.judge(_delivery(request, fault, zip_key))
        if not verdict.key and verdict.code == "99":
            error = f"Error al parsear xml. {verdict.lines[0]}"
            return replies.upload("", error=error, file_name=verdict.file_name)
        if fault is not None and Kind.PENDING in fault.kinds:
            self._veil(zip_key, Verdict(False, "", replies.BATCH_IN_PROCESS), fault.asks)
        return replies.upload(zip_key)

    def _send_test_set(self, request: Request, fault: Fault | None) -> str:
        wanted = request.arguments.get("testSetId", "")
        if not self._registry.has_test_set(wanted):
            error = f"Set de prueba con identificador {wanted} no se encuentra registrado."
            return replies.upload("", error=error, file_name=request.arguments.get("fileName", ""))
        return self._send_async(request, fault)

    def _send_event(self, request: Request, fault: Fault | None) -> str:
        verdict = self._events.judge(_delivery(request, fault))
        return replies.documents(request.operation, [verdict])

    def _status(self, request: Request, _fault: Fault | None) -> str:
        key = request.arguments.get("trackId", "").lower()
        return replies.documents(request.operation, [self._unveil(key) or self._of_code(key)])

    def _of_code(self, code: str) -> Verdict:
        accepted = self._ledger.accepted_code(code)
        if accepted is not None:
            return acceptance_of(accepted)
        tried = self._ledger.attempts(code=code)
        if not tried or not code:
            return Verdict(False, "66", replies.UNKNOWN_TRACK)
        return rejection(tried[-1].rules, code, tried[-1].file_name)

    def _status_zip(self, request: Request, _fault: Fault | None) -> str:
        key = request.arguments.get("trackId", "").lower()
        return replies.documents(request.operation, [self._unveil(key) or self._of_zip(key)])

    def _of_zip(self, zip_key: str) -> Verdict:
        tried = self._ledger.attempts(zip_key=zip_key) if zip_key else []
        if not tried:
            return Verdict(False, "66", replies.UNKNOWN_TRACK)
        last = tried[-1]
        if last.verdict == "accepted":
            return self._of_code(last.code)
        if last.verdict == "refused":
            return Verdict(False, "89", last.rules[0])
        taken = self._ledger.accepted(last.identity) if last.verdict == "duplicate" else None
        return duplicate_of(taken) if taken else rejection(last.rules, last.code, last.file_name)

    def _stored(self, request: Request, _fault: Fault | None) -> str:
        key = request.arguments.get("trackId", "").lower()
        accepted = None if self._unveil(key) else self._ledger.accepted_code(key)
        if accepted is None:
            return replies.stored("404", f"Xml con CUFE: '{key}' no encontrado.")
        return replies.stored("100", replies.DONE, accepted.xml)

    def _ranges(self, request: Request, _fault: Fault | None) -> str:
        return replies.ranges(self._registry.ranges(request.arguments.get("accountCode", "")))

    def _acquirer(self, request: Request, _fault: Fault | None) -> str:
        kind = request.arguments.get("identificationType", "")
        number = request.arguments.get("identificationNumber", "")
        return replies.acquirer(self._registry.buyer(kind, number))


def _delivery(request: Request, fault: Fault | None, zip_key: str = "") -> Delivery:
    try:
        archive = b64decode(request.arguments.get("contentFile", ""))
    except BadBase64:
        # Not an archive either: the judge says so.
        archive = b""
    return Delivery(
        request.operation.name,
        request.arguments.get("fileName", "").removesuffix(".zip"),
        archive,
        request.certificate,
        zip_key,
        fault,
    )

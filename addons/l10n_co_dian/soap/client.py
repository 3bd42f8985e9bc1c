"""Asking the tax authority's web service: one signed request, one typed outcome.

Nothing is retried here: a lost answer is followed by a question, and when to ask is the caller's
business (the outbox). A timeout is ambiguous, a refused connection is not.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509 import Certificate
from lxml import etree

from addons.l10n_co_dian.soap.answers import (
    AcquirerAnswer,
    Fault,
    Missing,
    RangesAnswer,
    XmlAnswer,
    read_acquirer,
    read_answer,
    read_documents,
    read_ranges,
    read_stored,
    read_upload,
)
from addons.l10n_co_dian.soap.application_response import acceptance_problem
from addons.l10n_co_dian.soap.envelope import Signer, TokenReference, build_request
from addons.l10n_co_dian.soap.errors import UnreadableAnswerError
from addons.l10n_co_dian.soap.operations import OPERATIONS, Operation
from addons.l10n_co_dian.soap.outcomes import (
    UNREADABLE,
    document_outcome,
    fault_outcome,
    upload_outcome,
)
from addons.l10n_co_dian.soap.transport import Transport, status_outcome
from core.clock import Clock
from core.outcome import Outcome, Unreachable

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """Choices of form that differ between receivers, and whom answers are believed from.

    ``answer_roots`` empty means: the ApplicationResponse must carry a signature that verifies, by
    whomever. ``proves_answers`` false takes an acceptance at its word; only for an authority that
    signs in a way we cannot verify.
    """

    reference: TokenReference = TokenReference.DIRECT
    signs_timestamp: bool = False
    answer_roots: tuple[Certificate, ...] = ()
    proves_answers: bool = True


class DianClient:
    """The operations of the service for one issuer's certificate.

    ``chain`` is leaf first; ``timeout`` is the whole wait for one answer, in seconds. The address
    must be https, or http to this machine (the simulator).
    """

    def __init__(  # noqa: PLR0913 - three choices with defaults beside who, where and when
        self,
        url: str,
        key: RSAPrivateKey,
        chain: Sequence[Certificate],
        clock: Clock,
        *,
        timeout: float = 60,
        transport: httpx.BaseTransport | None = None,
        options: ClientOptions | None = None,
    ) -> None:
        self._options = options or ClientOptions()
        self._signer = Signer(key, chain[0], self._options.reference, self._options.signs_timestamp)
        self._clock = clock
        self._transport = Transport(url, timeout=timeout, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._transport.close()

    def send_bill_sync(
        self, file_name: str, zip_bytes: bytes, *, expected_code: str = ""
    ) -> Outcome:
        """Send one document and wait for the verdict.

        ``expected_code`` is the document's CUFE or CUDE: an acceptance that names another code is
        not believed. ``Duplicate`` means that the number is taken; see ``settle_duplicate``.
        """
        return self._document("SendBillSync", expected_code, **_file(file_name, zip_bytes))

    def send_event(self, zip_bytes: bytes, *, expected_code: str = "") -> Outcome:
        """Send one RADIAN event (``SendEventUpdateStatus``) and wait for the verdict."""
        return self._document(
            "SendEventUpdateStatus", expected_code, contentFile=_base64(zip_bytes)
        )

    def send_bill_async(self, file_name: str, zip_bytes: bytes) -> Outcome:
        """Hand over an archive; ``Pending.key`` is the ZipKey for ``get_status_zip``."""
        return self._upload("SendBillAsync", **_file(file_name, zip_bytes))

    def send_test_set_async(self, file_name: str, zip_bytes: bytes, test_set_id: str) -> Outcome:
        """Hand over a document of the test set that admits an issuer or a software."""
        return self._upload(
            "SendTestSetAsync", **_file(file_name, zip_bytes), testSetId=test_set_id
        )

    def get_status(self, track_id: str, *, expected_code: str = "") -> Outcome:
        """Ask what became of a document by its code."""
        return self._document("GetStatus", expected_code or track_id, trackId=track_id)

    def get_status_zip(self, track_id: str, *, expected_code: str = "") -> Outcome:
        """Ask what became of an archive by its ZipKey."""
        return self._document("GetStatusZip", expected_code, trackId=track_id)

    def get_xml_by_document_key(self, key: str) -> XmlAnswer:
        """Fetch the accepted document that DIAN stores under a code, byte for byte."""
        return self._told("GetXmlByDocumentKey", _stored_xml, trackId=key)

    def get_numbering_range(
        self, issuer_nit: str, provider_nit: str, software_id: str
    ) -> RangesAnswer:
        """Fetch the ranges authorised to an issuer for a software, with their technical keys."""
        return self._told(
            "GetNumberingRange",
            read_ranges,
            accountCode=issuer_nit,
            accountCodeT=provider_nit,
            softwareCode=software_id,
        )

    def get_acquirer(self, identification_type: str, number: str) -> AcquirerAnswer:
        """Look up one buyer at the moment of the sale; the rules forbid doing it in bulk."""
        return self._told(
            "GetAcquirer",
            read_acquirer,
            identificationType=identification_type,
            identificationNumber=number,
        )

    def _document(self, name: str, expected: str, **arguments: str) -> Outcome:
        reply = self._ask(OPERATIONS[name], arguments, read_documents)
        if isinstance(reply, Unreachable):
            return reply
        if isinstance(reply, Fault):
            return fault_outcome(reply)
        # An archive of ours holds one document; of a list, ours is the one with our code.
        mine = [answer for answer in reply if answer.key == expected.lower()] or reply
        if len(mine) != 1:
            return Unreachable(f"{UNREADABLE}: {len(mine)} answers for one document")
        return document_outcome(
            mine[0], asked=arguments.get("trackId", ""), expected=expected, proof=self._proof
        )

    def _proof(self, document: bytes, code: str) -> str:
        if not self._options.proves_answers:
            return ""
        return acceptance_problem(document, code, self._options.answer_roots)

    def _upload(self, name: str, **arguments: str) -> Outcome:
        reply = self._ask(OPERATIONS[name], arguments, read_upload)
        if isinstance(reply, Unreachable):
            return reply
        return fault_outcome(reply) if isinstance(reply, Fault) else upload_outcome(reply)

    def _told(
        self, name: str, read: Callable[[etree._Element], _T], **arguments: str
    ) -> _T | Missing | Unreachable:
        reply = self._ask(OPERATIONS[name], arguments, read)
        return Missing(f"SOAP:{reply.code}", reply.text) if isinstance(reply, Fault) else reply

    def _ask(
        self,
        operation: Operation,
        arguments: dict[str, str],
        read: Callable[[etree._Element], _T],
    ) -> _T | Fault | Unreachable:
        request = build_request(
            operation,
            arguments,
            to=self._transport.url,
            signer=self._signer,
            now=self._clock.now(),
        )
        reply = self._transport.post(operation.action, request)
        if isinstance(reply, Unreachable):
            return reply
        answered = reply.status == httpx.codes.OK
        try:
            result = read_answer(reply.body, operation)
            # A fault speaks whatever the status; anything else speaks only with 200.
            if isinstance(result, Fault):
                return result
            return read(result) if answered else status_outcome(reply.status)
        except UnreadableAnswerError as unreadable:
            if not answered:
                return status_outcome(reply.status)
            return Unreachable(f"{UNREADABLE}: {unreadable}", maybe_delivered=True)


def _stored_xml(result: etree._Element) -> bytes | Missing:
    stored = read_stored(result)
    if stored.code == "100" and stored.xml:
        return stored.xml
    return Missing(stored.code, stored.message)


def _file(name: str, content: bytes) -> dict[str, str]:
    return {"fileName": name, "contentFile": _base64(content)}


def _base64(content: bytes) -> str:
    return b64encode(content).decode()

"""Judging RADIAN events, as far as a sender can be wrong alone: form, signature, code, reference.

The order and the days between events are not judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from lxml import etree

from addons.l10n_co_dian.catalogue import EVENTS
from addons.l10n_co_dian.certificates import SigningIdentity
from addons.l10n_co_dian.codes import EventCodeInput, event_code
from addons.l10n_co_dian.errors import CodeInputError, UnreadableDocumentError
from addons.l10n_co_dian.safe_xml import first_text, parse
from addons.l10n_co_dian.simulator.authority import Subject, application_response
from addons.l10n_co_dian.simulator.config import Registry
from addons.l10n_co_dian.simulator.judge import (
    NOBODY,
    Delivery,
    acceptance_of,
    rejection,
    schema_findings,
)
from addons.l10n_co_dian.simulator.ledger import Acceptance, Attempt, Identity, Ledger
from addons.l10n_co_dian.simulator.replies import Verdict
from addons.l10n_co_dian.simulator.rules import Finding, general
from addons.l10n_co_dian.soap.errors import PackageError
from addons.l10n_co_dian.soap.package import unpack
from addons.l10n_co_dian.verification import verify_root
from core.clock import Clock

_RESPONSE: Final = "cac:DocumentResponse/cac:Response/cbc:ResponseCode"
_REFERENCE: Final = "cac:DocumentResponse/cac:DocumentReference/"
_SOFTWARE: Final = (
    "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/sts:DianExtensions/"
    "sts:SoftwareProvider/sts:SoftwareID"
)
_PARTY: Final = "/cac:PartyTaxScheme/cbc:CompanyID"

_UNKNOWN_EVENT: Final = Finding("AAH03", "El código del evento no corresponde a la lista")
_UNKNOWN_DOCUMENT: Final = Finding("AAH07", "El CUFE referenciado no existe en los registros")
_WRONG_CODE: Final = Finding("AAD06", "Valor del CUDE no está calculado correctamente")
_REPEATED: Final = Finding("LGC01", "El evento ya se encuentra registrado para este documento")


class EventJudge:
    """Judges events; one per simulator."""

    def __init__(
        self, registry: Registry, ledger: Ledger, identity: SigningIdentity, clock: Clock
    ) -> None:
        self._registry = registry
        self._ledger = ledger
        self._identity = identity
        self._clock = clock

    def judge(self, delivery: Delivery) -> Verdict:
        """Judge one event; an accepted one is on disk when this returns."""
        try:
            document = unpack(delivery.archive)
            root = parse(document.xml)
        except (PackageError, UnreadableDocumentError):
            return rejection([general("ZB01").line], "", delivery.file_name)
        identity = Identity(
            first_text(root, "cac:SenderParty" + _PARTY),
            first_text(root, _RESPONSE),
            first_text(root, _REFERENCE + "cbc:UUID").lower(),
        )
        code = first_text(root, "cbc:UUID").lower()
        findings = list(self._findings(root, identity))
        if not findings and self._ledger.accepted(identity):
            findings = [_REPEATED]
        return self._write(delivery, document.xml, identity if code else NOBODY, code, findings)

    def _write(
        self, delivery: Delivery, xml: bytes, identity: Identity, code: str, found: list[Finding]
    ) -> Verdict:
        lines = [finding.line for finding in found]
        now = self._clock.now()
        attempt = Attempt(
            at=now,
            operation=delivery.operation,
            identity=identity,
            code=code,
            sha256=sha256(xml).hexdigest(),
            file_name=delivery.file_name,
            verdict="rejected" if found else "accepted",
            rules=lines,
        )
        subject = Subject(
            identity.number,
            code,
            "CUDE-SHA384",
            identity.kind,
            identity.issuer,
            self._registry.environment,
        )
        answer = application_response(subject, found, identity=self._identity, now=now)
        if found:
            self._ledger.record(attempt)
            return rejection(lines, code, delivery.file_name, answer)
        acceptance = Acceptance(
            now, identity, code, attempt.sha256, delivery.file_name, xml=xml, answer=answer
        )
        if not self._ledger.record(attempt, acceptance):
            return rejection([_REPEATED.line], code, delivery.file_name)
        return acceptance_of(acceptance)

    def _findings(self, root: etree._Element, identity: Identity) -> Iterator[Finding]:
        yield from schema_findings(root, self._registry)
        if not verify_root(root, self._registry.trusted).valid:
            yield general("ZE02")
        if identity.kind not in EVENTS:
            yield _UNKNOWN_EVENT
        if self._ledger.accepted_code(identity.number) is None:
            yield _UNKNOWN_DOCUMENT
        software = self._registry.software(first_text(root, _SOFTWARE))
        if not self._code_holds(root, identity, software.pin if software else ""):
            yield _WRONG_CODE

    @staticmethod
    def _code_holds(root: etree._Element, identity: Identity, pin: str) -> bool:
        try:
            expected = event_code(
                EventCodeInput(
                    number=first_text(root, "cbc:ID"),
                    issue_date=first_text(root, "cbc:IssueDate"),
                    issue_time=first_text(root, "cbc:IssueTime"),
                    issuer_id=identity.issuer,
                    receiver_id=first_text(root, "cac:ReceiverParty" + _PARTY),
                    response_code=identity.kind,
                    document_number=first_text(root, _REFERENCE + "cbc:ID"),
                    document_type=first_text(root, _REFERENCE + "cbc:DocumentTypeCode"),
                    pin=pin,
                )
            )
        except CodeInputError:
            return False
        return expected == first_text(root, "cbc:UUID").lower()

"""Judging one document as the authority does, and writing down what came of it.

Order of the service: the archive, the XML, who may send for whom, whether the number is taken,
then every rule. The ledger's own uniqueness decides between two sends at the same moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from cryptography.x509 import Certificate
from lxml import etree

from addons.l10n_co_dian.certificates import SigningIdentity
from addons.l10n_co_dian.errors import UnreadableDocumentError
from addons.l10n_co_dian.safe_xml import parse
from addons.l10n_co_dian.schemas import find_schemas, validate_root
from addons.l10n_co_dian.simulator.authority import Subject, application_response
from addons.l10n_co_dian.simulator.config import Registry
from addons.l10n_co_dian.simulator.faults import Fault, Kind
from addons.l10n_co_dian.simulator.identity import (
    certificate_nit,
    identity_findings,
    may_send,
)
from addons.l10n_co_dian.simulator.ledger import Acceptance, Attempt, Identity, Ledger
from addons.l10n_co_dian.simulator.planting import plant_foreign
from addons.l10n_co_dian.simulator.reading import NotADocumentError, Reading
from addons.l10n_co_dian.simulator.replies import INVALID, PROCESSED, WITH_ERRORS, Verdict
from addons.l10n_co_dian.simulator.rules import Finding, broken, general
from addons.l10n_co_dian.simulator.totals import totals_findings
from addons.l10n_co_dian.soap.errors import PackageError
from addons.l10n_co_dian.soap.package import Document, unpack
from addons.l10n_co_dian.verification import SignatureReport, verify_root
from core.clock import Clock

NOBODY = Identity("", "", "")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One archive as it came in."""

    operation: str
    file_name: str
    archive: bytes
    certificate: Certificate
    zip_key: str = ""
    fault: Fault | None = None

    def meets(self, kind: Kind) -> bool:
        """Tell whether the script does this to it."""
        return self.fault is not None and kind in self.fault.kinds


class Judge:
    """Judges documents; one per simulator, shared by its threads."""

    def __init__(
        self, registry: Registry, ledger: Ledger, identity: SigningIdentity, clock: Clock
    ) -> None:
        self._registry = registry
        self._ledger = ledger
        self._identity = identity
        self._clock = clock

    def judge(self, delivery: Delivery) -> Verdict:
        """Judge one delivery; its acceptance is on disk when this returns."""
        try:
            document = unpack(delivery.archive)
        except PackageError:
            return self._unread(delivery, general("ZA01"))
        try:
            root = parse(document.xml)
            reading = Reading(root)
        except (UnreadableDocumentError, NotADocumentError):
            return self._unread(delivery, general("ZB01"))
        if refusal := self._refusal(reading, delivery):
            return self._refused(reading, delivery, document, refusal)
        if delivery.meets(Kind.DUPLICATE_FOREIGN):
            plant_foreign(reading, document.xml, self._ledger, self._clock.now())
        if taken := self._ledger.accepted(reading.identity):
            return self._duplicate(reading, delivery, document, taken)
        return self._decide(reading, delivery, document)

    def _decide(self, reading: Reading, delivery: Delivery, document: Document) -> Verdict:
        if delivery.fault is not None and delivery.meets(Kind.REJECT):
            findings = [Finding(delivery.fault.rule, delivery.fault.text)]
        else:
            findings = list(self.findings(reading.root, reading))
        answer = application_response(
            _subject(reading, self._registry.environment),
            findings,
            identity=self._identity,
            now=self._clock.now(),
            signed=not delivery.meets(Kind.UNSIGNED),
        )
        lines = [finding.line for finding in findings]
        accepted = not any(finding.rejects for finding in findings)
        attempt = self._attempt(
            reading, delivery, document, "accepted" if accepted else "rejected", lines
        )
        if not accepted:
            self._ledger.record(attempt)
            return rejection(lines, reading.code, delivery.file_name, answer)
        acceptance = Acceptance(
            at=attempt.at,
            identity=attempt.identity,
            code=attempt.code,
            sha256=attempt.sha256,
            file_name=attempt.file_name,
            xml=document.xml,
            answer=answer,
            rules=lines,
        )
        if not self._ledger.record(attempt, acceptance):
            # Another thread was faster with the same number, or with the same code.
            taken = self._ledger.accepted(reading.identity) or self._ledger.accepted_code(
                reading.code
            )
            return self._duplicate(reading, delivery, document, taken or acceptance)
        return acceptance_of(acceptance)

    def findings(self, root: etree._Element, reading: Reading) -> Iterator[Finding]:
        """Give every rule that the document breaks, schema and signature first."""
        signature = verify_root(root, self._registry.trusted)
        yield from schema_findings(root, self._registry)
        yield from _signature_findings(reading.prefix, signature)
        yield from identity_findings(reading, self._registry, signature)
        yield from totals_findings(reading, subtracts_prepaid=self._registry.subtracts_prepaid)

    def _refusal(self, reading: Reading, delivery: Delivery) -> tuple[str, str] | None:
        issuer = self._registry.issuer(reading.issuer)
        nit = certificate_nit(delivery.certificate)
        if issuer is None or not may_send(delivery.certificate, reading, self._registry):
            words = f"NIT {nit} no autorizado a enviar documentos para emisor con NIT"
            return "89", f"{words} {reading.issuer}."
        if not issuer.enabled:
            return "92", f"Emisor con NIT {reading.issuer} no habilitado."
        return None

    def _refused(
        self, reading: Reading, delivery: Delivery, document: Document, why: tuple[str, str]
    ) -> Verdict:
        code, description = why
        attempt = self._attempt(reading, delivery, document, "refused", [description])
        self._ledger.record(attempt)
        return Verdict(False, code, description, file_name=delivery.file_name)

    def _duplicate(
        self, reading: Reading, delivery: Delivery, document: Document, taken: Acceptance
    ) -> Verdict:
        lines = [general("90").line]
        self._ledger.record(self._attempt(reading, delivery, document, "duplicate", lines))
        return duplicate_of(taken)

    def _unread(self, delivery: Delivery, finding: Finding) -> Verdict:
        attempt = Attempt(
            at=self._clock.now(),
            operation=delivery.operation,
            identity=NOBODY,
            code="",
            sha256=sha256(delivery.archive).hexdigest(),
            file_name=delivery.file_name,
            verdict="rejected",
            rules=[finding.line],
            fault=_named(delivery.fault),
            zip_key=delivery.zip_key,
        )
        self._ledger.record(attempt)
        return rejection([finding.line], "", delivery.file_name)

    def _attempt(
        self,
        reading: Reading,
        delivery: Delivery,
        document: Document,
        verdict: str,
        lines: Sequence[str],
    ) -> Attempt:
        return Attempt(
            at=self._clock.now(),
            operation=delivery.operation,
            identity=reading.identity,
            code=reading.code,
            sha256=sha256(document.xml).hexdigest(),
            file_name=document.name.rpartition(".")[0],
            verdict=verdict,
            rules=lines,
            fault=_named(delivery.fault),
            zip_key=delivery.zip_key,
        )


def schema_findings(root: etree._Element, registry: Registry) -> Iterator[Finding]:
    """Check the schema, unless schemas are not installed and the simulator is not strict."""
    if not registry.strict and find_schemas(registry.schemas) is None:
        return
    if faults := validate_root(root, registry.schemas):
        finding = general("ZB01")
        yield replace(finding, text=f"{finding.text}. {faults[0]}")


def _signature_findings(prefix: str, signature: SignatureReport) -> Iterator[Finding]:
    if not signature.present:
        yield broken(prefix, "AC03")
    elif not (signature.value_valid and signature.digest_valid):
        yield general("ZE02")
    elif not signature.valid:
        finding = general("ZD05")
        yield replace(finding, text=f"{finding.text}. {'; '.join(signature.problems)}")


def acceptance_of(accepted: Acceptance) -> Verdict:
    """Write the answer for a document that was accepted, now or long ago."""
    return Verdict(
        True,
        "00",
        PROCESSED,
        message=f"La Factura electrónica {accepted.identity.number}, ha sido autorizada.",
        lines=accepted.rules,
        document=accepted.answer,
        key=accepted.code,
        file_name=accepted.file_name,
    )


def duplicate_of(taken: Acceptance) -> Verdict:
    """Write the answer to a number that is taken: the key and the verdict of what took it."""
    lines = [general("90").line]
    return rejection(lines, taken.code, taken.file_name, taken.answer)


def rejection(lines: Sequence[str], key: str, file_name: str, document: bytes = b"") -> Verdict:
    """Write the answer to a document that breaks rules."""
    return Verdict(
        False,
        "99",
        INVALID,
        message=WITH_ERRORS,
        lines=lines,
        document=document,
        key=key,
        file_name=file_name,
    )


def _subject(reading: Reading, environment: str) -> Subject:
    return Subject(
        reading.number, reading.code, reading.scheme, reading.kind, reading.issuer, environment
    )


def _named(fault: Fault | None) -> str:
    return "+".join(fault.kinds) if fault else ""

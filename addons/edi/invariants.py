"""What must hold of documents at all times; ``manage.py verify`` asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from addons.edi.facts import issuer_facts, range_facts
from addons.edi.formats import formats_of
from addons.edi.models import Artifact, Document, Issuer, NumberRange, Step, Version
from addons.edi.number_control import missing_numbers
from core.addons.parts import Finding
from core.errors import PlatformError
from core.process import process_of

if TYPE_CHECKING:
    from addons.edi.formats import DocumentFormat
    from core.tenancy import TenantSession

#: Documents whose bytes one check reads: the newest; older ones were read while they were.
READ_AT_ONCE: Final = 2000


def broken_ranges(session: TenantSession) -> Sequence[Finding]:
    """F1: numbers follow each other without a gap, inside the limits and the dates of their range.

    Numbers are counted from the first that was used here.
    """
    findings: list[Finding] = []
    for row in session.scalars(select(NumberRange).order_by(NumberRange.id)):
        findings += (
            Finding("F1", f"{row.prefix}{number} is missing", str(row.id))
            for number in missing_numbers(session, row)[:100]
        )
        outside = select(Document).where(
            Document.range_id == row.id,
            (Document.number < row.first)
            | (Document.number >= row.next_number)
            | (Document.fiscal_date < row.valid_from)
            | (Document.fiscal_date > row.valid_to)
            | (Document.prefix != row.prefix),
        )
        findings += (
            Finding("F1", f"{d.prefix}{d.number} is outside its range", str(d.id))
            for d in session.scalars(outside.limit(100))
        )
    return findings


def broken_codes(session: TenantSession) -> Sequence[Finding]:
    """F2: a version's code is the one its stored file gives, and that file is as it was signed."""
    forms = formats_of(session.database)
    query = (
        select(Artifact, Version, Document)
        .join(
            Version,
            (Version.id == Artifact.version_id) & (Version.tenant_id == Artifact.tenant_id),
        )
        .join(
            Document,
            (Document.id == Version.document_id) & (Document.tenant_id == Version.tenant_id),
        )
        .where(Artifact.kind == "signed", Document.range_id.is_not(None))
        .order_by(Artifact.made_at.desc())
        .limit(READ_AT_ONCE)
    )
    secrets = _Secrets(session)
    findings: list[Finding] = []
    for artifact, version, document in session.execute(query):
        form = forms.get(document.format)
        if form is not None:
            findings += _code_findings(session, form, secrets, (artifact, version, document))
    return findings


def broken_answers(session: TenantSession) -> Sequence[Finding]:
    """F3: an accepted document has one accepted version, and the answer that proves it."""
    forms = formats_of(session.database)
    findings: list[Finding] = []
    query = select(Document).where(Document.state == "accepted")
    newest = query.order_by(Document.issued_at.desc()).limit(READ_AT_ONCE)
    for document in session.scalars(newest):
        form = forms.get(document.format)
        if form is not None:
            findings += _answer_findings(session, form, document)
    twice = (
        select(Version.document_id)
        .join(Step, (Step.version_id == Version.id) & (Step.tenant_id == Version.tenant_id))
        .where(Step.outcome == "accepted")
        .group_by(Version.document_id)
        .having(func.count(func.distinct(Version.id)) > 1)
    )
    findings += (
        Finding("F3", "two versions were accepted", str(key)) for key in session.scalars(twice)
    )
    return findings


class _Secrets:
    """Opens each issuer's and range's secrets once per check."""

    def __init__(self, session: TenantSession) -> None:
        self._session = session
        self._forms = formats_of(session.database)
        self._known: dict[tuple[object, object], tuple[str, str]] = {}

    def of(self, document: Document) -> tuple[str, str]:
        """Give the software PIN and the technical key that coded a document."""
        key = (f"{document.format} {document.environment}", document.range_id)
        if key not in self._known:
            self._known[key] = self._open(document)
        return self._known[key]

    def _open(self, document: Document) -> tuple[str, str]:
        form = self._forms[document.format]
        session = self._session
        issuer = session.scalars(
            select(Issuer).where(
                Issuer.format == document.format, Issuer.environment == document.environment
            )
        ).one()
        numbers = session.scalars(
            select(NumberRange).where(NumberRange.id == document.range_id)
        ).one()
        return (
            issuer_facts(session, issuer, form).software_pin,
            range_facts(session, numbers, form).technical_key,
        )


def _code_findings(
    session: TenantSession,
    form: DocumentFormat,
    secrets: _Secrets,
    rows: tuple[Artifact, Version, Document],
) -> Iterator[Finding]:
    artifact, version, document = rows
    name = f"{document.prefix}{document.number}"
    try:
        signed = process_of(session.database).files.get(session.tenant, artifact.sha256)
        pin, key = secrets.of(document)
        declared, computed = form.recompute(signed, software_pin=pin, technical_key=key)
    except PlatformError as unreadable:
        yield Finding("F2", f"{name}: {unreadable}", str(document.id))
        return
    if declared != version.code:
        yield Finding("F2", f"{name}: the file carries another code", str(document.id))
    elif computed != version.code:
        yield Finding("F2", f"{name}: its code is not that of its fields", str(document.id))


def _answer_findings(
    session: TenantSession, form: DocumentFormat, document: Document
) -> Iterator[Finding]:
    name, record = f"{document.prefix}{document.number}", str(document.id)
    query = (
        select(Artifact)
        .join(
            Version,
            (Version.id == Artifact.version_id) & (Version.tenant_id == Artifact.tenant_id),
        )
        .where(
            Version.document_id == document.id,
            Version.n == document.version,
            Artifact.kind == "answer",
        )
    )
    answer = session.scalars(query).one_or_none()
    if answer is None:
        yield Finding("F3", f"{name} is accepted without an answer", record)
        return
    try:
        content = process_of(session.database).files.get(session.tenant, answer.sha256)
    except PlatformError as missing:
        yield Finding("F3", f"{name}: {missing}", record)
        return
    if problem := form.answer_problem(content, document.code):
        yield Finding("F3", f"{name}: {problem}", record)

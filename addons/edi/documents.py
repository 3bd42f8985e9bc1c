"""The verbs of documents: issue one from a draft, issue a rejected one again, send on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from addons.edi.drafts import DocumentDraft, IssuedDocument
from addons.edi.errors import (
    BackfillRefusedError,
    DocumentStateError,
    NoIssuerError,
    NoRangeError,
    NumberUsedError,
)
from addons.edi.facts import (
    customer_facts,
    edi_facts,
    form_of,
    prepared_for,
    range_facts,
    validity_of,
)
from addons.edi.formats import HABILITATION, DocumentFormat, DocumentText, IssuerFacts
from addons.edi.models import Certificate, Document, NumberRange, Version
from addons.edi.numbers import candidates_for, choose_range, take_number
from addons.edi.sale import issued_event, version_values
from addons.edi.standing import hold_document
from addons.edi.validity import certificate_refusal
from core.audit.services import record
from core.events.publish import publish
from core.i18n import _
from core.ids import uuid7
from core.sale import IssuedNumber

if TYPE_CHECKING:
    from core.tenancy import TenantSession

#: What documents that were asked for by a program or a person say they document.
DRAFT_SOURCE: Final = "edi.draft"
BACKFILL: Final = "edi.document.backfill"


_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A number, and what its documents share."""

    number: IssuedNumber
    prepared: Any = field(repr=False)
    range_id: UUID | None


def issue_document(session: TenantSession, draft: DocumentDraft, key: UUID) -> IssuedDocument:
    """Give a document its number and code, and have it signed and sent.

    The same ``key`` gives the document that was issued with it. Refused before a number is used: no
    issuer, no range that fits, no certificate, a draft that makes no legal document, a backfill in
    production.
    """
    facts = edi_facts(session)
    issuer = facts.issuers.get(draft.format)
    if issuer is None:
        raise NoIssuerError(_("The business does not issue this kind of document."))
    form = form_of(facts, draft.format)
    known = _issued_with(session, draft.format, key)
    if known is not None:
        return _told(form, known)
    _refuse_without_certificate(session, issuer)
    numbered = (
        _as_issued(session, form, draft, issuer) if draft.backfill else _next(session, form, draft)
    )
    customer = customer_facts(session, draft.customer_id)
    text = form.drafted_document(numbered.prepared, draft, numbered.number, customer)
    return _told(form, _store(session, draft, issuer, numbered, text, key))


def reissue(session: TenantSession, document_id: UUID) -> Version:
    """Issue a rejected document again: same number, next version, dated now.

    A rejected number was not consumed at the authority. What was mended (issuer, range, software)
    is taken as it is now; what was sold stays. Refused unless the newest version was rejected.
    """
    document = hold_document(session, document_id)
    if document.state != "rejected":
        raise DocumentStateError(_("Only a rejected document is issued again."))
    old = _newest(session, document)
    facts = edi_facts(session)
    issuer = facts.issuers.get(document.format)
    if issuer is None or issuer.environment != document.environment:
        raise NoIssuerError(_("The business does not issue this kind of document."))
    form = form_of(facts, document.format)
    row = session.scalars(
        select(NumberRange).where(NumberRange.id == document.range_id)
    ).one_or_none()
    if row is None:
        raise NoRangeError(_("This document has no range of ours; issue it where it came from."))
    prepared = prepared_for(session, form, issuer, range_facts(session, row, form))
    zone = facts.places[document.establishment_id].zone
    # A version of its own needs a second of its own: the code is made of it.
    issued_at = max(_local(session, zone), old.issued_at.astimezone(ZoneInfo(zone)) + _SECOND)
    text = form.reissued_document(prepared, old.snapshot, issued_at)
    version = Version(**version_values(uuid7(), document.id, document.version + 1, issued_at, text))
    session.add(version)
    document.version += 1
    document.state, document.code = "pending", text.code
    session.flush()
    publish(session, issued_event(document.id, version.id))
    record(
        session, "edi.document.reissue", "edi.document", document.id, version=version.n,
        code=text.code,
    )  # fmt: skip
    return version


def retry(session: TenantSession, document_id: UUID) -> None:
    """Have a document that waits worked on at once; one that is settled is left alone."""
    document = hold_document(session, document_id)
    if document.state in {"accepted", "rejected", "void"}:
        raise DocumentStateError(_("There is nothing to send: the document is settled."))
    publish(session, issued_event(document.id, _newest(session, document).id))
    record(session, "edi.document.retry", "edi.document", document.id)


def _newest(session: TenantSession, document: Document) -> Version:
    query = select(Version).where(Version.document_id == document.id, Version.n == document.version)
    return session.scalars(query).one()


def _issued_with(session: TenantSession, format_name: str, key: UUID) -> Document | None:
    query = select(Document).where(
        Document.source == DRAFT_SOURCE,
        Document.source_id == key,
        Document.format == format_name,
    )
    return session.scalars(query).one_or_none()


def _told(form: DocumentFormat, document: Document) -> IssuedDocument:
    return IssuedDocument(
        id=document.id,
        prefix=document.prefix,
        number=document.number,
        code=document.code,
        title=str(form.title),
        qr_url=form.look_up(document.code, document.environment),
        issued_at=document.issued_at,
        status=document.state,
        total=document.total,
    )


def _refuse_without_certificate(session: TenantSession, issuer: IssuerFacts) -> None:
    rows = session.scalars(select(Certificate).where(Certificate.archived_at.is_(None)))
    refusal = certificate_refusal(
        [validity_of(row) for row in rows], issuer.environment, session.clock.now()
    )
    if refusal is not None:
        raise refusal


def _next(session: TenantSession, form: DocumentFormat, draft: DocumentDraft) -> _Numbered:
    """Take the next number of the range that fits, holding its row until the end."""
    facts = edi_facts(session)
    issuer = facts.issuers[draft.format]
    place = facts.places.get(draft.establishment_id)
    candidates = candidates_for(
        facts.ranges,
        format_name=draft.format,
        environment=issuer.environment,
        establishment_id=draft.establishment_id,
        till_id=None,
        mode="normal",
    )
    now = _local(session, place.zone if place else "America/Bogota")
    chosen = choose_range(session, candidates, now.date())
    prepared = prepared_for(session, form, issuer, chosen)
    held = select(NumberRange).where(NumberRange.id == chosen.id).with_for_update()
    row = session.scalars(held.execution_options(populate_existing=True)).one()
    columns = ("next_number", "first", "last", "valid_from", "valid_to", "prefix", "archived_at")
    number = take_number({name: getattr(row, name) for name in columns}, now.date())
    row.next_number = number + 1
    return _Numbered(IssuedNumber(chosen.prefix, number, now), prepared, chosen.id)


def _as_issued(
    session: TenantSession, form: DocumentFormat, draft: DocumentDraft, issuer: IssuerFacts
) -> _Numbered:
    """Take number, date and key as the draft has them: in habilitation only, and written down."""
    backfill = draft.backfill
    if backfill is None or issuer.environment != HABILITATION:
        raise BackfillRefusedError(
            _("Documents with a number of their own are only entered in habilitation.")
        )
    used = select(Document.id).where(
        Document.format == draft.format,
        Document.environment == issuer.environment,
        Document.prefix == backfill.prefix,
        Document.number == int(backfill.number),
    )
    if session.scalar(used) is not None:
        raise NumberUsedError(
            _("The number {number} is used already.", number=f"{backfill.prefix}{backfill.number}")
        )
    number = IssuedNumber(backfill.prefix, int(backfill.number), backfill.issued_at)
    return _Numbered(number, form.prepare_backfill(backfill, issuer.environment), None)


def _store(
    session: TenantSession,
    draft: DocumentDraft,
    issuer: IssuerFacts,
    numbered: _Numbered,
    text: DocumentText,
    key: UUID,
) -> Document:
    number = numbered.number
    document = Document(
        id=uuid7(),
        format=draft.format,
        environment=issuer.environment,
        establishment_id=draft.establishment_id,
        range_id=numbered.range_id,
        prefix=number.prefix,
        number=number.number,
        fiscal_date=number.issued_at.date(),
        issued_at=number.issued_at,
        source=DRAFT_SOURCE,
        source_id=key,
        buyer=text.buyer,
        currency=text.currency,
        rate=Decimal(1),
        total=text.total,
        functional_total=text.total,
        code=text.code,
    )
    session.add(document)
    session.flush()
    version_id = uuid7()
    session.add(Version(**version_values(version_id, document.id, 1, number.issued_at, text)))
    session.flush()
    publish(session, issued_event(document.id, version_id))
    action = BACKFILL if draft.backfill else "edi.document.issue"
    record(
        session, action, "edi.document", document.id, number=number.full, code=text.code,
        format=draft.format,
    )  # fmt: skip
    return document


def _local(session: TenantSession, zone: str) -> datetime:
    return session.clock.now().astimezone(ZoneInfo(zone)).replace(microsecond=0)

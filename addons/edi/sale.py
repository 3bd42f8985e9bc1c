"""What a sale does for its legal document: a number, a version with its code, an event to sign it.

Everything after ``document_facts`` is pure and sees only what was read in the first trip.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from addons.edi.facts import (
    EdiFacts,
    customer_facts,
    edi_facts,
    form_of,
    prepared_for,
)
from addons.edi.formats import CustomerFacts, DocumentFormat, IssuerFacts, RangeFacts
from addons.edi.models import Document, Version
from addons.edi.numbers import candidates_for, choose_range, number_source
from addons.edi.validity import Validity, certificate_refusal
from core.addons.parts import Event
from core.db.plan import AuditNote, Rows, table_of
from core.errors import PlatformError
from core.ids import uuid7
from core.sale import IssuedNumber, Objection, Sale, SaleFacts, SaleMoment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from addons.edi.formats import DocumentText
    from core.tenancy import TenantSession

#: Our name among the facts of a sale.
ADDON: Final = "edi"
#: What the documents of sales say they document.
SALE_SOURCE: Final = "pos.sale"
#: A version was written: build, sign, send it. Its own queue, so that nothing keeps it waiting.
ISSUED: Final = "edi.version.issued.v1"
QUEUE: Final = "edi"

_document: Final = table_of(Document)
_version: Final = table_of(Version)


@dataclass(frozen=True, slots=True)
class SaleIssue:
    """What issues the sale's document."""

    form: DocumentFormat
    issuer: IssuerFacts
    numbers: RangeFacts
    prepared: Any = field(repr=False)
    customer: CustomerFacts | None
    certificates: tuple[Validity, ...]


@dataclass(frozen=True, slots=True)
class NoIssue:
    """Why the sale cannot have the document that it must have."""

    objection: Objection


def document_facts(session: TenantSession, sale: Sale) -> Sequence[SaleFacts]:
    """Find what issues the sale's document and gives its number.

    Nothing where the business issues no documents for sales: the till's own receipt serves. Where
    it does and no range fits, no number is taken from any, and the sale is objected to.
    """
    try:
        return _found(session, sale)
    except PlatformError as refusal:
        # The sale is not broken, its document is: a printed one is kept with a discrepancy.
        return (SaleFacts(values=NoIssue(_objection(refusal))),)


def _found(session: TenantSession, sale: Sale) -> Sequence[SaleFacts]:
    facts = edi_facts(session)
    issuer = sale_issuer(facts)
    if issuer is None:
        return ()
    form = form_of(facts, issuer.format)
    place = sale.place
    today = session.clock.now().astimezone(ZoneInfo(place.zone)).date()
    candidates = candidates_for(
        facts.ranges,
        format_name=form.name,
        environment=issuer.environment,
        establishment_id=place.establishment_id,
        till_id=place.till_id,
        mode=sale.document_mode,
    )
    numbers = choose_range(session, candidates, today)
    prepared = prepared_for(session, form, issuer, numbers)
    customer = customer_facts(session, sale.customer_id)
    issue = SaleIssue(form, issuer, numbers, prepared, customer, facts.certificates)
    return (SaleFacts(number_source(session.tenant.uid, numbers), issue),)


def document_objections(moment: SaleMoment) -> Sequence[Objection]:
    """Object where no range fits, or nobody could sign at the moment the number was taken."""
    values: SaleIssue | NoIssue = moment.own(ADDON)
    if isinstance(values, NoIssue):
        return (values.objection,)
    environment, at = values.issuer.environment, moment.number.issued_at
    refusal = certificate_refusal(values.certificates, environment, at)
    return () if refusal is None else (_objection(refusal),)


def document_rows(sale: Sale, moment: SaleMoment) -> Rows:
    """Give the document with its first version, the event that has it signed, and the answer."""
    rows = Rows()
    values: SaleIssue | NoIssue = moment.own(ADDON)
    if isinstance(values, NoIssue):
        return rows
    number = moment.number
    text = values.form.sale_document(values.prepared, sale, number, values.customer)
    document_id, version_id = uuid7(), uuid7()
    rows.insert(
        _document,
        id=document_id,
        format=values.form.name,
        environment=values.issuer.environment,
        establishment_id=sale.place.establishment_id,
        range_id=values.numbers.id,
        prefix=number.prefix,
        number=number.number,
        fiscal_date=number.issued_at.date(),
        issued_at=number.issued_at,
        source=SALE_SOURCE,
        source_id=sale.id,
        buyer=text.buyer,
        currency=sale.currency,
        rate=Decimal(1),
        total=sale.total,
        functional_total=sale.total,
        mode=sale.document_mode,
        code=text.code,
    )
    rows.insert(_version, **version_values(version_id, document_id, 1, number.issued_at, text))
    rows.events.append(issued_event(document_id, version_id))
    rows.audit.append(
        AuditNote(
            "edi.document.issue",
            "edi.document",
            document_id,
            {"number": number.full, "code": text.code, "format": values.form.name},
        )
    )
    rows.answer["document"] = document_answer(text, number)
    return rows


def document_answer(text: DocumentText, number: IssuedNumber) -> dict[str, Any]:
    """Give what the till shows of a fresh document: its code is final, its state is not."""
    return {
        "title": text.title,
        "code": text.code,
        "qr_url": text.qr_url,
        "status": "pending",
        "full_number": number.full,
    }


def version_values(
    version_id: UUID, document_id: UUID, n: int, issued_at: datetime, text: DocumentText
) -> dict[str, Any]:
    """Give the row of one version."""
    return {
        "id": version_id,
        "document_id": document_id,
        "n": n,
        "type": text.type,
        "code": text.code,
        "issued_at": issued_at,
        "snapshot": text.snapshot,
        "builder_version": text.builder_version,
    }


def issued_event(document_id: UUID, version_id: UUID) -> Event:
    """Give the event that has a version built, signed and sent; it carries ids only."""
    return Event(ISSUED, {"document": str(document_id), "version": str(version_id)}, QUEUE)


def sale_issuer(facts: EdiFacts) -> IssuerFacts | None:
    """Give who issues documents for sales; None where the business does not."""
    for name, issuer in facts.issuers.items():
        if form_of(facts, name).for_sales:
            return issuer
    return None


def _objection(refusal: PlatformError) -> Objection:
    return Objection(refusal.code, refusal.message)

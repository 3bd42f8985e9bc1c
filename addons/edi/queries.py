"""Documents for people: where they stand, what is owed, what will end soon."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, tuple_

from addons.edi.errors import DocumentNotFoundError
from addons.edi.facts import edi_facts, form_of, prepared_for
from addons.edi.formats import document_format
from addons.edi.models import Artifact, Certificate, Document, NumberRange, Step, Version
from addons.edi.number_control import missing_since
from addons.edi.numbers import candidates_for, choose_range
from addons.edi.sale import SALE_SOURCE, sale_issuer
from core.errors import PlatformError
from core.i18n import _
from core.sale import SaleDocument, TillDocument, TillRange

if TYPE_CHECKING:
    from core.i18n import LazyText
    from core.tenancy import TenantSession

WAITING: Final = ("pending", "signed", "sent")
#: Days before its end at which something is said of a certificate or a range.
WARN_DAYS: Final = (60, 30, 7, 1)
#: A range is said to end soon when the numbers of so many days are left, at the pace of the last.
PACE_DAYS: Final = 30
PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class DocumentStory:
    """One document with everything that happened to it, newest version first."""

    document: Document
    versions: tuple[Version, ...]
    steps: Mapping[UUID, tuple[Step, ...]]
    artifacts: Mapping[UUID, tuple[Artifact, ...]]
    problems: tuple[str, ...]
    qr_url: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """Something that ends: ``days`` are left, less than none when it ended."""

    kind: str
    text: LazyText
    days: int


def documents_page(
    session: TenantSession,
    *,
    state: str = "",
    after: tuple[datetime, UUID] | None = None,
    places: Collection[UUID] | None = None,
) -> Sequence[Document]:
    """Give a page of documents, newest first, and one more where there is a next page.

    ``after`` is (issued_at, id) of the last seen; ``places`` limits to establishments.
    """
    query = select(Document)
    if places is not None:
        query = query.where(Document.establishment_id.in_(places))
    if state == "waiting":
        query = query.where(Document.state.in_(WAITING))
    elif state:
        query = query.where(Document.state == state)
    if after is not None:
        query = query.where(tuple_(Document.issued_at, Document.id) < after)
    ordered = query.order_by(Document.issued_at.desc(), Document.id.desc())
    return session.scalars(ordered.limit(PAGE + 1)).all()


def document_story(session: TenantSession, document_id: UUID) -> DocumentStory:
    """Give one document with versions, steps and files, or raise ``DocumentNotFoundError``."""
    document = session.scalars(select(Document).where(Document.id == document_id)).one_or_none()
    if document is None:
        raise DocumentNotFoundError(_("This document does not exist."))
    versions = tuple(
        session.scalars(
            select(Version).where(Version.document_id == document.id).order_by(Version.n.desc())
        )
    )
    keys = [version.id for version in versions]
    steps: dict[UUID, list[Step]] = {key: [] for key in keys}
    for step in session.scalars(
        select(Step).where(Step.version_id.in_(keys)).order_by(Step.taken_at, Step.id)
    ):
        steps[step.version_id].append(step)
    files: dict[UUID, list[Artifact]] = {key: [] for key in keys}
    for artifact in session.scalars(
        select(Artifact).where(Artifact.version_id.in_(keys)).order_by(Artifact.made_at)
    ):
        files[artifact.version_id].append(artifact)
    form = document_format(session.database, document.format)
    return DocumentStory(
        document=document,
        versions=versions,
        steps={key: tuple(found) for key, found in steps.items()},
        artifacts={key: tuple(found) for key, found in files.items()},
        problems=problems_of(steps[keys[0]]) if document.state == "rejected" else (),
        qr_url=form.look_up(document.code, document.environment),
    )


def problems_of(steps: Sequence[Step]) -> tuple[str, ...]:
    """Give the broken rules of the last rejection: ``FAJ43b: …``."""
    rejections = [step for step in steps if step.outcome == "rejected"]
    if not rejections:
        return ()
    rules = rejections[-1].details.get("rules", ())
    return tuple(f"{r['rule']}: {r['text']}" for r in rules if not r.get("warning"))


def documents_of_sale(session: TenantSession, sale_id: UUID) -> Sequence[SaleDocument]:
    """Show the legal document of a sale, for its ticket."""
    query = select(Document).where(Document.source == SALE_SOURCE, Document.source_id == sale_id)
    found = []
    for document in session.scalars(query):
        story = document_story(session, document.id)
        form = document_format(session.database, document.format)
        paper = form.paper(story.versions[0].snapshot)
        status = document.state if document.state in {"accepted", "rejected"} else "pending"
        found.append(
            SaleDocument(
                title=paper.title,
                full_number=f"{document.prefix}{document.number}",
                code=document.code,
                status=status,  # type: ignore[arg-type]
                qr_text=story.qr_url,
                legend=paper.legend,
                problems=story.problems,
            )
        )
    return found


def documents_of_till(
    session: TenantSession, establishment_id: UUID, till_id: UUID
) -> Sequence[TillDocument]:
    """Say what the next sales of a till print; nothing where it prints internal receipts."""
    facts = edi_facts(session)
    issuer = sale_issuer(facts)
    if issuer is None:
        return ()
    form = form_of(facts, issuer.format)
    found = []
    for mode in ("normal", "contingency"):
        candidates = candidates_for(
            facts.ranges,
            format_name=form.name,
            environment=issuer.environment,
            establishment_id=establishment_id,
            till_id=till_id,
            mode=mode,
        )
        try:
            chosen = choose_range(session, candidates, _today(session, establishment_id))
            paper = form.till_paper(prepared_for(session, form, issuer, chosen))
        except PlatformError:
            # The sale says what is wrong; here there is only nothing to print.
            continue
        numbers = TillRange(
            chosen.resolution, chosen.prefix, chosen.first, chosen.last, chosen.valid_to
        )
        found.append(TillDocument(paper.title, mode, numbers, paper.software, paper.maker))
    return found


def owed(session: TenantSession) -> Mapping[str, int]:
    """Count the documents that are not settled, by state; rejected ones wait for a person."""
    query = (
        select(Document.state, func.count())
        .where(Document.state.in_((*WAITING, "rejected")))
        .group_by(Document.state)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def forecasts(session: TenantSession) -> Sequence[Forecast]:
    """Say which certificates and ranges end soon, the most urgent first, and what is missing."""
    found = [*_certificates(session), *_ranges(session)]
    for name, since in missing_since(session):
        text = _("The number {number} is missing.", number=name)
        found.append(Forecast("missing", text, (since - session.clock.now()).days))
    return sorted(found, key=lambda forecast: forecast.days)


def _certificates(session: TenantSession) -> Sequence[Forecast]:
    query = select(Certificate).where(Certificate.archived_at.is_(None))
    rows = session.scalars(query.order_by(Certificate.valid_to.desc())).all()
    if not rows:
        return ()
    # Only the one that lasts longest matters: the others are being replaced by it.
    days = (rows[0].valid_to - session.clock.now()).days
    if days > WARN_DAYS[0]:
        return ()
    text = _("The signing certificate ends in {days} days.", days=days)
    return (Forecast("certificate", text, days),)


def _ranges(session: TenantSession) -> Sequence[Forecast]:
    found = []
    today = session.clock.now().date()
    query = select(NumberRange).where(
        NumberRange.archived_at.is_(None), NumberRange.next_number <= NumberRange.last
    )
    for row in session.scalars(query):
        days = min((row.valid_to - today).days, _days_of_numbers(session, row, today))
        if days <= WARN_DAYS[1]:
            text = _("The numbering {prefix} ends in {days} days.", prefix=row.prefix, days=days)
            found.append(Forecast("range", text, days))
    return found


def _days_of_numbers(session: TenantSession, row: NumberRange, today: date) -> int:
    since = today - timedelta(days=PACE_DAYS)
    used = session.scalar(
        select(func.count()).where(Document.range_id == row.id, Document.fiscal_date >= since)
    )
    left = row.last - row.next_number + 1
    return left * PACE_DAYS // used if used else 10_000


def _today(session: TenantSession, establishment_id: UUID) -> date:
    place = edi_facts(session).places.get(establishment_id)
    zone = place.zone if place else "America/Bogota"
    return session.clock.now().astimezone(ZoneInfo(zone)).date()

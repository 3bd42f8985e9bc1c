"""Documents for programs: issue one, ask how it stands."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from pydantic import BaseModel

from addons.edi import permissions
from addons.edi.documents import issue_document
from addons.edi.drafts import DocumentDraft, IssuedDocument
from addons.edi.errors import DocumentNotFoundError
from addons.edi.queries import document_story
from core.api.once import asked_key
from core.api.routes import api
from core.i18n import _
from core.tenancy import TenantSession
from core.web.context import current

blueprint = Blueprint("edi_api", __name__, url_prefix="/api/v1/edi")


class StepTold(BaseModel):
    """One step taken with the newest version."""

    step: str
    outcome: str
    taken_at: str


class DocumentTold(BaseModel):
    """Where a document stands, and why it was rejected."""

    id: UUID
    prefix: str
    number: int
    code: str
    version: int
    status: str
    qr_url: str
    problems: tuple[str, ...]
    steps: tuple[StepTold, ...]


@blueprint.post("/documents")
@api(
    permission=permissions.ISSUE.name,
    summary=_("Issue a document"),
    request=DocumentDraft,
    response=IssuedDocument,
    status=201,
    once="edi.document.issue",
    fiscal=True,
)
def issue(body: DocumentDraft, session: TenantSession) -> IssuedDocument:
    """Issue a document; the answer comes with its number and code, before it is signed.

    A ``backfill`` keeps number, date, issuer and key of a document that exists: it needs a
    permission of its own and is refused in production.
    """
    context = current()
    context.require(permissions.ISSUE.name, body.establishment_id)
    if body.backfill is not None:
        context.require(permissions.BACKFILL.name, body.establishment_id)
    return issue_document(session, body, asked_key())


@blueprint.get("/documents/<uuid:document_id>")
@api(
    permission=permissions.READ.name,
    summary=_("See how a document stands"),
    response=DocumentTold,
)
def told(document_id: UUID) -> DocumentTold:
    """Give state, steps and broken rules of a document."""
    context = current()
    story = document_story(context.read(), document_id)
    places = context.establishments(permissions.READ.name)
    document, newest = story.document, story.versions[0]
    if places is not None and document.establishment_id not in places:
        raise DocumentNotFoundError(_("This document does not exist."))
    return DocumentTold(
        id=document.id,
        prefix=document.prefix,
        number=document.number,
        code=document.code,
        version=document.version,
        status=document.state,
        qr_url=story.qr_url,
        problems=story.problems,
        steps=tuple(
            StepTold(step=s.step, outcome=s.outcome, taken_at=s.taken_at.isoformat())
            for s in story.steps[newest.id]
        ),
    )

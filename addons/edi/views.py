"""The pages of legal documents: the list, one document, its files and its QR."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

import segno
from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy import select

from addons.edi import permissions, screens
from addons.edi.documents import reissue, retry
from addons.edi.errors import DocumentNotFoundError
from addons.edi.models import Artifact, Document, Version
from addons.edi.queries import document_story, documents_page, forecasts, owed
from core.errors import BadInputError
from core.i18n import _
from core.process import process_of
from core.web.access import requires
from core.web.context import current
from core.web.pages.shell import Crumb
from core.web.shell import page

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as Redirect

blueprint = Blueprint("edi", __name__, url_prefix="/edi", template_folder="templates")

#: Files that may be downloaded, and as what.
_KINDS: Final = frozenset({"signed", "answer"})


@blueprint.get("/documents")
@requires(permissions.READ.name)
def documents() -> str:
    """List the documents, newest first."""
    context = current()
    session = context.read()
    state, token = request.args.get("state", ""), request.args.get("after", "")
    places = context.establishments(permissions.READ.name)
    found = documents_page(session, state=state, after=_key(token), places=places)
    listing = screens.documents_listing(found, state=state, owed=owed(session))
    warnings = forecasts(session) if context.can(permissions.CONFIGURE.name) else ()
    return page("edi/documents.html", _("Electronic documents"), listing=listing, warnings=warnings)


@blueprint.get("/documents/<uuid:document_id>")
@requires(permissions.READ.name)
def document(document_id: UUID) -> str:
    """Show one document with everything that happened to it."""
    context = current()
    story = document_story(context.read(), _allowed(document_id, permissions.READ.name))
    shown = screens.document_view(story, may_retry=context.can(permissions.RETRY.name))
    return page(
        "edi/document.html",
        shown.title,
        breadcrumb=(
            Crumb(_("Electronic documents"), url_for("edi.documents")),
            Crumb(shown.title),
        ),
        document=shown,
        qr=url_for("edi.qr", document_id=document_id),
        look_up=story.qr_url,
    )


@blueprint.get("/documents/<uuid:document_id>/qr.svg")
@requires(permissions.READ.name)
def qr(document_id: UUID) -> Response:
    """Draw the QR that leads to the authority's page of the document."""
    story = document_story(current().read(), _allowed(document_id, permissions.READ.name))
    drawn = segno.make(story.qr_url, error="m").svg_inline(scale=4, border=2, omitsize=True)
    svg = drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return Response(svg, mimetype="image/svg+xml")


@blueprint.get("/documents/<uuid:document_id>/<int:n>/<kind>.xml")
@requires(permissions.READ.name)
def file(document_id: UUID, n: int, kind: str) -> Response:
    """Give the signed file of a version, or the authority's answer to it, byte for byte."""
    session = current().read()
    query = (
        select(Artifact)
        .join(
            Version,
            (Version.id == Artifact.version_id) & (Version.tenant_id == Artifact.tenant_id),
        )
        .where(
            Version.document_id == _allowed(document_id, permissions.READ.name),
            Version.n == n,
            Artifact.kind == kind,
        )
    )
    found = session.scalars(query).one_or_none() if kind in _KINDS else None
    if found is None:
        raise DocumentNotFoundError(_("This document does not exist."))
    content = process_of(session.database).files.get(session.tenant, found.sha256)
    answer = Response(content, mimetype="application/xml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.file_name}"'
    return answer


@blueprint.post("/documents/<uuid:document_id>/retry")
@requires(permissions.RETRY.name)
def try_again(document_id: UUID) -> Redirect:
    """Have a waiting document worked on at once."""
    _allowed(document_id, permissions.RETRY.name)
    with current().write() as session:
        retry(session, document_id)
    return redirect(url_for("edi.document", document_id=document_id), 303)


@blueprint.post("/documents/<uuid:document_id>/reissue")
@requires(permissions.RETRY.name)
def issue_again(document_id: UUID) -> Redirect:
    """Issue a rejected document again, as its next version."""
    _allowed(document_id, permissions.RETRY.name)
    with current().write() as session:
        reissue(session, document_id)
    return redirect(url_for("edi.document", document_id=document_id), 303)


def _allowed(document_id: UUID, permission: str) -> UUID:
    """Give the id back if it is of an establishment where the reader may; else it is not there."""
    places = current().establishments(permission)
    query = select(Document.establishment_id).where(Document.id == document_id)
    found = current().read().scalar(query)
    if found is None or (places is not None and found not in places):
        raise DocumentNotFoundError(_("This document does not exist."))
    return document_id


def _key(token: str) -> tuple[datetime, UUID] | None:
    """Read where a page begins: the moment and the id of the last row before it."""
    if not token:
        return None
    moment, _comma, key = token.partition(",")
    try:
        return datetime.fromisoformat(moment), UUID(key)
    except ValueError as error:
        raise BadInputError(_("This address is damaged. Open the list again.")) from error

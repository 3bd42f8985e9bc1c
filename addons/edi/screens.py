"""What the pages of documents are given: plain values, from the queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from flask import url_for

from addons.edi.queries import PAGE, WAITING, DocumentStory
from core.i18n import _
from core.web.pages.listing import (
    Badge,
    ColumnView,
    EmptyState,
    Listing,
    Pages,
    Row,
    SavedView,
    Title,
)
from core.web.pages.record import ActionView, DocumentView, Fact, Step

if TYPE_CHECKING:
    from addons.edi.models import Document
    from core.i18n import LazyText

STATES: Final[Mapping[str, Badge]] = {
    "pending": Badge(_("To be signed"), "info", "clock"),
    "signed": Badge(_("Signed"), "info", "clock"),
    "sent": Badge(_("Sent, no answer yet"), "info", "clock"),
    "accepted": Badge(_("Accepted"), "ok", "circle-check"),
    "rejected": Badge(_("Rejected"), "bad", "alert-circle"),
    "void": Badge(_("Given up"), "", "circle"),
}
STEPS: Final[Mapping[str, LazyText]] = {
    "build": _("Written"),
    "sign": _("Signed"),
    "validate": _("Checked against the schema"),
    "send": _("Sent"),
    "ask": _("Asked"),
}
OUTCOMES: Final[Mapping[str, Badge]] = {
    "done": Badge(_("Done"), "ok", "circle-check"),
    "not_checked": Badge(_("Not checked"), "warn", "alert-circle"),
    "started": Badge(_("Begun"), "info", "clock"),
    "accepted": Badge(_("Accepted"), "ok", "circle-check"),
    "rejected": Badge(_("Rejected"), "bad", "alert-circle"),
    "pending": Badge(_("In process"), "info", "clock"),
    "unreachable": Badge(_("No answer"), "warn", "alert-circle"),
    "not_delivered": Badge(_("Did not arrive"), "warn", "alert-circle"),
    "not_known": Badge(_("Not there yet"), "warn", "alert-circle"),
    "failed": Badge(_("Failed"), "bad", "alert-circle"),
}
_COLUMNS: Final = (
    ColumnView("number", _("Number"), "title", priority=1),
    ColumnView("buyer", _("Buyer"), "text"),
    ColumnView("issued", _("Issued"), "moment", priority=3),
    ColumnView("total", _("Total"), "money", strong=True),
    ColumnView("state", _("State"), "badge", priority=2),
)
_STEP_COLUMNS: Final = (
    ColumnView("moment", _("When"), "moment", priority=1),
    ColumnView("version", _("Version"), "count"),
    ColumnView("step", _("Step"), "text", priority=2),
    ColumnView("outcome", _("Result"), "badge", priority=3),
    ColumnView("reason", _("Detail"), "text"),
)


def documents_listing(found: Sequence[Document], *, state: str, owed: Mapping[str, int]) -> Listing:
    """Give one page of documents; ``found`` has one row more when there is a next page."""
    rows = found[:PAGE]
    following = None
    if len(found) > PAGE:
        last = rows[-1]
        following = url_for(
            "edi.documents", state=state, after=f"{last.issued_at.isoformat()},{last.id}"
        )
    waiting = sum(owed.get(name, 0) for name in WAITING)
    return Listing(
        title=_("Electronic documents"),
        list_url=url_for("edi.documents"),
        columns=_COLUMNS,
        empty=EmptyState(
            _("No document yet"), _("Sell at a till: its documents appear here."), "file-invoice"
        ),
        rows=tuple(_row(document) for document in rows),
        pages=Pages(1 if rows else 0, len(rows), None, next_url=following),
        search=None,
        views=(
            _view(_("All documents"), "", state),
            _view(_("Without an answer"), "waiting", state, waiting or None),
            _view(_("Rejected"), "rejected", state, owed.get("rejected") or None),
            _view(_("Accepted"), "accepted", state),
        ),
    )


def document_view(story: DocumentStory, *, may_retry: bool) -> DocumentView:
    """Give one document: where it stands, what happened, what can be done."""
    document = story.document
    return DocumentView(
        title=f"{document.prefix}{document.number}",
        state=STATES[document.state],
        path=tuple(_path(document.state)),
        facts=(
            Fact(_("Buyer"), document.buyer),
            Fact(_("Issued"), document.issued_at, "moment"),
            Fact(_("Environment"), _environment(document)),
            Fact(_("Code"), document.code, "code"),
        ),
        totals=(Fact(_("Total"), document.total, "money2", strong=True),),
        columns=_STEP_COLUMNS,
        lines=tuple(_steps(story)),
        lines_title=_("What happened"),
        actions=tuple(_actions(story, may_retry=may_retry)),
        warnings=story.problems,
    )


def _row(document: Document) -> Row:
    address = url_for("edi.document", document_id=document.id)
    cells = {
        "number": Title(f"{document.prefix}{document.number}", address),
        "buyer": document.buyer,
        "issued": document.issued_at,
        "total": document.total,
        "state": STATES[document.state],
    }
    return Row(str(document.id), cells, address)


def _view(title: LazyText, state: str, current: str, count: int | None = None) -> SavedView:
    return SavedView(title, url_for("edi.documents", state=state or None), state == current, count)


def _path(state: str) -> Iterator[Step]:
    """Show how far a document came; a rejected one stopped at its answer."""
    reached = {"pending": 0, "signed": 1, "sent": 2}.get(state, 3)
    last = {"rejected": _("Rejected"), "void": _("Given up")}.get(state, _("Accepted"))
    for place, title in enumerate((_("Issued"), _("Signed"), _("Sent"), last)):
        if place < reached or state == "accepted":
            yield Step(title, "done")
        else:
            yield Step(title, "current" if place == reached else "next")


def _environment(document: Document) -> LazyText:
    return _("Production") if document.environment == "1" else _("Habilitation")


def _steps(story: DocumentStory) -> Iterator[Row]:
    for version in story.versions:
        for step in reversed(story.steps[version.id]):
            cells = {
                "moment": step.taken_at,
                "version": version.n,
                "step": STEPS.get(step.step, step.step),
                "outcome": OUTCOMES.get(step.outcome),
                "reason": _reason(step.details),
            }
            yield Row(str(step.id), cells)


def _reason(details: Mapping[str, object]) -> str:
    rules = details.get("rules")
    if isinstance(rules, list) and rules:
        return "; ".join(f"{rule['rule']}: {rule['text']}" for rule in rules)
    return str(details.get("reason", ""))


def _actions(story: DocumentStory, *, may_retry: bool) -> Iterator[ActionView]:
    document = story.document
    if may_retry and document.state in WAITING:
        again = url_for("edi.try_again", document_id=document.id)
        yield ActionView(_("Send now"), again, "send", primary=True)
    if may_retry and document.state == "rejected" and document.range_id is not None:
        yield ActionView(
            _("Issue again"),
            url_for("edi.issue_again", document_id=document.id),
            "refresh",
            primary=True,
            confirm=_("A new version with today's data is signed and sent under the same number."),
        )
    names = {"signed": _("Signed XML"), "answer": _("Authority's answer")}
    for version in story.versions:
        for artifact in story.artifacts[version.id]:
            address = url_for("edi.file", document_id=document.id, n=version.n, kind=artifact.kind)
            yield ActionView(names[artifact.kind], address, "download", link=True)

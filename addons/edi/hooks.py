"""Everything electronic documents tell the core, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from flask import Blueprint

from addons.edi import api, permissions, views
from addons.edi.figures import figures
from addons.edi.invariants import broken_answers, broken_codes, broken_ranges
from addons.edi.number_control import note_missing_numbers
from addons.edi.pipeline import carry_out
from addons.edi.queries import documents_of_sale, documents_of_till, owed
from addons.edi.sale import ADDON, ISSUED, QUEUE, document_facts, document_objections, document_rows
from core.addons import hookimpl
from core.addons.parts import (
    Consumer,
    Figure,
    Invariant,
    NavigationItem,
    Obligation,
    Permission,
    Schedule,
)
from core.db.plan import Rows
from core.i18n import _
from core.sale import Objection, Sale, SaleDocument, SaleFacts, SaleMoment, TillDocument
from core.tenancy import TenantSession


@hookimpl
def register_permissions() -> Sequence[Permission]:
    """Keep seeing, issuing, mending and set-up apart."""
    return permissions.ALL


@hookimpl
def register_routes() -> Sequence[Blueprint]:
    """Offer the pages of documents, and the API."""
    return (views.blueprint, api.blueprint)


@hookimpl
def register_consumers() -> Sequence[Consumer]:
    """Sign and send every version, on a queue of its own."""
    return (Consumer(ISSUED, "carry_out", carry_out, queue=QUEUE, own_transactions=True),)


@hookimpl
def register_schedules() -> Sequence[Schedule]:
    """Look for numbers that nobody used."""
    return (Schedule("missing_numbers", timedelta(hours=1), note_missing_numbers),)


@hookimpl
def register_invariants() -> Sequence[Invariant]:
    """Check numbers, codes and answers."""
    return (
        Invariant("F1", _("Numbers have no gap and stay in their range"), broken_ranges),
        Invariant("F2", _("Every code is that of the stored file"), broken_codes),
        Invariant("F3", _("Every accepted document has its answer"), broken_answers),
    )


@hookimpl
def navigation_items(session: TenantSession) -> Sequence[NavigationItem]:
    """Offer the documents, with a count of those that wait for a person."""
    return (
        NavigationItem(
            group=_("Sell"),
            title=_("Electronic documents"),
            url="/edi/documents",
            icon="file-invoice",
            permission=permissions.READ.name,
            count=owed(session).get("rejected"),
            order=25,
        ),
    )


@hookimpl
def figure_items(session: TenantSession) -> Sequence[Figure]:
    """Offer how many documents of today were accepted."""
    return figures(session)


@hookimpl
def pending_obligations(session: TenantSession) -> Sequence[Obligation]:
    """Say which documents the authority has not answered, and which were rejected."""
    counts = dict(owed(session))
    rejected = counts.pop("rejected", 0)
    found = []
    if waiting := sum(counts.values()):
        address = "/edi/documents?state=waiting"
        found.append(Obligation(_("Documents without an answer"), waiting, address))
    if rejected:
        address = "/edi/documents?state=rejected"
        found.append(Obligation(_("Rejected documents to mend"), rejected, address))
    return found


@hookimpl
def sale_facts(session: TenantSession, sale: Sale) -> Sequence[SaleFacts]:
    """Find the range that numbers the sale, and what its document needs to know."""
    return document_facts(session, sale)


@hookimpl
def check_sale(moment: SaleMoment) -> Sequence[Objection]:
    """Object where no legal document could be issued."""
    return document_objections(moment) if ADDON in moment.facts else ()


@hookimpl
def sale_rows(sale: Sale, moment: SaleMoment) -> Sequence[Rows]:
    """Add the legal document."""
    return (document_rows(sale, moment),) if ADDON in moment.facts else ()


@hookimpl
def sale_documents(session: TenantSession, sale_id: UUID) -> Sequence[SaleDocument]:
    """Show the legal document of a sale."""
    return documents_of_sale(session, sale_id)


@hookimpl
def till_documents(
    session: TenantSession, establishment_id: UUID, till_id: UUID
) -> Sequence[TillDocument]:
    """Say what a till prints on its sales now."""
    return documents_of_till(session, establishment_id, till_id)

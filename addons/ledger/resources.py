"""The screens and the API of the ledger: read only, entries are posted by what happens."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement

from addons.ledger import permissions
from addons.ledger.documents import SOURCES, entry_document
from addons.ledger.models import Entry
from core.i18n import _
from core.resources import Choice, Column, Period, Resource
from core.resources.naming import establishment_names


def by_reference(text: str) -> ColumnElement[bool]:
    """Find the entries of one document, written with a hyphen or without."""
    return Entry.reference == text.strip().upper().replace("-", "")


ENTRIES: Final = Resource(
    name="ledger.entries",
    model=Entry,
    title=_("Ledger entries"),
    singular=_("Ledger entry"),
    icon="book",
    columns=(
        Column(Entry.reference, _("Document"), "title", sort=True, priority=1),
        Column(Entry.business_date, _("Day"), "day", sort=True, priority=2),
        Column(Entry.source, _("Origin"), options=SOURCES, priority=3),
        Column(Entry.establishment_id, _("Establishment"), names=establishment_names),
        Column(Entry.recorded_at, _("Written down"), "moment"),
    ),
    order_by=Entry.business_date,
    descending=True,
    search=by_reference,
    search_hint=_("Document, such as R12"),
    filters=(
        Period(Entry.business_date, _("Day")),
        Choice(Entry.source, _("Origin"), SOURCES),
    ),
    establishment=Entry.establishment_id,
    document=entry_document,
    caused_by=(Entry.source, Entry.source_id),
    read_permission=permissions.READ,
    empty=_("No entries yet"),
    empty_text=_("The first sale writes the first one."),
)

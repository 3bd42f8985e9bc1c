"""What the rest of the platform may ask of the ledger."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, select

from addons.ledger.models import Entry, Line
from addons.ledger.rules import (
    COST,
    DRAWER_DIFFERENCE,
    DRAWER_MOVEMENT,
    GOODS_RECEIVED,
    INCOME,
    INVENTORY,
    MONEY,
    OPENING,
    STOCK_DIFFERENCE,
    TAX,
    EntryDraft,
    Posting,
    check_balanced,
    functional,
    joined,
)
from core.db.plan import Rows, table_of
from core.ids import uuid7

if TYPE_CHECKING:
    from core.tenancy import TenantSession

__all__ = [
    "COST",
    "DRAWER_DIFFERENCE",
    "DRAWER_MOVEMENT",
    "GOODS_RECEIVED",
    "INCOME",
    "INVENTORY",
    "MONEY",
    "OPENING",
    "STOCK_DIFFERENCE",
    "TAX",
    "EntryDraft",
    "Posting",
    "entry_rows",
    "joined",
    "post_entry",
    "posted_by_document",
]


def entry_rows(draft: EntryDraft) -> Rows:
    """Give the rows of a balanced entry for a hot write; an empty one gives none."""
    rows = Rows()
    if not draft.postings:
        return rows
    entry, *lines = _values(draft)
    entries = table_of(Entry)
    table = table_of(Line)
    rows.insert(entries, **entry)
    for line in lines:
        rows.insert(table, **line)
    return rows


def post_entry(session: TenantSession, draft: EntryDraft) -> None:
    """Post a balanced entry in the session's unit of work; an empty one posts nothing."""
    if not draft.postings:
        return
    entry, *lines = _values(draft)
    session.add(Entry(**entry))
    session.flush()
    session.add_all(Line(**line) for line in lines)
    session.flush()


def posted_by_document(
    session: TenantSession, role: str, sources: Collection[str] = ()
) -> Mapping[UUID, Decimal]:
    """Give debit − credit of a role per document (``source_id``), of all sources if none given."""
    query = (
        select(Entry.source_id, func.sum(Line.debit), func.sum(Line.credit))
        .join(Line, (Line.entry_id == Entry.id) & (Line.tenant_id == Entry.tenant_id))
        .where(Line.role == role)
        .group_by(Entry.source_id)
    )
    if sources:
        query = query.where(Entry.source.in_(sources))
    return {key: debit - credit for key, debit, credit in session.execute(query)}


def _values(draft: EntryDraft) -> list[dict[str, Any]]:
    check_balanced(draft)
    entry = {
        "id": draft.id,
        "establishment_id": draft.establishment_id,
        "source": draft.source,
        "source_id": draft.source_id,
        "reference": draft.reference,
        "business_date": draft.business_date,
        "occurred_at": draft.occurred_at,
        "currency": draft.currency,
        "rate": draft.rate,
        "reverses_id": draft.reverses_id,
    }
    sides = functional(draft)
    lines = [
        {
            "id": uuid7(),
            "entry_id": draft.id,
            "position": position,
            "role": posting.role,
            "detail": posting.detail,
            "business_date": draft.business_date,
            "debit": posting.debit,
            "credit": posting.credit,
            "functional_debit": debit,
            "functional_credit": credit,
        }
        for position, (posting, (debit, credit)) in enumerate(
            zip(draft.postings, sides, strict=True), start=1
        )
    ]
    return [entry, *lines]

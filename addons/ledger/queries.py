"""Balances by role, and what must hold of every entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from addons.ledger.models import Entry, Line
from core.addons.parts import Finding

if TYPE_CHECKING:
    from core.tenancy import TenantSession


def balance_by_role(
    session: TenantSession, *, since: date, until: date
) -> dict[tuple[str, str], Decimal]:
    """Give debit − credit per (role, detail) between two business dates, both included."""
    query = (
        select(Line.role, Line.detail, func.sum(Line.debit), func.sum(Line.credit))
        .where(Line.business_date >= since, Line.business_date <= until)
        .group_by(Line.role, Line.detail)
        .order_by(Line.role, Line.detail)
    )
    return {
        (role, detail): debit - credit for role, detail, debit, credit in session.execute(query)
    }


def unbalanced_entries(session: TenantSession) -> Sequence[Finding]:
    """Name every entry whose sides differ, in document or functional currency (invariant M1)."""
    query = (
        select(Entry.id, Entry.reference)
        .join(Line, (Line.entry_id == Entry.id) & (Line.tenant_id == Entry.tenant_id))
        .group_by(Entry.id, Entry.reference)
        .having(
            (func.sum(Line.debit) != func.sum(Line.credit))
            | (func.sum(Line.functional_debit) != func.sum(Line.functional_credit))
        )
    )
    return [
        Finding("M1", f"entry {reference} does not balance", str(key))
        for key, reference in session.execute(query)
    ]


def entries_without_lines(session: TenantSession) -> Sequence[Finding]:
    """Name every entry that has no line at all (invariant M1)."""
    lines = (
        select(Line.id).where(Line.entry_id == Entry.id, Line.tenant_id == Entry.tenant_id).exists()
    )
    query = select(Entry.id, Entry.reference).where(~lines)
    return [
        Finding("M1", f"entry {reference} has no lines", str(key))
        for key, reference in session.execute(query)
    ]

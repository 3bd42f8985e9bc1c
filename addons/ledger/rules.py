"""Arithmetic of entries: no session, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from addons.ledger.errors import UnbalancedError
from core.money import half_up2

ZERO: Final = Decimal(0)

#: Account roles that this platform posts to; accounting maps each to an account.
INCOME: Final = "income"
TAX: Final = "tax"
COST: Final = "cost_of_sales"
INVENTORY: Final = "inventory"
MONEY: Final = "money"
DRAWER_DIFFERENCE: Final = "drawer_difference"
DRAWER_MOVEMENT: Final = "drawer_movement"
STOCK_DIFFERENCE: Final = "stock_difference"
OPENING: Final = "opening"
#: Received from a supplier and not invoiced yet.
GOODS_RECEIVED: Final = "goods_received"


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry in the document's currency; ``detail`` narrows the role."""

    role: str
    detail: str = ""
    debit: Decimal = ZERO
    credit: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDraft:
    """Everything an entry says. ``rate`` is functional currency for one unit of ``currency``."""

    id: UUID
    establishment_id: UUID
    source: str
    source_id: UUID
    reference: str
    business_date: date
    occurred_at: datetime
    postings: tuple[Posting, ...]
    currency: str = "COP"
    rate: Decimal = Decimal(1)
    reverses_id: UUID | None = None


def joined(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """Add up postings of the same role and detail, and leave out those that come to nothing.

    What would come out negative on one side is written positive on the other.
    """
    sums: dict[tuple[str, str], Decimal] = {}
    for posting in postings:
        key = posting.role, posting.detail
        sums[key] = sums.get(key, ZERO) + posting.debit - posting.credit
    return tuple(
        Posting(role, detail, debit=max(net, ZERO), credit=max(-net, ZERO))
        for (role, detail), net in sums.items()
        if net
    )


def check_balanced(draft: EntryDraft) -> None:
    """Raise ``UnbalancedError`` unless debits equal credits, also in functional currency."""
    debit = sum((posting.debit for posting in draft.postings), ZERO)
    credit = sum((posting.credit for posting in draft.postings), ZERO)
    if debit != credit:
        raise UnbalancedError(
            f"{draft.source} {draft.reference}: debits {debit}, credits {credit}",
            source=draft.source,
        )


def functional(draft: EntryDraft) -> list[tuple[Decimal, Decimal]]:
    """Give (debit, credit) of each posting in functional currency; they balance as well.

    Each is half_up2(amount · rate); what rounding leaves over goes to the largest posting.
    """
    if draft.rate == 1:
        return [(posting.debit, posting.credit) for posting in draft.postings]
    sides = [
        (half_up2(posting.debit * draft.rate), half_up2(posting.credit * draft.rate))
        for posting in draft.postings
    ]
    left = sum((debit - credit for debit, credit in sides), ZERO)
    if left:
        index = max(range(len(sides)), key=lambda at: max(sides[at]))
        debit, credit = sides[index]
        sides[index] = (debit - left, credit) if debit else (debit, credit + left)
    return sides

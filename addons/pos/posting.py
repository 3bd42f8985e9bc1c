"""What the till posts to the ledger: sales, cash in and out, and what a count finds."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from addons.ledger.services import INCOME, MONEY, TAX, EntryDraft, Posting, entry_rows, joined
from core.db.plan import Rows
from core.ids import uuid7
from core.sale import IssuedNumber, Sale

SOURCE = "pos.sale"


def sale_posting(sale: Sale, number: IssuedNumber) -> Rows:
    """Give the sale's entry: money in by method against income per tax class and taxes."""
    return entry_rows(
        EntryDraft(
            id=uuid7(),
            establishment_id=sale.place.establishment_id,
            source=SOURCE,
            source_id=sale.id,
            reference=number.full,
            business_date=sale.business_date,
            occurred_at=sale.occurred_at,
            currency=sale.currency,
            postings=joined(_sides(sale)),
        )
    )


def tax_detail(code: str, rate: Decimal) -> str:
    """Name a tax in the ledger: ``01:19``."""
    return f"{code}:{rate.normalize():f}"


def _sides(sale: Sale) -> Iterator[Posting]:
    for payment in sale.payments:
        yield Posting(MONEY, payment.method, debit=payment.amount)
    for line in sale.lines:
        yield Posting(INCOME, line.tax_class, credit=line.base)
        for tax in line.taxes:
            yield Posting(TAX, tax_detail(tax.code, tax.rate), credit=tax.amount)

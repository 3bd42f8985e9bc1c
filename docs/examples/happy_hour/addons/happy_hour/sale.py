"""What happy hour has to say about a sale, and what it keeps of it. Pure but for the facts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from addons.happy_hour.models import Discount
from addons.happy_hour.rules import Offer, Reason, highest
from addons.happy_hour.settings import offer_of
from core.db.plan import Rows, table_of
from core.i18n import _
from core.ids import uuid7
from core.sale import Objection, Sale, SaleFacts, SaleLine, SaleMoment
from core.tenancy import TenantSession

ADDON: Final = "happy_hour"
_discount = table_of(Discount)


def offer_facts(session: TenantSession, sale: Sale) -> SaleFacts:
    """Read what the establishment decided; a busy till asks the database nothing."""
    return SaleFacts(values=offer_of(session, sale.place.establishment_id))


def discount_objections(sale: Sale, moment: SaleMoment) -> list[Objection]:
    """Object to discounts at another hour, or larger than offered, where that is enforced."""
    offer: Offer = moment.own(ADDON)
    if not offer.enforced:
        return []
    return [
        _objection(offer, line, reason)
        for line, reason in _discounted(sale, moment)
        if reason != "happy_hour"
    ]


def discount_rows(sale: Sale, moment: SaleMoment) -> Rows:
    """Write down each discount with its reason; a printed sale may have broken a rule."""
    rows = Rows()
    for line, reason in _discounted(sale, moment):
        rows.insert(
            _discount,
            id=uuid7(),
            establishment_id=sale.place.establishment_id,
            sale_id=sale.id,
            line_id=line.id,
            product_id=line.product_id,
            reference=moment.number.full,
            business_date=sale.business_date,
            occurred_at=sale.occurred_at,
            gross=line.gross,
            discount=line.discount,
            reason=reason,
        )
    return rows


def _discounted(sale: Sale, moment: SaleMoment) -> Iterator[tuple[SaleLine, Reason]]:
    """Give the lines with a discount; a printed sale counts at the hour it was printed."""
    offer: Offer = moment.own(ADDON)
    local = sale.occurred_at.astimezone(moment.number.issued_at.tzinfo)
    when = local if sale.origin == "printed" else moment.number.issued_at
    for line in sale.lines:
        if line.discount > Decimal(0):
            yield line, offer.reason(when, line.gross, line.discount)


def _objection(offer: Offer, line: SaleLine, reason: Reason) -> Objection:
    about = {"line_id": str(line.id)}
    if reason == "closed":
        text = _("{product}: it is not happy hour, so no discount.", product=line.description)
        return Objection("happy_hour.closed", text, about)
    most = f"{highest(line.gross, offer.percent):f}"
    text = _("{product}: the discount may be {most} at most.", product=line.description, most=most)
    return Objection("happy_hour.too_much", text, about)

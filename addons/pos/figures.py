"""The figures of today for the start page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from addons.pos import permissions
from addons.pos.models import DrawerSession, Sale
from addons.pos.queries import expected_in_drawer
from addons.pos.resources import SALES, SESSIONS
from core.addons.parts import Figure
from core.i18n import _
from core.i18n.formats import money, whole
from core.tenancy import Establishment

if TYPE_CHECKING:
    from core.tenancy import TenantSession

#: Further back no establishment is still at today's business date, whatever its zone and cut-off.
_REACH: Final = timedelta(days=2)


def figures(session: TenantSession) -> Sequence[Figure]:
    """Give what was sold today, in how many tickets, and the cash that must be in open drawers.

    They count all establishments, so they are for who runs the business or keeps its books.
    """
    places = session.scalars(select(Establishment)).all()
    total, count = _sold_today(session, places)
    now = session.clock.now()
    day = min((place.business_date(now) for place in places), default=now.date()).isoformat()
    today = f"{SALES.path}?business_date_from={day}"
    drawers = session.scalars(
        select(DrawerSession).where(DrawerSession.open_till_id.is_not(None))
    ).all()
    cash = sum((expected_in_drawer(session, drawer) for drawer in drawers), Decimal(0))
    whose = permissions.FIGURES.name
    return (
        Figure(
            _("Sold today"),
            money(total),
            _("1 sale, taxes included")
            if count == 1
            else _("{count} sales, taxes included", count=whole(count)),
            whose,
            "cash",
            today,
        ),
        Figure(_("Tickets"), whole(count), _average(total, count), whose, "receipt", today),
        Figure(
            _("Expected cash"),
            money(cash),
            _("In open drawers: {count}", count=len(drawers)),
            whose,
            "inbox",
            f"{SESSIONS.path}?state=open",
        ),
    )


def _sold_today(session: TenantSession, places: Sequence[Establishment]) -> tuple[Decimal, int]:
    now = session.clock.now()
    today = {place.id: place.business_date(now) for place in places}
    query = (
        select(Sale.establishment_id, Sale.business_date, func.sum(Sale.total), func.count(Sale.id))
        .where(Sale.occurred_at >= now - _REACH)
        .group_by(Sale.establishment_id, Sale.business_date)
    )
    total, count = Decimal(0), 0
    for place, day, amount, sales in session.execute(query):
        if today[place] == day:
            total, count = total + amount, count + sales
    return total, count


def _average(total: Decimal, count: int) -> object:
    if not count:
        return _("None yet")
    return _("{amount} each on average", amount=money((total / count).quantize(Decimal(1))))

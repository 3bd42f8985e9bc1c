"""The documents of today for the start page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from addons.edi import permissions
from addons.edi.models import Document
from addons.edi.queries import WAITING
from core.addons.parts import Figure
from core.i18n import _
from core.i18n.formats import whole
from core.tenancy import Establishment, business_date

if TYPE_CHECKING:
    from core.i18n import LazyText
    from core.tenancy import TenantSession

#: Further back no establishment is still at today's date, whatever its zone.
_REACH: Final = timedelta(days=2)
_ADDRESS: Final = "/edi/documents"


def figures(session: TenantSession) -> Sequence[Figure]:
    """Give how many documents of today were accepted, of how many; nothing without documents."""
    counts = _today(session)
    total = sum(counts.values())
    if not total:
        return ()
    accepted = counts.get("accepted", 0)
    meaning, state = _meaning(counts)
    return (
        Figure(
            _("Electronic documents"),
            str(_("{count} of {total}", count=whole(accepted), total=whole(total))),
            meaning,
            permissions.READ.name,
            "rosette-discount-check" if accepted == total else "alert-triangle",
            f"{_ADDRESS}?state={state}",
            order=60,
        ),
    )


def _today(session: TenantSession) -> dict[str, int]:
    now = session.clock.now()
    places = session.scalars(select(Establishment))
    dates = {place.id: business_date(now, place.zone) for place in places}
    query = (
        select(
            Document.establishment_id, Document.fiscal_date, Document.state, func.count(Document.id)
        )
        .where(Document.issued_at >= now - _REACH)
        .group_by(Document.establishment_id, Document.fiscal_date, Document.state)
    )
    counts: dict[str, int] = {}
    for place, day, state, count in session.execute(query):
        if dates[place] == day:
            counts[state] = counts.get(state, 0) + count
    return counts


def _meaning(counts: dict[str, int]) -> tuple[LazyText, str]:
    """Say what matters most: rejected before unanswered before accepted; and the list of those."""
    if rejected := counts.get("rejected", 0):
        return _("accepted; rejected: {count}", count=rejected), "rejected"
    if waiting := sum(counts.get(state, 0) for state in WAITING):
        return _("accepted; without an answer: {count}", count=waiting), "waiting"
    return _("accepted by the authority today"), "accepted"

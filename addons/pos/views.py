"""The pages of the till itself: which one, and the till that keeps selling without network."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Blueprint, render_template
from sqlalchemy import select

from addons.pos import permissions
from addons.pos.documents import STATES
from addons.pos.facts import TillFacts, tills
from addons.pos.models import DrawerSession
from core.errors import NotFoundError
from core.i18n import _
from core.web.access import requires
from core.web.context import current
from core.web.shell import bare_shell, page

pages: Final = Blueprint("pos_pages", __name__)


@pages.get("/pos/")
@requires(permissions.SELL.name)
def choose_till() -> str:
    """List the tills where whoever asks may sell."""
    context = current()
    found = _my_tills()
    session = context.read()
    query = select(DrawerSession).where(DrawerSession.open_till_id.in_([till.id for till in found]))
    opened = {drawer.till_id: drawer for drawer in session.scalars(query)}
    return page(
        "pos/tills.html",
        _("Point of sale"),
        tills=found,
        drawers=opened,
        states=STATES,
        may_make=context.can(permissions.MANAGE.name),
    )


@pages.get("/pos/till/<uuid:till_id>")
@requires(permissions.SELL.name)
def till(till_id: UUID) -> str:
    """Open a till; one of another establishment does not exist."""
    chosen = next((one for one in _my_tills() if one.id == till_id), None)
    if chosen is None:
        raise NotFoundError(_("This till does not exist."))
    shell = bare_shell(chosen.name)
    current().pause_reading()
    return render_template(
        "pos/till.html", shell=shell, till={"id": str(chosen.id), "name": chosen.name}
    )


def _my_tills() -> list[TillFacts]:
    context = current()
    where = context.establishments(permissions.SELL.name)
    return [
        one
        for one in tills(context.read()).values()
        if where is None or one.establishment_id in where
    ]

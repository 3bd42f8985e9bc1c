"""How a customer wants to be reached: a page and its API."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request

from addons.contacts.services import partner
from addons.warranty import permissions
from addons.warranty.services import WAYS, today, warranties_of, wish_of, write_wish
from core.api.routes import api
from core.i18n import _
from core.web.access import requires
from core.web.addresses import see_other
from core.web.context import current
from core.web.pages.listing import Option
from core.web.shell import page

pages = Blueprint("warranty", __name__, url_prefix="/warranty")


@pages.get("/contacts/<uuid:partner_id>")
@requires(permissions.READ.name)
def contact(partner_id: UUID) -> str:
    """Show how a customer wants to be reached, and what covers them today."""
    context = current()
    session = context.read()
    wish = wish_of(session, partner_id)
    return page(
        "warranty/contact.html",
        _("Warranties"),
        customer=partner(session, partner_id),
        covered=warranties_of(session, partner_id, today(session)),
        options=[Option(key, text, selected=key == wish.preferred) for key, text in WAYS.items()],
        may_change=context.can(permissions.CONTACT.name),
    )


@pages.post("/contacts/<uuid:partner_id>")
@requires(permissions.CONTACT.name)
def change_contact(partner_id: UUID) -> Response:
    """Remember how a customer wants to be reached."""
    form = request.form
    with current().write() as session:
        write_wish(
            session,
            partner_id,
            preferred=form.get("preferred", ""),
            remark=form.get("remark", ""),
        )
    return see_other(f"/warranty/contacts/{partner_id}")


@pages.get("/api/v1/contacts/<uuid:partner_id>")
@api(permission=permissions.READ.name, summary=_("How a customer wants to be reached"))
def read_contact(partner_id: UUID) -> dict[str, str]:
    """Give the wish of a customer; empty texts when nobody asked."""
    wish = wish_of(current().read(), partner_id)
    return {"preferred": wish.preferred, "remark": wish.remark}

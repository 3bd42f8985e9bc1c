"""The list, the form, the export and the API of warranties, from one declaration."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from addons.contacts.services import partner_names
from addons.warranty import permissions
from addons.warranty.models import Warranty
from addons.warranty.services import (
    RESOURCE,
    STATES,
    change_warranty,
    give_warranty,
    product_names,
    wish_words,
)
from core.i18n import _
from core.resources import Belongs, Choice, Column, Period, Resource, Section
from core.search.services import matching
from core.web.pages.listing import Badge

STATE_BADGES: Final = {
    "in_force": Badge(STATES["in_force"], "ok", "shield-check"),
    "claimed": Badge(STATES["claimed"], "warn", "tools"),
    "closed": Badge(STATES["closed"], "", "lock"),
}


def reached(warranty: Warranty) -> UUID:
    """Give whose wish it is how to be reached."""
    return warranty.partner_id


WARRANTIES: Final = Resource(
    name=RESOURCE,
    model=Warranty,
    title=_("Warranties"),
    singular=_("Warranty"),
    icon="shield-check",
    columns=(
        Column(Warranty.number, _("Number"), "title", sort=True, priority=1),
        Column(Warranty.product_id, _("Product"), names=product_names, priority=2),
        Column(Warranty.partner_id, _("Customer"), names=partner_names, link="/contacts/partners"),
        Column(reached, _("Reached"), names=wish_words, link="/warranty/contacts"),
        Column(Warranty.months, _("Months"), "count"),
        Column(Warranty.ends_on, _("Until"), "day", sort=True, priority=3),
        Column(Warranty.state, _("State"), "badge", options=STATE_BADGES),
        Column(Warranty.product_code, _("Product code"), "code"),
        Column(Warranty.identification, _("Identification"), "code"),
        Column(Warranty.starts_on, _("From"), "day"),
    ),
    order_by=Warranty.number,
    search=lambda text: matching(RESOURCE, Warranty.id, text),
    search_hint=_("Number, product code or identification"),
    filters=(
        Choice(Warranty.state, _("State"), STATES, icon="shield"),
        Period(Warranty.ends_on, _("Until")),
        Belongs(Warranty.partner_id, _("Customer")),
    ),
    form=(
        Section("", ("number", "product_code", "identification")),
        Section(_("How long"), ("starts_on", "months", "state")),
    ),
    create=give_warranty,
    update=change_warranty,
    read_permission=permissions.READ,
    write_permission=permissions.WRITE,
    create_label=_("New warranty"),
    empty=_("No warranties yet"),
    empty_text=_("What you promise on what you sell stands here, with its last day."),
)

"""The screens and the API of contacts."""

from __future__ import annotations

from typing import Final

from addons.contacts import permissions
from addons.contacts.commands import KINDS
from addons.contacts.models import Partner
from addons.contacts.services import (
    RESOURCE,
    add_partner,
    change_partner,
    written_identification,
)
from core.i18n import _
from core.resources import Choice, Column, Resource, Section
from core.search.services import WordSearch
from core.web.pages.listing import Badge

YES_NO: Final = {"true": _("Yes"), "false": _("No")}
KIND_BADGES: Final = {
    "person": Badge(KINDS["person"], "", "user"),
    "company": Badge(KINDS["company"], "", "building"),
}


def written(partner: Partner) -> str:
    """Write the identification as people read it."""
    return written_identification(
        partner.identification_type, partner.identification, partner.check_digit
    )


PARTNERS: Final = Resource(
    name=RESOURCE,
    model=Partner,
    title=_("Contacts"),
    singular=_("Contact"),
    icon="address-book",
    columns=(
        Column(Partner.name, _("Name"), "title", sort=True, priority=1, note=written),
        Column(Partner.identification, _("Identification"), "code", sort=True),
        Column(Partner.kind, _("Kind"), "badge", options=KIND_BADGES, priority=2),
        Column(Partner.phone, _("Telephone"), priority=3),
        Column(Partner.email, _("E-mail")),
        Column(Partner.is_customer, _("Customer"), "yes_no"),
        Column(Partner.is_supplier, _("Supplier"), "yes_no"),
    ),
    order_by=Partner.name,
    search=WordSearch(RESOURCE, Partner.id),
    search_hint=_("Name or identification"),
    filters=(
        Choice(Partner.kind, _("Kind"), KINDS, icon="user"),
        Choice(Partner.is_customer, _("Customer"), YES_NO, icon="basket"),
        Choice(Partner.is_supplier, _("Supplier"), YES_NO, icon="truck-delivery"),
    ),
    form=(
        Section("", ("identification_type", "identification", "name", "trade_name", "kind")),
        Section(_("How to reach it"), ("email", "phone", "address", "municipality")),
        Section(_("Other addresses"), ("addresses",)),
        Section(_("For invoices"), ("regime", "responsibilities", "is_customer", "is_supplier")),
    ),
    create=add_partner,
    update=change_partner,
    read_permission=permissions.READ,
    write_permission=permissions.WRITE,
    create_label=_("New contact"),
    empty=_("No contacts yet"),
    empty_text=_("Customers and suppliers stand here, with their identification checked."),
)

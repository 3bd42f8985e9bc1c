"""The screens and the API of the point of sale."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import ColumnElement, false

from addons.contacts.services import partner_names
from addons.pos import permissions
from addons.pos.commands import MEANS, METHOD_KINDS
from addons.pos.documents import (
    ORIGINS,
    STATES,
    drawer_document,
    sale_document,
    till_names,
)
from addons.pos.editing import (
    add_method,
    add_till,
    change_method,
    change_till,
    refuse_last_cash,
    refuse_open_till,
)
from addons.pos.models import DrawerSession, PaymentMethod, Sale, Till
from core.i18n import _
from core.resources import Belongs, Choice, Column, Period, Resource, Section
from core.resources.naming import establishment_names

_NUMBER: Final = re.compile(r"([A-Z]*)[- ]?([0-9]{1,18})")


def full_number(sale: Sale) -> str:
    """Give the number as the ticket prints it."""
    return f"{sale.prefix}{sale.number}"


def by_number(text: str) -> ColumnElement[bool]:
    """Find a sale by its number, with its prefix or without: ``R12``, ``POSE-1096``, ``1096``."""
    found = _NUMBER.fullmatch(text.strip().upper())
    if found is None:
        return false()
    number = Sale.number == int(found[2])
    return number & (Sale.prefix == found[1]) if found[1] else number


SALES: Final = Resource(
    name="pos.sales",
    model=Sale,
    title=_("Sales"),
    singular=_("Sale"),
    icon="receipt",
    columns=(
        Column(full_number, _("Number"), "title", priority=1),
        Column(Sale.occurred_at, _("Date"), "moment", sort=True, priority=3),
        Column(Sale.customer_id, _("Customer"), "link", names=partner_names,
               link="/contacts/partners"),
        Column(Sale.till_id, _("Till"), names=till_names),
        Column(Sale.cashier_name, _("Cashier")),
        Column(Sale.origin, _("How it arrived"), options=ORIGINS),
        Column(Sale.total, _("Total"), "money", priority=2, strong=True),
    ),
    order_by=Sale.occurred_at,
    descending=True,
    search=by_number,
    search_hint=_("Number, such as R12"),
    filters=(
        Period(Sale.business_date, _("Date")),
        Choice(Sale.origin, _("How it arrived"), ORIGINS),
        Belongs(Sale.session_id, _("Drawer session")),
    ),
    establishment=Sale.establishment_id,
    document=sale_document,
    # What a sale takes out of the stock is posted under a name of its own.
    sources=("pos.sale", "inventory.sale"),
    read_permission=permissions.READ,
    empty=_("No sales yet"),
    empty_text=_("Open a till and make the first one."),
)  # fmt: skip

SESSIONS: Final = Resource(
    name="pos.sessions",
    model=DrawerSession,
    title=_("Drawer closings"),
    singular=_("Drawer session"),
    icon="inbox",
    columns=(
        Column(DrawerSession.till_id, _("Till"), "title", names=till_names, priority=1),
        Column(DrawerSession.state, _("State"), "badge", options=STATES, priority=3),
        Column(DrawerSession.opened_at, _("Opened"), "moment", sort=True),
        Column(DrawerSession.opened_by_name, _("Opened by")),
        Column(DrawerSession.closed_at, _("Closed"), "moment"),
        Column(DrawerSession.expected, _("Expected cash"), "money"),
        Column(DrawerSession.counted, _("Counted"), "money"),
        Column(DrawerSession.difference, _("Difference"), "money", priority=2, strong=True),
    ),
    order_by=DrawerSession.opened_at,
    descending=True,
    filters=(
        Choice(DrawerSession.state, _("State"), STATES),
        Belongs(DrawerSession.till_id, _("Till")),
    ),
    establishment=DrawerSession.establishment_id,
    document=drawer_document,
    sources=("pos.session",),
    read_permission=permissions.READ,
    empty=_("No drawer was opened yet"),
)

TILLS: Final = Resource(
    name="pos.tills",
    model=Till,
    title=_("Tills"),
    singular=_("Till"),
    icon="device-desktop",
    columns=(
        Column(Till.name, _("Name"), "title", sort=True, priority=1),
        Column(Till.code, _("Code"), "code", sort=True, priority=2),
        Column(Till.establishment_id, _("Establishment"), names=establishment_names, priority=3),
        Column(Till.prefix, _("Prefix of its receipts"), "code"),
        Column(Till.left_handed, _("Left-handed"), "yes_no"),
    ),
    order_by=Till.name,
    establishment=Till.establishment_id,
    form=(Section("", ("establishment_id", "code", "name", "prefix", "left_handed")),),
    create=add_till,
    update=change_till,
    archive=refuse_open_till,
    read_permission=permissions.READ,
    write_permission=permissions.MANAGE,
    create_label=_("New till"),
    empty=_("No tills yet"),
)

METHODS: Final = Resource(
    name="pos.methods",
    model=PaymentMethod,
    title=_("Payment methods"),
    singular=_("Payment method"),
    icon="credit-card",
    columns=(
        Column(PaymentMethod.name, _("Name"), "title", priority=1),
        Column(PaymentMethod.code, _("Code"), "code"),
        Column(PaymentMethod.kind, _("Kind"), options=METHOD_KINDS, priority=2),
        Column(PaymentMethod.means, _("Payment means of DIAN"), options=MEANS),
        Column(PaymentMethod.asks_reference, _("Asks for the approval number"), "yes_no"),
        Column(PaymentMethod.position, _("Position"), "count", sort=True, priority=3),
    ),
    order_by=PaymentMethod.position,
    form=(Section("", ("code", "name", "kind", "means", "asks_reference", "position")),),
    create=add_method,
    update=change_method,
    archive=refuse_last_cash,
    read_permission=permissions.READ,
    write_permission=permissions.MANAGE,
    create_label=_("New payment method"),
    empty=_("No payment methods yet"),
)

ALL: Final = (SALES, SESSIONS, TILLS, METHODS)

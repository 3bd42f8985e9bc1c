"""The verbs of warranties: they take a session and flush, they never commit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from addons.catalog.services import product_by_barcode, product_labels
from addons.contacts.services import find_partners, partner
from addons.warranty.models import ContactWish, Warranty
from addons.warranty.rules import is_covered, last_day
from core.audit.services import record
from core.errors import BadInputError
from core.i18n import LazyText, _
from core.resources import Command, Input
from core.search.services import index_record
from core.tenancy import Establishment, TenantSession

#: Name of warranties in the search words.
RESOURCE: Final = "warranty.warranties"
STATES: Final[Mapping[str, LazyText]] = {
    "in_force": _("In force"),
    "claimed": _("Claimed"),
    "closed": _("Closed"),
}
WAYS: Final[Mapping[str, LazyText]] = {
    "": _("Not asked"),
    "phone": _("By telephone"),
    "email": _("By e-mail"),
    "visit": _("In person"),
}


class WarrantyIn(Command):
    """What may be written of a warranty."""

    number: Annotated[str, Field(min_length=1, max_length=40), Input(_("Number"), "code")]
    product_code: Annotated[
        str,
        Field(min_length=1, max_length=60),
        Input(_("Product"), "code", hint=_("Its code or a barcode.")),
    ]
    identification: Annotated[
        str,
        Field(min_length=1, max_length=40),
        Input(_("Customer"), "code", hint=_("The identification, without points.")),
    ]
    starts_on: Annotated[date, Input(_("From"))]
    months: Annotated[int, Field(ge=1, le=240), Input(_("Months"))]
    state: Annotated[
        Literal["in_force", "claimed", "closed"], Input(_("State"), options=STATES)
    ] = "in_force"


def give_warranty(session: TenantSession, command: WarrantyIn) -> Warranty:
    """Write a warranty; a product or customer that is not known is refused beside its field."""
    made = Warranty()
    _fill(session, made, command)
    session.add(made)
    session.flush()
    _index(session, made)
    return made


def change_warranty(session: TenantSession, warranty: Warranty, command: WarrantyIn) -> Warranty:
    """Make a warranty what the command says."""
    _fill(session, warranty, command)
    session.flush()
    _index(session, warranty)
    return warranty


def product_names(session: TenantSession, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Give the names of products by id, archived ones too."""
    return {key: label.name for key, label in product_labels(session, ids).items()}


def today(session: TenantSession) -> date:
    """Give the day that it is now at the main establishment."""
    main = session.scalars(select(Establishment).order_by(Establishment.code).limit(1)).one()
    return main.business_date(session.clock.now())


def warranties_of(session: TenantSession, partner_id: UUID, day: date) -> list[Warranty]:
    """Give what a customer is covered by on a day, the one that ends first before the others."""
    query = (
        select(Warranty)
        .where(
            Warranty.partner_id == partner_id,
            Warranty.archived_at.is_(None),
            Warranty.state != "closed",
        )
        .order_by(Warranty.ends_on, Warranty.id)
    )
    return [one for one in session.scalars(query) if is_covered(one.starts_on, one.ends_on, day)]


def wish_of(session: TenantSession, partner_id: UUID) -> ContactWish:
    """Give how a customer wants to be reached; a frozen default when nobody asked."""
    return ContactWish.of(partner(session, partner_id))


def wish_words(session: TenantSession, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Say in words how customers want to be reached, all of a page with one query."""
    kept = {
        row.id: row.preferred
        for row in session.scalars(select(ContactWish).where(ContactWish.id.in_(ids)))
    }
    return {key: str(WAYS[kept.get(key, "")]) for key in ids}


def write_wish(session: TenantSession, partner_id: UUID, *, preferred: str, remark: str) -> None:
    """Remember how a customer wants to be reached."""
    if preferred not in WAYS:
        raise BadInputError(
            _("Choose one of the ways shown."), fields={"preferred": _("Choose one of the list.")}
        )
    wish = ContactWish.edit(partner(session, partner_id))
    wish.preferred, wish.remark = preferred, remark.strip()[:500]
    session.flush()
    record(session, "warranty.contact.write", "contacts_partner", partner_id, preferred=preferred)


def _fill(session: TenantSession, warranty: Warranty, command: WarrantyIn) -> None:
    wrong: dict[str, object] = {}
    found = product_by_barcode(session, command.product_code)
    if found is None:
        wrong["product_code"] = _("No product has this code.")
    customers = [
        one
        for one in find_partners(session, command.identification)
        if one.identification == command.identification
    ]
    if len(customers) != 1:
        wrong["identification"] = _("No contact, or more than one, has this identification.")
    taken = select(Warranty.id).where(Warranty.number == command.number)
    if session.scalars(taken.where(Warranty.id != warranty.id)).first() is not None:
        wrong["number"] = _("Another warranty has this number.")
    if wrong:
        raise BadInputError(_("The warranty was not saved. Correct what is marked."), fields=wrong)
    for name, value in command:
        setattr(warranty, name, value)
    if found is not None:
        warranty.product_id = found[0].id
    warranty.partner_id = customers[0].id
    warranty.ends_on = last_day(command.starts_on, command.months)


def _index(session: TenantSession, warranty: Warranty) -> None:
    texts = (warranty.number, warranty.product_code, warranty.identification)
    index_record(session, RESOURCE, warranty.id, texts)

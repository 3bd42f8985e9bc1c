"""The list, the export and the API of the discounts given; nobody writes them by hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from addons.catalog.services import product_labels
from addons.happy_hour import permissions
from addons.happy_hour.models import Discount
from core.i18n import _
from core.resources import Belongs, Choice, Column, Period, Resource
from core.tenancy import TenantSession
from core.web.pages.listing import Badge

REASONS: Final = {
    "happy_hour": Badge(_("Happy hour"), "ok", "cup"),
    "closed": Badge(_("Out of hours"), "warn", "clock"),
    "too_much": Badge(_("Too large"), "warn", "percentage"),
}


def product_names(session: TenantSession, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Give the names of products by id, archived ones too."""
    return {key: label.name for key, label in product_labels(session, ids).items()}


DISCOUNTS: Final = Resource(
    name="happy_hour.discounts",
    model=Discount,
    title=_("Discounts given"),
    singular=_("Discount given"),
    icon="discount",
    columns=(
        Column(Discount.reference, _("Ticket"), "title", priority=1),
        Column(Discount.occurred_at, _("When"), "moment", sort=True, priority=2),
        Column(Discount.product_id, _("Product"), names=product_names),
        Column(Discount.gross, _("Before"), "money"),
        Column(Discount.discount, _("Discount"), "money", priority=3),
        Column(Discount.reason, _("Reason"), "badge", options=REASONS),
    ),
    order_by=Discount.occurred_at,
    descending=True,
    filters=(
        Period(Discount.business_date, _("Day")),
        Choice(Discount.reason, _("Reason"), REASONS),
        Belongs(Discount.sale_id, _("Ticket")),
    ),
    establishment=Discount.establishment_id,
    read_permission=permissions.READ,
    empty=_("No discounts yet"),
    empty_text=_("Each discount that a till gives stands here, with its reason."),
)

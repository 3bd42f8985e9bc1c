"""The screens and the API of the tax profile."""

from __future__ import annotations

from typing import Final

from addons.taxes import permissions
from addons.taxes.editing import add_period, change_period, period_values
from addons.taxes.models import ProfilePeriodRow
from core.i18n import _
from core.i18n.formats import day
from core.resources import Column, Resource, Section


def since(row: ProfilePeriodRow) -> str:
    """Name a period by its first day."""
    return str(_("Since {day}", day=day(row.valid_from)))


PROFILE: Final = Resource(
    name="taxes.profile",
    model=ProfilePeriodRow,
    title=_("Tax profile"),
    singular=_("Tax profile"),
    icon="receipt-tax",
    columns=(
        Column(since, _("Period"), "title", priority=1),
        Column(ProfilePeriodRow.valid_from, _("Valid from"), "day", sort=True, priority=2),
        Column(ProfilePeriodRow.valid_to, _("Valid until"), "day"),
        Column(ProfilePeriodRow.responsibilities, _("Responsibilities"), "code", priority=3),
    ),
    order_by=ProfilePeriodRow.valid_from,
    descending=True,
    form=(
        Section("", ("valid_from", "valid_to")),
        Section(_("What the RUT says"), ("iva", "inc", "others")),
    ),
    create=add_period,
    update=change_period,
    values=period_values,
    read_permission=permissions.READ,
    write_permission=permissions.WRITE,
    create_label=_("New period"),
    empty=_("No tax profile yet"),
    empty_text=_("Write what the RUT of the business says: without it nothing can be sold."),
)

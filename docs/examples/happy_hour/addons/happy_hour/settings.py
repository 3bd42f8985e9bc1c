"""What each establishment decides."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final
from uuid import UUID

from addons.happy_hour.rules import Offer, Window, days_of
from core.addons.parts import Setting
from core.i18n import _
from core.settings.services import setting

if TYPE_CHECKING:
    from core.tenancy import TenantSession

OPENS: Final = Setting(
    "happy_hour.opens_at",
    _("Happy hour begins at"),
    "number",
    default=Decimal(17),
    help=_("From 0 to 24; half past five in the afternoon is 17,5."),
    level="establishment",
)
CLOSES: Final = Setting(
    "happy_hour.closes_at",
    _("Happy hour ends at"),
    "number",
    default=Decimal(19),
    help=_("An hour before the first one is of the next morning."),
    level="establishment",
)
DAYS: Final = Setting(
    "happy_hour.days",
    _("Days of the week"),
    "text",
    default="12345",
    help=_("1 is Monday, 7 is Sunday: 12345 from Monday to Friday."),
    level="establishment",
)
PERCENT: Final = Setting(
    "happy_hour.percent",
    _("Highest discount of a line, in percent"),
    "number",
    default=Decimal(20),
    level="establishment",
)
ENFORCED: Final = Setting(
    "happy_hour.enforced",
    _("Refuse any other discount"),
    "yesno",
    default=True,
    help=_("Otherwise it is only written down."),
    level="establishment",
)
ALL: Final = (OPENS, CLOSES, DAYS, PERCENT, ENFORCED)


def offer_of(session: TenantSession, establishment_id: UUID) -> Offer:
    """Give what an establishment decided, from the cache of its epoch."""
    opens, closes, days, percent, enforced = (
        setting(session, one, establishment_id) for one in ALL
    )
    return Offer(Window(opens, closes, days_of(days)), percent, enforced)

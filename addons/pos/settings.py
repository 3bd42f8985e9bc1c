"""What a business decides about its tills."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final
from uuid import UUID

from core.addons.parts import Setting
from core.i18n import _
from core.settings.services import setting

if TYPE_CHECKING:
    from core.tenancy import TenantSession

WAIT: Final = Setting(
    "pos.wait_seconds",
    _("Seconds the till waits for the server"),
    "number",
    default=Decimal(3),
    help=_("After them the sale is kept on the till and sent later. From 1 to 30."),
    level="establishment",
)

ALL: Final = (WAIT,)
_LEAST, _MOST = Decimal(1), Decimal(30)


def wait_seconds(session: TenantSession, establishment_id: UUID) -> int:
    """Give the whole seconds that a till waits, never fewer than 1 nor more than 30."""
    return int(min(max(setting(session, WAIT, establishment_id), _LEAST), _MOST))

"""Who may see the discounts that were given."""

from __future__ import annotations

from typing import Final

from core.addons.parts import Permission
from core.i18n import _

READ: Final = Permission(
    "happy_hour.discount.read", _("See the discounts given"), roles=("accountant",)
)

"""Who may see and change contacts."""

from __future__ import annotations

from typing import Final

from core.addons.parts import Permission
from core.i18n import _

READ: Final = Permission(
    "contacts.partner.read", _("See contacts"), roles=("accountant", "cashier")
)
WRITE: Final = Permission(
    "contacts.partner.write", _("Create and change contacts"), roles=("accountant",)
)

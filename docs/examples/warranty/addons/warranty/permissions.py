"""Who may do what with warranties."""

from __future__ import annotations

from typing import Final

from core.addons.parts import Permission
from core.i18n import _

READ: Final = Permission(
    "warranty.warranty.read", _("See the warranties"), roles=("accountant", "cashier")
)
WRITE: Final = Permission("warranty.warranty.write", _("Write and close warranties"))
CONTACT: Final = Permission(
    "warranty.contact.write", _("Write how a customer wants to be reached"), roles=("cashier",)
)

"""Who may see and change products."""

from __future__ import annotations

from typing import Final

from core.addons.parts import Permission
from core.i18n import _

READ: Final = Permission("catalog.product.read", _("See products"), roles=("accountant", "cashier"))
WRITE: Final = Permission(
    "catalog.product.write", _("Create and change products and prices"), roles=()
)

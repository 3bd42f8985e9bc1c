"""Who may do what at a till."""

from __future__ import annotations

from typing import Final

from core.addons.parts import Permission
from core.i18n import _

SELL: Final = Permission("pos.sale.create", _("Sell at a till"), roles=("cashier",))
READ: Final = Permission(
    "pos.sale.read", _("See sales and drawer closings"), roles=("accountant", "cashier")
)
CHANGE_PRICE: Final = Permission("pos.price.change", _("Change prices at the till"))
DISCOUNT: Final = Permission(
    "pos.discount.give", _("Give discounts at the till"), roles=("cashier",)
)
DRAWER: Final = Permission(
    "pos.drawer.manage", _("Open and close the drawer, take cash in and out"), roles=("cashier",)
)
FIGURES: Final = Permission(
    "pos.figure.read", _("See what all establishments sold today"), roles=("accountant",)
)
MANAGE: Final = Permission("pos.till.manage", _("Create and change tills and payment methods"))

ALL: Final = (SELL, READ, CHANGE_PRICE, DISCOUNT, DRAWER, FIGURES, MANAGE)

"""Who may see and change the stock."""

from __future__ import annotations

from typing import Final

from core.addons.parts import Permission
from core.i18n import _

READ: Final = Permission(
    "inventory.stock.read", _("See how much stock there is"), roles=("accountant", "cashier")
)
COST: Final = Permission("inventory.cost.read", _("See what stock cost"), roles=("accountant",))
RECEIVE: Final = Permission("inventory.stock.receive", _("Receive and move goods"))
ADJUST: Final = Permission(
    "inventory.stock.adjust", _("Count stock and undo moves"), roles=("accountant",)
)

ALL: Final = (READ, COST, RECEIVE, ADJUST)

"""Who may see the ledger."""

from __future__ import annotations

from typing import Final

from core.addons.parts import Permission
from core.i18n import _

READ: Final = Permission("ledger.entry.read", _("See ledger entries"), roles=("accountant",))

"""Who may see and change the tax profile."""

from __future__ import annotations

from typing import Final

from core.addons.parts import Permission
from core.i18n import _

READ: Final = Permission("taxes.profile.read", _("See the tax profile"), roles=("accountant",))
WRITE: Final = Permission("taxes.profile.write", _("Change the tax profile"))

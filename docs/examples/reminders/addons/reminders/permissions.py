"""Who may do what with reminders."""

from __future__ import annotations

from typing import Final

from core.addons.parts import Permission
from core.i18n import _

READ: Final = Permission("reminders.reminder.read", _("See the reminders"), roles=("accountant",))
WRITE: Final = Permission("reminders.reminder.write", _("Write reminders"), roles=("accountant",))
WEBHOOK: Final = Permission(
    "reminders.webhook.manage", _("Make the secret that signs reminders for another system")
)

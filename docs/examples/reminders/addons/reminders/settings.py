"""What a business decides."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from core.addons.parts import Setting
from core.i18n import _

MAIL_HOST: Final = Setting(
    "reminders.mail_host",
    _("Mail server"),
    "text",
    default="",
    help=_("Where mail is handed in without logging in. Empty sends no mail."),
)
MAIL_PORT: Final = Setting(
    "reminders.mail_port", _("Port of the mail server"), "number", default=Decimal(587)
)
MAIL_SECURITY: Final = Setting(
    "reminders.mail_security",
    _("Security of mail"),
    "choice",
    default="starttls",
    choices=(("starttls", _("Encrypted (STARTTLS)")), ("plain", _("Not encrypted"))),
)
MAIL_FROM: Final = Setting(
    "reminders.mail_from", _("Address that mail comes from"), "text", default=""
)
WEBHOOK_URL: Final = Setting(
    "reminders.webhook_url",
    _("Address of another system"),
    "text",
    default="",
    help=_("It gets each reminder, signed. Empty sends none."),
)
ALL: Final = (MAIL_HOST, MAIL_PORT, MAIL_SECURITY, MAIL_FROM, WEBHOOK_URL)

"""The page where the secret of the other system is made."""

from __future__ import annotations

from flask import Blueprint

from addons.reminders import permissions, settings
from addons.reminders.tasks import has_webhook_secret, make_webhook_secret
from core.i18n import _
from core.settings.services import setting
from core.web.access import requires
from core.web.context import current
from core.web.shell import page

pages = Blueprint("reminders", __name__, url_prefix="/reminders")


@pages.get("/webhook")
@requires(permissions.WEBHOOK.name)
def webhook() -> str:
    """Say where reminders go, and whether they are signed."""
    return _shown("")


@pages.post("/webhook")
@requires(permissions.WEBHOOK.name)
def renew() -> str:
    """Make a new secret and show it this once; the one before signs nothing any more."""
    with current().write() as session:
        made = make_webhook_secret(session)
    return _shown(made)


def _shown(secret: str) -> str:
    session = current().read()
    return page(
        "reminders/webhook.html",
        _("Another system"),
        url_said=setting(session, settings.WEBHOOK_URL),
        has_secret=has_webhook_secret(session),
        secret=secret,
    )

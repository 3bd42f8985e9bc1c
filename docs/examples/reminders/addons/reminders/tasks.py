"""What the worker does: each channel sends once, and remembers it after it was taken.

Both cross a boundary, so they open units of work of their own: read, send, remember. Whoever dies
between the last two sends again, with the same id and the same body: the receiver can tell.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from email.message import EmailMessage
from secrets import token_urlsafe
from typing import Final

from addons.reminders import settings
from addons.reminders.rules import signature
from addons.reminders.sending import MailServer, post, send_mail
from addons.reminders.services import DUE, note_sent, was_sent
from core.addons.parts import Delivery
from core.audit.services import record
from core.events.consumers import Task
from core.i18n import _
from core.i18n.formats import day, money
from core.process import process_of
from core.settings.services import setting
from core.tenancy import TenantSession
from core.vault.secret import Place, Secret
from core.vault.services import get_secret, has_secret, place_of, put_secret

MAIL: Final = "mail"
WEBHOOK: Final = "webhook"


def mail(task: Task, delivery: Delivery) -> None:
    """Mail an announcement to whom it names; nothing where no server or nobody is named."""
    with task.unit(writes=False) as session:
        server = _mail_server(session)
        if not server or not delivery.payload["email"] or was_sent(session, delivery.id, MAIL):
            return
        message = _message(session, delivery)
    send_mail(server, message)
    with task.unit(writes=True) as session:
        note_sent(session, delivery.id, MAIL)


def webhook(task: Task, delivery: Delivery) -> None:
    """Post an announcement, signed, to the other system; nothing where there is none."""
    with task.unit(writes=False) as session:
        url = setting(session, settings.WEBHOOK_URL)
        if not url or not has_webhook_secret(session) or was_sent(session, delivery.id, WEBHOOK):
            return
        secret = get_secret(session, process_of(session.database).vault, _place(session))
        body = _body(session, delivery)
    headers = {
        "Reminders-Delivery": str(delivery.id),
        "Reminders-Signature": signature(secret.reveal(), int(task.clock.now().timestamp()), body),
    }
    post(url, body, headers)
    with task.unit(writes=True) as session:
        note_sent(session, delivery.id, WEBHOOK)


def make_webhook_secret(session: TenantSession) -> str:
    """Make the secret that signs from now on, and give it this once."""
    made = token_urlsafe(32)
    place = _place(session)
    secret = Secret(made.encode())
    put_secret(session, process_of(session.database).vault, place, secret, key_class="app")
    record(session, "reminders.webhook.secret", "reminders_webhook", place.record_id)
    return made


def has_webhook_secret(session: TenantSession) -> bool:
    """Tell whether there is one, without opening it."""
    return has_secret(session, _place(session))


def _place(session: TenantSession) -> Place:
    return place_of(session, "reminders.webhook", session.tenant.uid)


def _mail_server(session: TenantSession) -> MailServer | None:
    host = setting(session, settings.MAIL_HOST)
    if not host or not setting(session, settings.MAIL_FROM):
        return None
    encrypted = setting(session, settings.MAIL_SECURITY) == "starttls"
    return MailServer(host, int(setting(session, settings.MAIL_PORT)), encrypted)


def _message(session: TenantSession, delivery: Delivery) -> EmailMessage:
    said = delivery.payload
    # A header is one line, whatever was typed.
    title = " ".join(said["title"].split())
    due_on = day(date.fromisoformat(said["due_on"]))
    message = EmailMessage()
    message["From"] = " ".join(setting(session, settings.MAIL_FROM).split())
    message["To"] = said["email"]
    message["Subject"] = str(_("{title} falls due on {day}", title=title, day=due_on))
    # The same for each try, so that whoever gets it twice sees one.
    message["Message-ID"] = f"<{delivery.id}@reminders.invalid>"
    amount = Decimal(said["amount"])
    lines = [str(_("This is a reminder: {title}, {day}.", title=title, day=due_on))]
    if amount:
        lines.append(str(_("Amount: {amount}", amount=money(amount))))
    message.set_content("\n".join(lines) + "\n")
    return message


def _body(session: TenantSession, delivery: Delivery) -> bytes:
    told = {name: value for name, value in delivery.payload.items() if name != "email"}
    said = {
        "id": str(delivery.id),
        "event": DUE,
        "business": str(session.tenant.uid),
        "data": told,
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

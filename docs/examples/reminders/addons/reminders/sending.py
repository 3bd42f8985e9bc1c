"""The two ways out: a mail, and a signed request. Both connect to an address that was checked."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Final

import httpx

from addons.reminders.addresses import reachable
from addons.reminders.errors import NotTakenError
from addons.reminders.rules import host_and_port
from core.i18n import _

#: Seconds that the other side may take for each step.
PATIENCE: Final = 10


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in; with ``encrypted`` nothing is said before the line is."""

    host: str
    port: int
    encrypted: bool


class _Smtp(smtplib.SMTP):
    """Connects to the address that was checked and keeps the name for the certificate."""

    def __init__(self, server: MailServer) -> None:
        self._checked = reachable(server.host, server.port)
        super().__init__(server.host, server.port, timeout=PATIENCE)

    def _get_socket(self, host: str, port: int, timeout: Any) -> Any:  # noqa: ARG002
        return super()._get_socket(self._checked, port, timeout)  # type: ignore[misc]


def send_mail(server: MailServer, message: EmailMessage) -> None:
    """Hand a mail in; raises ``NotTakenError`` where the server does not take it."""
    try:
        with _Smtp(server) as smtp:
            if server.encrypted:
                smtp.starttls(context=ssl.create_default_context())
            smtp.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        text = _("The mail server did not take it: {error}", error=type(error).__name__)
        raise NotTakenError(text) from error


def post(url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Post a body; anything but 2xx raises ``NotTakenError``. Redirects are not followed."""
    host, port = host_and_port(url)
    checked = reachable(host, port)
    try:
        named = httpx.URL(url)
        address = named.copy_with(host=checked, port=port)
        said = {**headers, "Host": named.netloc.decode(), "Content-Type": "application/json"}
        with (
            httpx.Client(timeout=PATIENCE, trust_env=False, follow_redirects=False) as client,
            client.stream(
                "POST", address, content=body, headers=said, extensions={"sni_hostname": host}
            ) as answer,
        ):
            status = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        text = _("The other system cannot be reached: {error}", error=type(error).__name__)
        raise NotTakenError(text) from error
    if not httpx.codes.is_success(status):
        raise NotTakenError(_("The other system answered {status}.", status=status))

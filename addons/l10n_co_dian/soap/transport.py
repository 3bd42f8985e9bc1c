"""Posting bytes and saying what may have happened to them."""

from __future__ import annotations

from functools import cache
from ipaddress import ip_address
from ssl import SSLContext
from time import monotonic
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import httpx

from addons.l10n_co_dian.soap.errors import EndpointError
from addons.l10n_co_dian.soap.outcomes import BROKEN, HTTP, REFUSED, THROTTLED, TIMEOUT
from addons.l10n_co_dian.soap.untrusted import LARGEST
from core.i18n import _
from core.outcome import Unreachable

#: What is raised before a byte of the request can have left.
_NEVER_LEFT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)


@cache
def trust() -> SSLContext:
    """Read the authorities that this machine trusts, once: it takes longer than a signature."""
    return httpx.create_ssl_context()


class Reply(NamedTuple):
    """Bytes that came back, and the HTTP status they came with."""

    status: int
    body: bytes


class Transport:
    """One address of the service: https with its certificate verified, or http to this machine."""

    def __init__(
        self, url: str, *, timeout: float, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.url = _checked(url)
        self._timeout = timeout
        self._http = httpx.Client(
            timeout=timeout,
            transport=transport,
            verify=trust(),
            follow_redirects=False,
            # A proxy of the environment has no business between us and this machine.
            trust_env=self.url.startswith("https:"),
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def post(self, action: str, request: bytes) -> Reply | Unreachable:
        """Post one request and wait for the whole reply, at most ``timeout`` seconds in all."""
        headers = {
            "Content-Type": f'application/soap+xml;charset=UTF-8;action="{action}"',
            # A compressed answer could be a bomb, and none is large enough to be worth it.
            "Accept-Encoding": "identity",
        }
        deadline = monotonic() + self._timeout
        try:
            with self._http.stream("POST", self.url, content=request, headers=headers) as response:
                return _read(response, deadline)
        except _NEVER_LEFT as error:
            return Unreachable(f"{REFUSED}: {error}", maybe_delivered=False)
        except httpx.TimeoutException as error:
            return Unreachable(f"{TIMEOUT}: {type(error).__name__}", maybe_delivered=True)
        except httpx.HTTPError as error:
            return Unreachable(f"{BROKEN}: {error}", maybe_delivered=True)


def _read(response: httpx.Response, deadline: float) -> Reply | Unreachable:
    """Collect the body; a sender that drips is cut off, and so is one that never ends."""
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if monotonic() > deadline:
            return Unreachable(f"{TIMEOUT}: the answer drips", maybe_delivered=True)
        if len(body) > LARGEST:
            return Unreachable(f"{BROKEN}: the answer is too large", maybe_delivered=True)
    return Reply(response.status_code, bytes(body))


def status_outcome(status: int) -> Unreachable:
    """Say what an HTTP status means when no SOAP message came with it."""
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return Unreachable(f"{THROTTLED}: {status}", maybe_delivered=False)
    # Behind a gateway's error page the service may well have taken the document.
    return Unreachable(f"{HTTP}: {status}", maybe_delivered=httpx.codes.is_server_error(status))


def _checked(url: str) -> str:
    parts = urlsplit(url)
    secure = parts.scheme == "https" and bool(parts.hostname)
    if secure or (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        return url
    raise EndpointError(_("Use an https address for the tax authority's service."))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

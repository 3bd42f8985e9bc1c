"""When to remind, how a message is signed, and which addresses may be called. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from hmac import compare_digest, new
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from addons.reminders.errors import BadAddressError
from core.i18n import _

#: Addresses that hold another address inside (RFC 6052, RFC 3056, RFC 4380).
_TUNNELS: Final = tuple(ip_network(said) for said in ("64:ff9b::/96", "2002::/16", "2001::/32"))
_PORTS: Final = {"http": 80, "https": 443}


def is_time(due_on: date, days_before: int, today: date) -> bool:
    """Tell whether to remind today; what is overdue is reminded of too."""
    return due_on - timedelta(days=days_before) <= today


def signature(secret: bytes, timestamp: int, body: bytes) -> str:
    """Sign a message: ``t=<seconds since 1970>,v1=<hexadecimal HMAC-SHA256 of "t.body">``.

    The time is signed too, so that a receiver can refuse a copy that somebody sends again later.
    """
    return f"t={timestamp},v1={new(secret, b'%d.' % timestamp + body, sha256).hexdigest()}"


def is_signed(secret: bytes, header: str, body: bytes, *, now: int, tolerance: int = 300) -> bool:
    """Tell whether a message is ours and of now, within ``tolerance`` seconds: for receivers."""
    said = header.removeprefix("t=").partition(",")[0]
    if not (said.isascii() and said.isdigit() and len(said) < 16):
        return False
    expected = signature(secret, int(said), body)
    fresh = abs(now - int(said)) <= tolerance
    return compare_digest(expected.encode(), header.encode()) and fresh


def host_and_port(url: str) -> tuple[str, int]:
    """Give whom an address calls; anything but plain http and https is refused."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
        plain = parts.scheme in _PORTS and "@" not in parts.netloc
    except ValueError:
        host, port, plain = "", 0, False
    if not (host and port and plain):
        raise BadAddressError(_("Write an address that begins with https:// and names a server."))
    return host, port


def is_public(said: str) -> bool:
    """Tell whether an IP address is of the public network: not of this machine, nor of a house's.

    One that holds another inside is judged by neither: it is refused, but for IPv4 mapped into
    IPv6, which is IPv4.
    """
    address: IPv4Address | IPv6Address = ip_address(said.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if any(address in tunnel for tunnel in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved

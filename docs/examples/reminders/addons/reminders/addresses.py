"""Whom this addon may connect to.

A business chooses addresses, but the connection leaves from the operator's network: so only
public ones are called. What the operator allows besides stands in REMINDERS_ALLOWED, as
``host:port`` with commas, exactly as businesses write them. No business can change it.
"""

# allow source.machine: names are resolved here, so that what was checked is what is called
# allow source.environment: only the operator may open a private address, never a business

from __future__ import annotations

import os
from socket import IPPROTO_TCP, gaierror, getaddrinfo

from addons.reminders.errors import BadAddressError
from addons.reminders.rules import is_public
from core.i18n import _


def reachable(host: str, port: int) -> str:
    """Give the IP address to connect to; it was checked, so the name is not asked again.

    Raises ``BadAddressError`` where the name has no address, or one that is not public.
    """
    try:
        # What cannot be a name of the network is no name: an empty label, 64 letters…
        found = getaddrinfo(host, port, proto=IPPROTO_TCP)
    except (gaierror, UnicodeError) as error:
        raise BadAddressError(_("Nobody knows the server {host}.", host=host)) from error
    addresses = [str(one[4][0]) for one in found]
    if f"{host}:{port}" not in _allowed() and not all(map(is_public, addresses)):
        raise BadAddressError(
            _("{host} is not on the public network; only the operator can allow it.", host=host)
        )
    return addresses[0]


def _allowed() -> frozenset[str]:
    return frozenset(os.environ.get("REMINDERS_ALLOWED", "").replace(" ", "").split(","))

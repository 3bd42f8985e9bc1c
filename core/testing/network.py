"""No test talks to the world: whoever tries gets an error, and the test fails even if it hid it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, Final, Self

LOCAL_NAMES: Final = frozenset({"", "localhost", "localhost.localdomain", socket.gethostname()})


class NetworkForbiddenError(RuntimeError):
    """A test tried to leave the machine; not an OSError, so that no retry takes it for weather."""


def is_local(host: object) -> bool:
    """Say whether an address stays on this machine; other names are taken for foreign."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or not isinstance(host, str) or host in LOCAL_NAMES:
        return True
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


class NetworkGuard:
    """Stands before the socket module while tests run, and remembers who knocked."""

    def __init__(self) -> None:
        self.attempts: list[str] = []
        self._kept: list[tuple[object, str, Any]] = []

    def __enter__(self) -> Self:
        """Close the way out."""
        for name in ("connect", "connect_ex", "sendto"):
            self._replace(socket.socket, name, self._guarded)
        for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
            self._replace(socket, name, self._guarded_name)
        return self

    def __exit__(self, *_: object) -> None:
        """Open it again."""
        while self._kept:
            owner, name, original = self._kept.pop()
            setattr(owner, name, original)

    def check(self, target: object) -> None:
        """Refuse a foreign host; a Unix socket has no host."""
        if not is_local(target):
            self.attempts.append(str(target))
            raise NetworkForbiddenError(f"tests do not leave this machine: {target}")

    def take_attempts(self) -> list[str]:
        """Give the attempts since the last time, and forget them."""
        attempts, self.attempts = self.attempts, []
        return attempts

    def _replace(
        self, owner: object, name: str, guard: Callable[[Callable[..., Any]], Callable[..., Any]]
    ) -> None:
        original = getattr(owner, name)
        self._kept.append((owner, name, original))
        setattr(owner, name, guard(original))

    def _guarded(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(this: socket.socket, *args: Any, **kwargs: Any) -> Any:
            address = args[-1] if args else None
            if isinstance(address, tuple) and address:
                self.check(address[0])
            return original(this, *args, **kwargs)

        return call

    def _guarded_name(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(host: object, *args: Any, **kwargs: Any) -> Any:
            self.check(host)
            return original(host, *args, **kwargs)

        return call

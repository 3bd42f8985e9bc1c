"""Keys minted by us, before the database sees the row."""

from __future__ import annotations

from os import urandom
from threading import Lock
from time import time_ns
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable


class Mint:
    """Mints UUIDv7s (RFC 9562), each greater than the one before, even if the clock goes back."""

    def __init__(self, now_ms: Callable[[], int] = lambda: time_ns() // 1_000_000) -> None:
        self._now_ms = now_ms
        self._lock = Lock()
        self._last = 0

    def __call__(self) -> UUID:
        """Mint the next one."""
        # 48 bits of time and 74 of chance, counted as one number: adding never goes down.
        with self._lock:
            chance = int.from_bytes(urandom(14), "big") >> 6
            fresh = self._now_ms() << 74 | chance >> 32
            self._last = bits = max(fresh, self._last + 1 + (chance & 0xFFFFFFFF))
        time, high, low = bits >> 74, bits >> 62 & 0xFFF, bits & (1 << 62) - 1
        return UUID(int=time << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


_mint = Mint()


def uuid7() -> UUID:
    """Mint the next key; keys of one process sort in the order they were minted."""
    return _mint()

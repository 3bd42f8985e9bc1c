"""How often one address may fail: buckets that fill again with time, in this process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Final
from uuid import UUID

from core.auth.errors import TooManyTriesError
from core.i18n import _

#: Addresses remembered; the one seen longest ago is forgotten first.
REMEMBERED: Final = 20_000


@dataclass(slots=True)
class _Level:
    left: float
    at: float


class Bucket:
    """Lets ``burst`` tries pass at once, then one every ``every`` seconds, for each key."""

    def __init__(self, burst: int, every: float, now: Callable[[], float] = monotonic) -> None:
        self._burst = burst
        self._every = every
        self._now = now
        self._levels: OrderedDict[str, _Level] = OrderedDict()
        self._lock = Lock()

    def refuse_empty(self, key: str) -> None:
        """Refuse when nothing is left for ``key``; takes nothing itself."""
        with self._lock:
            level = self._levels.get(key)
            if level is None:
                return
            missing = 1 - self._filled(level)
        if missing > 0:
            seconds = int(missing * self._every) + 1
            raise TooManyTriesError(
                _("Too many tries. Wait {seconds} seconds and try again.", seconds=seconds),
                retry_after=seconds,
            )

    def take(self, key: str) -> None:
        """Count one failure of ``key``."""
        now = self._now()
        with self._lock:
            level = self._levels.pop(key, None)
            left = self._burst if level is None else self._filled(level)
            self._levels[key] = _Level(max(left - 1, 0), now)
            if len(self._levels) > REMEMBERED:
                self._levels.popitem(last=False)

    def _filled(self, level: _Level) -> float:
        return min(level.left + (self._now() - level.at) / self._every, self._burst)


class Seldom:
    """Tells once in a while that it is time to write something down, for each key."""

    def __init__(self, every: timedelta) -> None:
        self._every = every
        self._noted: OrderedDict[UUID, datetime] = OrderedDict()
        self._lock = Lock()

    def due(self, key: UUID, now: datetime) -> bool:
        """Tell whether it is time; saying yes counts as done."""
        with self._lock:
            before = self._noted.get(key)
            if before is not None and now - before < self._every:
                return False
            self._noted[key] = now
            self._noted.move_to_end(key)
            if len(self._noted) > REMEMBERED:
                self._noted.popitem(last=False)
        return True


class Limits:
    """The limits of one process; docs/api.md tells them."""

    def __init__(self) -> None:
        #: Failed log-ins from one address; one e-mail has its own count in the database.
        self.log_in = Bucket(20, 6)
        #: Wrong API tokens from one address.
        self.token = Bucket(10, 6)
        #: Uses of a token are noted once an hour.
        self.token_use = Seldom(timedelta(hours=1))

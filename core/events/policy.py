"""How patient the worker is: pure rules of leases, batches and retries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import SystemRandom

_chance = SystemRandom().random


@dataclass(frozen=True, slots=True)
class Policy:
    """The figures a worker works by. Times are seconds."""

    #: After this many failures an event waits for a person.
    attempts: int = 12
    first_delay: float = 2
    longest_delay: float = 3600
    #: Added by chance to each delay, as a share of it, so that failures do not return together.
    spread: float = 0.5
    #: How long a dead worker's claims stay with it.
    lease: float = 60
    #: A live worker keeps a claim by renewing its lease, up to this.
    longest_work: float = 1800
    #: Events claimed at once, over all businesses.
    batch: int = 48
    #: The same where consumers cross boundaries and each may take long.
    slow_batch: int = 4
    #: Businesses served in one turn.
    businesses: int = 12
    #: A transaction takes further events until this much time has passed: short on SQLite, where
    #: the tills wait for it.
    budget: float = 0.05
    chance: Callable[[], float] = _chance

    def delay(self, failures: int) -> timedelta:
        """Say how long to wait after the ``failures``-th failure: doubling, capped, spread."""
        doubled = self.first_delay * 2.0 ** min(failures - 1, 32)
        capped = min(doubled, self.longest_delay)
        return timedelta(seconds=capped * (1 + self.spread * self.chance()))

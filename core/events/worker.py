"""The worker: claims what is due and hands it to its desk, until it is told to stop.

It may be killed at any point: what was not committed is undone by the database, and its claims
come back when their lease ends. It may run beside the web in one process tree or alone, once or
many times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Event as Flag
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

import structlog

from core import metrics
from core.clock import Clock
from core.events.claims import Claim, Claims
from core.events.consumers import Activation
from core.events.desk import Desk
from core.events.hints import Hint
from core.events.policy import Policy
from core.events.subscriptions import Subscription, Subscriptions

if TYPE_CHECKING:
    from core.db.engine import Database

_log = structlog.get_logger(__name__)


class Worker:
    """Works off the outboxes of all businesses; safe to share between threads."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        subscriptions: Iterable[Subscription],
        activation: Activation,
        *,
        policy: Policy | None = None,
    ) -> None:
        self.database = database
        self.clock = clock
        self.activation = activation
        self.policy = policy or Policy()
        self.subscriptions = Subscriptions(subscriptions)
        self.stopping = Flag()
        self._claims = Claims(
            database, clock, lease=self.policy.lease, businesses=self.policy.businesses
        )
        self._desk = Desk(database, clock, self.subscriptions, activation, self.policy)
        self._last_served: dict[str, int] = {}
        self._held: dict[Claim, float] = {}
        self._lock = Lock()

    def stop(self) -> None:
        """Finish the event at hand, give the others back, and claim nothing more."""
        self.stopping.set()

    def turn(self, queue: str) -> Counter[str]:
        """Serve each waiting business of ``queue`` once; tell what came of the deliveries.

        An empty answer means that nothing was due.
        """
        slow = self.subscriptions.crosses_boundaries(queue)
        limit = self.policy.slow_batch if slow else self.policy.batch
        after = self._last_served.get(queue, 0)
        claims = self._claims.take(queue, after=after, limit=limit)
        if claims:
            self._last_served[queue] = claims[-1].tenant.id
        return self._work(claims)

    def work_hint(self, hint: Hint) -> Counter[str]:
        """Work off the one event that ``hint`` names; one gone, held or not due is fine."""
        claim = self._claims.take_one(hint.queue, hint.key, tenant_id=hint.tenant_id)
        return self._work([claim] if claim else [])

    def drain(self, queues: Iterable[str] | None = None) -> Counter[str]:
        """Work until nothing is due now: for tests, commands and the end of a drain."""
        total: Counter[str] = Counter()
        names = sorted(self.queues() if queues is None else queues)
        while outcomes := sum((self.turn(queue) for queue in names), Counter()):
            total.update(outcomes)
        return total

    def queues(self) -> frozenset[str]:
        """Name every queue that can hold work: of consumers, and the common one."""
        return self.subscriptions.queues() | {"events"}

    def renew_leases(self) -> None:
        """Keep what is being worked on; called now and then from another thread."""
        with self._lock:
            held = list(self._held.items())
        for claim, began in held:
            if monotonic() - began < self.policy.longest_work:
                self._claims.renew(claim)

    def _work(self, claims: list[Claim]) -> Counter[str]:
        outcomes: Counter[str] = Counter()
        with self._holding(claims):
            for claim in claims:
                came_of_it, left = self._desk.work(claim, stopping=self.stopping.is_set)
                worked = len(claim.keys) - len(left)
                outcomes.update(came_of_it)
                # An event without consumers is work as well.
                outcomes["event"] += worked
                self._claims.give_back(claim, left)
                for outcome, number in came_of_it.items():
                    metrics.WORKER_OUTCOMES.labels(claim.queue, outcome).inc(number)
        return +outcomes

    @contextmanager
    def _holding(self, claims: list[Claim]) -> Iterator[None]:
        began = monotonic()
        with self._lock:
            self._held.update(dict.fromkeys(claims, began))
        try:
            yield
        finally:
            with self._lock:
                for claim in claims:
                    self._held.pop(claim, None)

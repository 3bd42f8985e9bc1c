"""Works off claimed events of one business: every consumer once, each on its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from core.clock import Clock
from core.db import trace
from core.db.uow import tenant_unit
from core.events.claims import Claim
from core.events.consumers import Activation, RetryLater, Task, let_work
from core.events.page import Happening, Page
from core.events.policy import Policy
from core.events.subscriptions import Subscription, Subscriptions
from core.tenancy.session import TenantSession

if TYPE_CHECKING:
    from core.db.engine import Database

_log = structlog.get_logger(__name__)
#: Of an error's text; the rest is in the log.
_REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Desk:
    """Where events meet their consumers."""

    database: Database
    clock: Clock
    subscriptions: Subscriptions
    activation: Activation
    policy: Policy

    def work(self, claim: Claim, *, stopping: Callable[[], bool]) -> tuple[Counter[str], set[UUID]]:
        """Work off ``claim``; give what came of each delivery, and the events left untouched.

        What a consumer wrote and the mark that it is done are committed together. One that raises
        is undone alone, and tried again later.
        """
        outcomes: Counter[str] = Counter()
        left = list(claim.keys)
        while left and not stopping():
            try:
                worked = self._unit(claim, left, outcomes)
            except Exception:  # noqa: BLE001 - find out whose fault it is, event by event
                _log.warning("events.unit_failed", queue=claim.queue, exc_info=True)
                worked = self._one_by_one(claim, left, outcomes, stopping)
            left = [key for key in left if key not in worked]
        return outcomes, set(left)

    def blame(self, claim: Claim, key: UUID, error: Exception) -> None:
        """Count a failure that showed only when the transaction of ``key`` was committed."""
        with tenant_unit(self.database, claim.tenant, self.clock, writes=True) as session:
            page = self._page(session, claim, [key])
            for event in page.events:
                for subscription in page.due(event, self.clock.now()):
                    self._failed(event, subscription, error)
            page.settle(page.events)

    def _one_by_one(
        self,
        claim: Claim,
        keys: Sequence[UUID],
        outcomes: Counter[str],
        stopping: Callable[[], bool],
    ) -> set[UUID]:
        worked: set[UUID] = set()
        for key in keys:
            if stopping():
                break
            try:
                self._unit(claim, [key], outcomes)
            except Exception as error:  # noqa: BLE001 - a consumer's rows may break any rule
                self.blame(claim, key, error)
                outcomes["failed"] += 1
            worked.add(key)
        return worked

    def _unit(self, claim: Claim, keys: Sequence[UUID], outcomes: Counter[str]) -> set[UUID]:
        began, own, seen = monotonic(), [], []
        here: Counter[str] = Counter()
        with tenant_unit(self.database, claim.tenant, self.clock, writes=True) as session:
            active = let_work(session, self.activation)
            page = self._page(session, claim, keys)
            for event in page.events:
                seen.append(event)
                for subscription in page.due(event, self.clock.now()):
                    if subscription.addon not in active:
                        event.note(subscription, state="parked", due_at=None)
                        here["parked"] += 1
                    elif subscription.consumer.own_transactions:
                        own.append((event, subscription))
                    else:
                        here[self._deliver(session, event, subscription)] += 1
                if monotonic() - began > self.policy.budget:
                    break
            page.settle(seen, frozenset(event.id for event, _ in own))
        outcomes.update(here)
        for number, (event, subscription) in enumerate(own, start=1):
            unfinished = frozenset(other.id for other, _ in own[number:])
            failure = self._call_outside(claim, event, subscription, active)
            outcomes[self._settle_outside(claim, event, subscription, failure, unfinished)] += 1
        return {event.id for event in seen} | page.missing

    def _page(self, session: TenantSession, claim: Claim, keys: Sequence[UUID]) -> Page:
        return Page(session, claim.queue, self.subscriptions, keys)

    def _deliver(self, session: TenantSession, event: Happening, to: Subscription) -> str:
        trace.step("deliver", to.key)
        try:
            with session.begin_nested():
                to.consumer.handle(session, event.delivery(to))
        except RetryLater as later:
            return self._later(event, to, later)
        except Exception as error:  # noqa: BLE001 - one bad consumer must not stop the others
            return self._failed(event, to, error)
        finally:
            # The next consumer reads the database, not what this one left in memory.
            session.expunge_all()
        return self._done(event, to)

    def _call_outside(
        self, claim: Claim, event: Happening, to: Subscription, active: frozenset[str]
    ) -> Exception | None:
        trace.step("deliver", to.key)
        task = Task(self.database, claim.tenant, self.clock, active)
        try:
            to.consumer.handle(task, event.delivery(to))
        except Exception as error:  # noqa: BLE001 - what came of it is noted by the caller
            return error
        return None

    def _settle_outside(
        self,
        claim: Claim,
        event: Happening,
        to: Subscription,
        failure: Exception | None,
        unfinished: frozenset[UUID],
    ) -> str:
        outcome = "done"
        with tenant_unit(self.database, claim.tenant, self.clock, writes=True) as session:
            page = self._page(session, claim, [event.id])
            for fresh in page.events:
                # Another worker may have finished it meanwhile.
                if fresh.of(to).state not in {"done", "dead"}:
                    outcome = self._outcome(fresh, to, failure)
            page.settle(page.events, unfinished)
        return outcome

    def _outcome(self, event: Happening, to: Subscription, failure: Exception | None) -> str:
        if failure is None:
            return self._done(event, to)
        if isinstance(failure, RetryLater):
            return self._later(event, to, failure)
        return self._failed(event, to, failure)

    def _done(self, event: Happening, to: Subscription) -> str:
        event.note(to, state="done", due_at=None, done_at=self.clock.now(), last_error=None)
        return "done"

    def _later(self, event: Happening, to: Subscription, later: RetryLater) -> str:
        due = self.clock.now() + timedelta(seconds=later.seconds)
        event.note(to, state="waiting", due_at=due, last_error=str(later)[:_REASON_LENGTH])
        return "later"

    def _failed(self, event: Happening, to: Subscription, error: Exception) -> str:
        failures = event.of(to).attempts + 1
        dead = failures >= self.policy.attempts
        due = None if dead else self.clock.now() + self.policy.delay(failures)
        reason = f"{type(error).__name__}: {words_of(error)}"[:_REASON_LENGTH]
        state = "dead" if dead else "waiting"
        event.note(to, state=state, attempts=failures, due_at=due, last_error=reason)
        _log.warning(
            "events.consumer_failed",
            consumer=to.key,
            event_id=str(event.id),
            attempt=failures,
            dead=dead,
            exc_info=error,
        )
        return "dead" if dead else "failed"


def words_of(error: Exception) -> str:
    """Say what went wrong in one line that may be shown to an operator."""
    # A database error's full text carries the values of the row, and some are secrets.
    inner = error.orig if isinstance(error, DBAPIError) else error
    return str(inner).partition("\n")[0]

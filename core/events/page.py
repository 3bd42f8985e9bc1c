"""A page of events of one business: read once, worked off, and settled in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from core.addons.parts import Delivery
from core.events.models import Inbox, Outbox, Wakeup
from core.events.subscriptions import Subscription, Subscriptions
from core.ids import uuid7
from core.tenancy.session import TenantSession

#: A consumer in one of these states is not called.
_SETTLED = frozenset({"done", "dead"})


@dataclass(slots=True)
class Progress:
    """How far one consumer is with one event."""

    event_id: UUID
    consumer: str
    id: UUID = field(default_factory=uuid7)
    state: str = "waiting"
    attempts: int = 0
    due_at: datetime | None = None
    done_at: datetime | None = None
    last_error: str | None = None
    is_new: bool = True

    def values(self) -> dict[str, Any]:
        """Give what the row holds besides its keys."""
        names = ("state", "attempts", "due_at", "done_at", "last_error")
        return {name: getattr(self, name) for name in names}


@dataclass(slots=True)
class Happening:
    """One event on the page, and what its consumers made of it so far."""

    id: UUID
    name: str
    home: str
    payload: dict[str, Any]
    visits: int
    progress: dict[str, Progress]
    touched: set[str] = field(default_factory=set)

    def of(self, subscription: Subscription) -> Progress:
        """Give how far ``subscription`` is."""
        key = subscription.key
        return self.progress.setdefault(key, Progress(self.id, key))

    def note(self, subscription: Subscription, **values: Any) -> None:
        """Write down what happened; kept when the page is settled."""
        progress = self.of(subscription)
        for name, value in values.items():
            setattr(progress, name, value)
        self.touched.add(subscription.key)

    def delivery(self, subscription: Subscription) -> Delivery:
        """Make the consumer's own copy, so that no consumer changes what the next one reads."""
        attempt = self.of(subscription).attempts + 1
        return Delivery(self.id, self.name, deepcopy(self.payload), attempt)


class Page:
    """Events of one queue, locked until the transaction ends.

    Two workers that hold the same event meet here: the second waits, then reads what the first
    one did.
    """

    def __init__(
        self, session: TenantSession, queue: str, subscriptions: Subscriptions, keys: Sequence[UUID]
    ) -> None:
        self._session = session
        self._queue = queue
        self._subscriptions = subscriptions
        rows = session.execute(
            select(Outbox.id, Outbox.name, Outbox.queue, Outbox.payload, Outbox.attempts)
            .where(Outbox.id.in_(keys))
            .order_by(Outbox.id)
            .with_for_update()
        ).all()
        self.events = [
            Happening(key, name, home, payload, visits, {})
            for key, name, home, payload, visits in rows
        ]
        self.missing = set(keys) - {event.id for event in self.events}
        by_id = {event.id: event for event in self.events}
        # Fresh events have no progress to read.
        known = [event.id for event in self.events if event.visits]
        for progress in _progress(session, known):
            by_id[progress.event_id].progress[progress.consumer] = progress

    def subscribed(self, event: Happening) -> list[Subscription]:
        """List who consumes ``event`` in this queue."""
        every = self._subscriptions.of(event.name)
        return [s for s in every if s.consumer.queue == self._queue]

    def due(self, event: Happening, now: datetime) -> list[Subscription]:
        """List who is to be called now."""
        return [
            subscription
            for subscription in self.subscribed(event)
            if (progress := event.of(subscription)).state not in _SETTLED
            and (progress.due_at is None or progress.due_at <= now)
        ]

    def settle(self, events: Iterable[Happening], held: frozenset[UUID] = frozenset()) -> None:
        """Write the progress of ``events`` and end their wake-ups, or set when they come again.

        ``held`` are events whose work goes on outside this transaction: their wake-up stays.
        """
        session, finished, done = self._session, set(self.missing), []
        for event in events:
            self._save(event)
            if event.visits == 0 and self._queue == event.home:
                self._call_other_queues(event)
            again = self._again(event)
            if event.id not in held:
                if again is None:
                    finished.add(event.id)
                else:
                    self._wake(event.id, again)
            state = self._state(event)
            if state == "done":
                done.append(event.id)
            else:
                _write(session, [event.id], state=state, last_error=_error(event))
        if done:
            _write(session, done, state="done", last_error=None)
        if finished:
            session.execute(
                delete(Wakeup)
                .where(
                    Wakeup.tenant_id == session.tenant_id,
                    Wakeup.queue == self._queue,
                    Wakeup.id.in_(finished),
                )
                .execution_options(synchronize_session=False)
            )

    def _save(self, event: Happening) -> None:
        for key in sorted(event.touched):
            progress = event.progress[key]
            if progress.is_new:
                self._session.add(
                    Inbox(
                        id=progress.id,
                        event_id=event.id,
                        consumer=key,
                        **progress.values(),
                    )
                )
            else:
                self._session.execute(
                    update(Inbox)
                    .where(Inbox.id == progress.id)
                    .values(**progress.values())
                    .execution_options(synchronize_session=False)
                )

    def _call_other_queues(self, event: Happening) -> None:
        elsewhere = {s.consumer.queue for s in self._subscriptions.of(event.name)} - {self._queue}
        now = self._session.clock.now()
        self._session.add_all(
            Wakeup(id=event.id, tenant_id=self._session.tenant_id, queue=queue, due_at=now)
            for queue in sorted(elsewhere)
        )

    def _again(self, event: Happening) -> datetime | None:
        times = [
            progress.due_at or self._session.clock.now()
            for s in self.subscribed(event)
            if (progress := event.of(s)).state == "waiting"
        ]
        return min(times, default=None)

    def _wake(self, key: UUID, due_at: datetime) -> None:
        self._session.execute(
            update(Wakeup)
            .where(
                Wakeup.tenant_id == self._session.tenant_id,
                Wakeup.queue == self._queue,
                Wakeup.id == key,
            )
            .values(due_at=due_at, lease_until=None)
            .execution_options(synchronize_session=False)
        )

    def _state(self, event: Happening) -> str:
        states = {event.of(s).state for s in self._subscriptions.of(event.name)}
        for state, told in (("waiting", "pending"), ("dead", "dead"), ("parked", "parked")):
            if state in states:
                return told
        return "done"


def _progress(session: TenantSession, keys: Sequence[UUID]) -> Iterable[Progress]:
    if not keys:
        return
    rows = session.execute(
        select(
            Inbox.event_id,
            Inbox.consumer,
            Inbox.id,
            Inbox.state,
            Inbox.attempts,
            Inbox.due_at,
            Inbox.done_at,
            Inbox.last_error,
        ).where(Inbox.event_id.in_(keys))
    )
    for row in rows:
        yield Progress(*row, is_new=False)


def _write(session: TenantSession, keys: Sequence[UUID], **values: Any) -> None:
    session.execute(
        update(Outbox)
        .where(Outbox.id.in_(keys))
        .values(attempts=Outbox.attempts + 1, **values)
        .execution_options(synchronize_session=False)
    )


def _error(event: Happening) -> str | None:
    errors = (p.last_error for p in event.progress.values() if p.state != "done")
    return next((f"{error}" for error in errors if error), None)

"""Says that something happened, in the transaction that makes it happen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table

from core.addons.parts import Event
from core.events.hints import Hint, hint_after_commit
from core.events.models import Outbox, Wakeup
from core.ids import uuid7

if TYPE_CHECKING:
    from core.tenancy.session import TenantSession


def publish(session: TenantSession, event: Event) -> None:
    """Write ``event`` to the outbox, with the wake-up that lets a worker find it."""
    now = session.clock.now()
    key = uuid7()
    session.add(
        Outbox(id=key, name=event.name, queue=event.queue, payload=event.payload, recorded_at=now)
    )
    session.add(
        Wakeup(
            id=key,
            tenant_id=session.tenant_id,
            queue=event.queue,
            due_at=now + timedelta(seconds=event.delay),
        )
    )
    if not event.delay:
        hint_after_commit(session, Hint(session.tenant_id, key, event.queue))


def event_rows(events: Iterable[Event], now: datetime) -> Iterator[tuple[Table, dict[str, Any]]]:
    """Give the same rows for a hot write; the wake-up is the platform's and names its tenant."""
    outbox: Any = Outbox.__table__
    wakeup: Any = Wakeup.__table__
    for event in events:
        key = uuid7()
        yield (
            outbox,
            {
                "id": key,
                "name": event.name,
                "queue": event.queue,
                "payload": event.payload,
            },
        )
        due = now + timedelta(seconds=event.delay)
        yield wakeup, {"id": key, "queue": event.queue, "due_at": due}


def hints_in(tenant_id: int, rows: Iterable[tuple[Table, Mapping[str, Any]]]) -> list[Hint]:
    """Give the hints to announce once ``rows`` of a hot write are committed."""
    return [
        Hint(tenant_id, values["id"], values["queue"])
        for table, values in rows
        if table.name == Wakeup.__tablename__
    ]

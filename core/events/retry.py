"""Wakes events that wait for something other than time: an addon, a person, a new consumer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select, update

from core.errors import NotFoundError
from core.events.models import Inbox, Outbox, Wakeup
from core.i18n import _

if TYPE_CHECKING:
    from core.events.subscriptions import Subscription, Subscriptions
    from core.tenancy.session import TenantSession

#: Events woken in one unit of work; call again while it says that there are more.
CHUNK = 500


def unpark(session: TenantSession, subscriptions: Subscriptions, addons: frozenset[str]) -> int:
    """Wake what was parked for ``addons``, now that they work again; give how many deliveries.

    Called when a business enables an addon; the worker does it from time to time as well. Wakes at
    most ``CHUNK`` at once.
    """
    keys = subscriptions.keys_of(addons)
    return _wake(session, subscriptions, _waiting(session, "parked", keys))


def retry_dead(session: TenantSession, subscriptions: Subscriptions, event_id: UUID) -> None:
    """Try a dead event again, with fresh patience: for a person who mended the cause.

    Raises ``NotFoundError`` where the business has no dead event of this id.
    """
    query = select(Inbox.id, Inbox.event_id, Inbox.consumer).where(
        Inbox.state == "dead", Inbox.event_id == event_id
    )
    found = [(key, event, consumer) for key, event, consumer in session.execute(query)]
    if not _wake(session, subscriptions, found):
        raise NotFoundError(_("There is no failed task with this number."))


def replay(
    session: TenantSession, subscription: Subscription, *, since: datetime, until: datetime
) -> int:
    """Deliver events to a consumer that was missing when they happened; give how many.

    For an addon that was quarantined, or installed later. Events it knows already stay as they
    are. Delivers at most ``CHUNK`` at once.
    """
    known = select(Inbox.event_id).where(Inbox.consumer == subscription.key)
    missed = session.scalars(
        select(Outbox.id)
        .where(
            Outbox.name == subscription.consumer.event,
            Outbox.recorded_at >= since,
            Outbox.recorded_at < until,
            # One that no worker saw yet will find the consumer by itself.
            Outbox.attempts > 0,
            Outbox.id.not_in(known),
        )
        .order_by(Outbox.id)
        .limit(CHUNK)
    ).all()
    queue = subscription.consumer.queue
    session.add_all(
        Inbox(event_id=key, consumer=subscription.key, state="waiting") for key in missed
    )
    _call(session, [(key, queue) for key in missed])
    return len(missed)


def _waiting(
    session: TenantSession, state: str, consumers: Collection[str]
) -> Sequence[tuple[UUID, UUID, str]]:
    rows = session.execute(
        select(Inbox.id, Inbox.event_id, Inbox.consumer)
        .where(Inbox.state == state, Inbox.consumer.in_(consumers))
        .order_by(Inbox.event_id)
        .limit(CHUNK)
        .with_for_update()
    )
    return [(key, event, consumer) for key, event, consumer in rows]


def _wake(
    session: TenantSession,
    subscriptions: Subscriptions,
    found: Sequence[tuple[UUID, UUID, str]],
) -> int:
    queues = subscriptions.queue_by_key()
    found = [row for row in found if row[2] in queues]
    if not found:
        return 0
    session.execute(
        update(Inbox)
        .where(Inbox.id.in_([key for key, *_ in found]))
        .values(state="waiting", attempts=0, due_at=None)
        .execution_options(synchronize_session=False)
    )
    _call(session, [(event, queues[consumer]) for _, event, consumer in found])
    return len(found)


def _call(session: TenantSession, wanted: Iterable[tuple[UUID, str]]) -> None:
    pairs = sorted(set(wanted))
    keys = {key for key, _ in pairs}
    session.execute(
        update(Outbox)
        .where(Outbox.id.in_(keys))
        .values(state="pending")
        .execution_options(synchronize_session=False)
    )
    # Already waiting in that queue for another consumer: come at once instead.
    present = session.execute(
        select(Wakeup.id, Wakeup.queue).where(Wakeup.id.in_(keys)).with_for_update()
    ).all()
    there = {(key, queue) for key, queue in present}
    now = session.clock.now()
    for key, queue in pairs:
        if (key, queue) not in there:
            session.add(Wakeup(id=key, tenant_id=session.tenant_id, queue=queue, due_at=now))
            continue
        session.execute(
            update(Wakeup)
            .where(Wakeup.id == key, Wakeup.queue == queue, Wakeup.lease_until.is_(None))
            .values(due_at=now)
            .execution_options(synchronize_session=False)
        )

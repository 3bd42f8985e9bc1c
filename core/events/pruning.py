"""Takes away what nobody asks for any more: events that were worked off, answers whose time is up.

Waiting, parked and dead events stay until somebody works them off. Wake-ups need no pruning: they
go in the transaction that finishes the work.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import Delete, delete, select

from core.db.idempotency import Idempotency
from core.events.models import Inbox, Outbox

if TYPE_CHECKING:
    from core.tenancy.session import TenantSession

#: How long an event is kept after it happened and was worked off; ``replay`` reaches as far back.
EVENTS_KEPT: Final = timedelta(days=30)
#: Events, and answers, taken away in one unit of work: tills wait for it on SQLite.
CHUNK: Final = 500


def prune(session: TenantSession) -> int:
    """Take away what the business does not need any more, a chunk at most; give how much."""
    return prune_events(session) + prune_answers(session)


def prune_events(session: TenantSession) -> int:
    """Take away finished events with how far their consumers came; give how many events."""
    before = session.clock.now() - EVENTS_KEPT
    late = select(Inbox.id).where(Inbox.event_id == Outbox.id, Inbox.done_at >= before)
    keys = session.scalars(
        select(Outbox.id)
        .where(Outbox.state == "done", Outbox.recorded_at < before, ~late.exists())
        .order_by(Outbox.recorded_at)
        .limit(CHUNK)
        # One that is being replayed just now stays, with all that says who had it already.
        .with_for_update(skip_locked=True)
    ).all()
    if keys:
        _delete(session, delete(Inbox).where(Inbox.event_id.in_(keys)))
        _delete(session, delete(Outbox).where(Outbox.id.in_(keys)))
    return len(keys)


def prune_answers(session: TenantSession) -> int:
    """Forget answers whose time is up; fiscal ones have no such time. Gives how many."""
    keys = session.scalars(
        select(Idempotency.id)
        .where(Idempotency.expires_at < session.clock.now())
        .order_by(Idempotency.expires_at)
        .limit(CHUNK)
    ).all()
    if keys:
        _delete(session, delete(Idempotency).where(Idempotency.id.in_(keys)))
    return len(keys)


def _delete(session: TenantSession, rows: Delete) -> None:
    session.execute(rows.execution_options(synchronize_session=False))

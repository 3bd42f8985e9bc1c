"""Takes wake-ups for a worker, fairly across businesses, and gives them back.

The database row is the only queue. A claim moves ``due_at`` to the end of the lease, so that a
claimed row is skipped by index and comes back by itself when its worker dies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, select, union_all, update

from core.clock import Clock
from core.db.engine import Database
from core.db.uow import platform_unit
from core.events.models import Wakeup
from core.tenancy.models import Tenant, TenantRef
from core.tenancy.session import PlatformSession


@dataclass(slots=True, eq=False)
class Claim:
    """Events of one business that this worker holds until ``lease_until``."""

    tenant: TenantRef
    queue: str
    keys: tuple[UUID, ...]
    lease_until: datetime


class Claims:
    """Claims work of one queue after another; remembers nothing but whose turn is next."""

    def __init__(self, database: Database, clock: Clock, *, lease: float, businesses: int) -> None:
        self._database = database
        self._clock = clock
        self._lease = timedelta(seconds=lease)
        self._businesses = businesses

    def take(self, queue: str, *, after: int, limit: int) -> list[Claim]:
        """Claim up to ``limit`` due events of the businesses whose id follows ``after``.

        Each business gets an equal share, the oldest first, so a flood of one delays no other by
        more than a turn. Rows that another worker is looking at are skipped.
        """
        tenants = self._tenants_due(queue, after)
        if not tenants:
            return []
        now = self._clock.now()
        share = max(1, limit // len(tenants))
        with platform_unit(self._database, self._clock, writes=True) as session:
            keys = session.scalars(_candidates(queue, tenants, now, share)).all()
            found = session.execute(_locked(queue, keys, now)).all()
            until = now + self._lease
            _set(session, queue, [key for key, *_ in found], due_at=until, lease_until=until)
        held: dict[TenantRef, list[UUID]] = {}
        for key, tenant_id, uid in found:
            held.setdefault(TenantRef(tenant_id, uid), []).append(key)
        return [Claim(tenant, queue, tuple(k), until) for tenant, k in held.items()]

    def take_one(self, queue: str, key: UUID, *, tenant_id: int) -> Claim | None:
        """Claim the event that a hint names, if it is that business's, due, and nobody has it."""
        now = self._clock.now()
        with platform_unit(self._database, self._clock, writes=True) as session:
            found = session.execute(_locked(queue, [key], now)).first()
            if found is None or found.tenant_id != tenant_id:
                return None
            until = now + self._lease
            _set(session, queue, [key], due_at=until, lease_until=until)
        return Claim(TenantRef(found.tenant_id, found.uid), queue, (key,), until)

    def give_back(self, claim: Claim, keys: Iterable[UUID]) -> None:
        """Let anybody take ``keys`` at once."""
        self._move(claim, tuple(keys), due_at=self._clock.now(), lease_until=None)

    def renew(self, claim: Claim) -> None:
        """Keep a claim for one more lease; events finished meanwhile stay finished."""
        until = self._clock.now() + self._lease
        self._move(claim, claim.keys, due_at=until, lease_until=until)
        claim.lease_until = until

    def _move(
        self, claim: Claim, keys: Sequence[UUID], *, due_at: datetime, lease_until: datetime | None
    ) -> None:
        if not keys:
            return
        with platform_unit(self._database, self._clock, writes=True) as session:
            session.execute(
                update(Wakeup)
                .where(
                    Wakeup.queue == claim.queue,
                    Wakeup.id.in_(keys),
                    # A lease that ended is another worker's by now.
                    Wakeup.lease_until == claim.lease_until,
                )
                .values(due_at=due_at, lease_until=lease_until)
                .execution_options(synchronize_session=False)
            )

    def _tenants_due(self, queue: str, after: int) -> list[int]:
        now = self._clock.now()
        with platform_unit(self._database, self._clock, writes=False) as session:
            later = session.scalars(_tenants(queue, after, now, self._businesses)).all()
            missing = self._businesses - len(later)
            first = session.scalars(_tenants(queue, 0, now, missing)).all() if missing else ()
        return list(dict.fromkeys(t for t in (*later, *first) if t is not None))


def _tenants(queue: str, after: int, now: datetime, limit: int) -> Select[int | None]:
    # Jumps from business to business in the index instead of reading every waiting row.
    due = and_(Wakeup.queue == queue, Wakeup.due_at <= now)
    start = (
        select(Wakeup.tenant_id.label("tenant_id"))
        .where(due, Wakeup.tenant_id > after)
        .order_by(Wakeup.tenant_id)
        .limit(1)
        .subquery()
    )
    walk = select(start.c.tenant_id).cte("walk", recursive=True)
    following = (
        select(Wakeup.tenant_id)
        .where(due, Wakeup.tenant_id > walk.c.tenant_id)
        .order_by(Wakeup.tenant_id)
        .limit(1)
        .scalar_subquery()
        .correlate(walk)
    )
    walk = walk.union_all(select(following).where(walk.c.tenant_id.is_not(None)))
    return select(walk.c.tenant_id).limit(limit)


def _candidates(queue: str, tenants: Iterable[int], now: datetime, share: int) -> Select[UUID]:
    each = [
        select(
            select(Wakeup.id)
            .where(Wakeup.queue == queue, Wakeup.tenant_id == tenant, Wakeup.due_at <= now)
            .order_by(Wakeup.due_at)
            .limit(share)
            .subquery()
        )
        for tenant in tenants
    ]
    together = union_all(*each).subquery()
    return select(together.c.id)


def _locked(queue: str, keys: Sequence[UUID], now: datetime) -> Select[UUID, int, UUID]:
    return (
        select(Wakeup.id, Wakeup.tenant_id, Tenant.uid)
        .join(Tenant, Tenant.id == Wakeup.tenant_id)
        .where(Wakeup.queue == queue, Wakeup.id.in_(keys), Wakeup.due_at <= now)
        .order_by(Wakeup.due_at, Wakeup.id)
        .with_for_update(skip_locked=True, of=Wakeup)
    )


def _set(session: PlatformSession, queue: str, keys: Sequence[UUID], **values: datetime) -> None:
    session.execute(
        update(Wakeup)
        .where(Wakeup.queue == queue, Wakeup.id.in_(keys))
        .values(**values)
        .execution_options(synchronize_session=False)
    )

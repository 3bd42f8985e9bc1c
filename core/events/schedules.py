"""Runs what is due from time to time, once per business and period, however many workers there are.

A schedule is a leased row. The run and the row's next time are committed together, so a worker
that dies before leaves the period to be run again, and none runs it twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core import metrics
from core.addons.parts import Schedule
from core.clock import Clock
from core.db import trace
from core.db.uow import platform_unit, tenant_unit
from core.events.consumers import Activation, let_work
from core.events.desk import words_of
from core.events.models import ScheduleLease
from core.tenancy.models import Tenant, TenantRef

if TYPE_CHECKING:
    from core.db.engine import Database
    from core.tenancy.session import PlatformSession, TenantSession

_log = structlog.get_logger(__name__)

#: How long a run may take before another worker believes that this one died.
LEASE: Final = timedelta(minutes=10)
#: A run that failed is tried again after this, or after its period when that is shorter.
RETRY: Final = timedelta(minutes=1)
#: How often a schedule of an addon that the business does not use is looked at.
UNUSED: Final = timedelta(minutes=5)
_CLAIMED_AT_ONCE: Final = 20
_ROWS_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class PlatformSchedule:
    """Work on what belongs to nobody, once per period for the whole installation; core only.

    A lease row names a business: the first one's stands for all.
    """

    name: str
    every: timedelta
    run: Callable[[PlatformSession], object]


@dataclass(frozen=True, slots=True)
class Planned:
    """A schedule and the addon it belongs to; ``idle`` is the period after a run found nothing.

    A run finds nothing when it returns 0 or False; one that returns nothing at all found something.
    """

    addon: str
    schedule: Schedule | PlatformSchedule
    idle: timedelta | None = None

    @property
    def name(self) -> str:
        """Name it in the database: ``<addon>.<schedule>``."""
        name = self.schedule.name
        return name if name.startswith(f"{self.addon}.") else f"{self.addon}.{name}"

    @property
    def for_all_at_once(self) -> bool:
        """Tell whether one run serves the whole installation."""
        return isinstance(self.schedule, PlatformSchedule)

    def period(self, result: object) -> timedelta:
        """Say how long until it is due again."""
        found_nothing = result is not None and not result
        return self.idle if self.idle and found_nothing else self.schedule.every


@dataclass(frozen=True, slots=True)
class _Claimed:
    planned: Planned
    tenant: TenantRef
    due_at: datetime
    lease_until: datetime


class Schedules:
    """Every schedule of the installed addons, for every business; safe to share between threads."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        planned: Iterable[Planned],
        activation: Activation,
    ) -> None:
        self._database = database
        self._clock = clock
        self._planned = {one.name: one for one in planned}
        self._activation = activation

    def plan(self) -> int:
        """Give every business a row of every schedule, due now; tell how many were missing."""
        now = self._clock.now()
        with platform_unit(self._database, self._clock, writes=False) as session:
            query = select(Tenant.id).where(Tenant.archived_at.is_(None)).order_by(Tenant.id)
            tenants = session.scalars(query).all()
            known = session.execute(select(ScheduleLease.tenant_id, ScheduleLease.name)).all()
        present = {(tenant, name) for tenant, name in known}
        missing = [
            {"tenant_id": tenant, "name": name, "due_at": now}
            for name, planned in self._planned.items()
            for tenant in (tenants[:1] if planned.for_all_at_once else tenants)
            if (tenant, name) not in present
        ]
        dialect: Any = postgresql if self._database.kind == "postgresql" else sqlite
        for start in range(0, len(missing), _ROWS_AT_ONCE):
            rows = missing[start : start + _ROWS_AT_ONCE]
            # Another worker may be planning the same.
            insert = dialect.insert(ScheduleLease).values(rows).on_conflict_do_nothing()
            with platform_unit(self._database, self._clock, writes=True) as session:
                session.execute(insert)
        return len(missing)

    def turn(self) -> Counter[str]:
        """Run what is due; tell what came of it. An empty answer means that nothing was due."""
        outcomes: Counter[str] = Counter()
        for claimed in self._claim():
            try:
                outcome = self._run(claimed)
            except Exception as error:  # noqa: BLE001 - one bad schedule must not stop the others
                outcome = "failed"
                self._failed(claimed, error)
            outcomes[outcome] += 1
            metrics.SCHEDULE_RUNS.labels(claimed.planned.name, outcome).inc()
        return outcomes

    def _claim(self) -> list[_Claimed]:
        now = self._clock.now()
        due = (
            select(ScheduleLease.name, ScheduleLease.due_at, Tenant.id, Tenant.uid)
            .join(Tenant, Tenant.id == ScheduleLease.tenant_id)
            .where(
                ScheduleLease.name.in_(self._planned),
                ScheduleLease.due_at <= now,
                or_(ScheduleLease.lease_until.is_(None), ScheduleLease.lease_until <= now),
            )
            .order_by(ScheduleLease.due_at)
            .limit(_CLAIMED_AT_ONCE)
        )
        with platform_unit(self._database, self._clock, writes=False) as session:
            if session.execute(due.limit(1)).first() is None:
                return []
        until = now + LEASE
        with platform_unit(self._database, self._clock, writes=True) as session:
            locked = due.with_for_update(skip_locked=True, of=ScheduleLease)
            claimed = [
                _Claimed(self._planned[name], TenantRef(tenant, uid), due_at, until)
                for name, due_at, tenant, uid in session.execute(locked)
            ]
            for one in claimed:
                session.execute(
                    update(ScheduleLease)
                    .where(
                        ScheduleLease.name == one.planned.name,
                        ScheduleLease.tenant_id == one.tenant.id,
                    )
                    .values(lease_until=until)
                    .execution_options(synchronize_session=False)
                )
        return claimed

    def _run(self, claimed: _Claimed) -> str:
        planned, schedule = claimed.planned, claimed.planned.schedule
        if isinstance(schedule, PlatformSchedule):
            return self._run_for_all(claimed, schedule)
        with tenant_unit(self._database, claimed.tenant, self._clock, writes=True) as session:
            if not _holds(session, claimed):
                return "taken"
            if planned.addon not in let_work(session, self._activation):
                self._next(session, claimed, max(schedule.every, UNUSED))
                return "unused"
            trace.step("schedule", planned.name)
            result = schedule.run(session)
            self._next(session, claimed, planned.period(result))
        return "done"

    def _run_for_all(self, claimed: _Claimed, schedule: PlatformSchedule) -> str:
        with platform_unit(self._database, self._clock, writes=True) as session:
            if not _holds(session, claimed):
                return "taken"
            trace.step("schedule", claimed.planned.name)
            result = schedule.run(session)
            self._next(session, claimed, claimed.planned.period(result))
        return "done"

    def _failed(self, claimed: _Claimed, error: Exception) -> None:
        name = claimed.planned.name
        _log.warning("schedules.run_failed", schedule=name, exc_info=error)
        wait = min(RETRY, claimed.planned.schedule.every)
        with tenant_unit(self._database, claimed.tenant, self._clock, writes=True) as session:
            reason = f"{type(error).__name__}: {words_of(error)}"
            self._next(session, claimed, wait, reason=reason)

    def _next(
        self,
        session: TenantSession | PlatformSession,
        claimed: _Claimed,
        wait: timedelta,
        *,
        reason: str | None = None,
    ) -> None:
        now = self._clock.now()
        # Periods that passed unseen are not made up for.
        missed = max(0, (now - claimed.due_at) // wait)
        due_at = now + wait if reason else claimed.due_at + (missed + 1) * wait
        session.execute(
            update(ScheduleLease)
            .where(
                ScheduleLease.name == claimed.planned.name,
                ScheduleLease.tenant_id == claimed.tenant.id,
                ScheduleLease.lease_until == claimed.lease_until,
            )
            .values(due_at=due_at, lease_until=None, last_error=reason)
            .execution_options(synchronize_session=False)
        )


def _holds(session: TenantSession | PlatformSession, claimed: _Claimed) -> bool:
    """Tell whether the lease is still this worker's; nobody takes it before the end."""
    mine = session.scalar(
        select(ScheduleLease.lease_until)
        .where(
            ScheduleLease.name == claimed.planned.name,
            ScheduleLease.tenant_id == claimed.tenant.id,
        )
        .with_for_update()
    )
    return mine == claimed.lease_until

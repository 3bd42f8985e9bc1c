"""What waits in each business: for an integrator who keeps many alive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, select

from core.audit.anchor import last_anchor
from core.db.uow import tenant_unit
from core.events.models import Outbox, ScheduleLease
from core.tenancy.services import businesses

if TYPE_CHECKING:
    from core.installation import Installation


@dataclass(frozen=True, slots=True)
class BusinessStatus:
    """One business; ``oldest_seconds`` is the age of the oldest event that waits.

    ``anchor`` is the newest signed anchor of its audit log, to be kept outside the database, and
    ``failing`` the schedules whose last run failed, each with the reason.
    """

    uid: UUID
    name: str
    is_demo: bool
    waiting: int
    dead: int
    oldest_seconds: int | None
    anchor: dict[str, Any] | None
    failing: dict[str, str]


def business_status(place: Installation) -> list[BusinessStatus]:
    """Tell for every business what waits, gave up or fails, and where its audit log stands."""
    found = []
    now = place.clock.now()
    for tenant in businesses(place.database, place.clock):
        with tenant_unit(place.database, tenant.ref, place.clock, writes=False) as session:
            counts = {
                state: (count, oldest)
                for state, count, oldest in session.execute(
                    select(Outbox.state, func.count(Outbox.id), func.min(Outbox.recorded_at))
                    .where(Outbox.state.in_(("pending", "dead")))
                    .group_by(Outbox.state)
                )
            }
            anchor = last_anchor(session)
            failing = session.execute(
                select(ScheduleLease.name, ScheduleLease.last_error).where(
                    ScheduleLease.last_error.is_not(None)
                )
            ).all()
        waiting, oldest = counts.get("pending", (0, None))
        age = int((now - oldest).total_seconds()) if oldest else None
        found.append(
            BusinessStatus(
                tenant.uid,
                tenant.name,
                tenant.is_demo,
                waiting,
                counts.get("dead", (0, None))[0],
                age,
                anchor.as_dict() if anchor else None,
                {name: reason or "" for name, reason in failing},
            )
        )
    return found

"""What the core itself does from time to time: once per business, or once for the installation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.addons.activation import finish_draining
from core.addons.parts import Schedule
from core.audit.anchor import anchor_chain
from core.audit.sealer import seal_pending
from core.auth.logins import forget_logins
from core.events.consumers import CORE
from core.events.pruning import prune
from core.events.retry import unpark
from core.events.schedules import Planned, PlatformSchedule
from core.process import process_of

if TYPE_CHECKING:
    from core.events.subscriptions import Subscriptions
    from core.tenancy.session import TenantSession


def core_schedules(subscriptions: Subscriptions) -> list[Planned]:
    """Give them with their periods; ``docs/guides/upkeep.md`` lists the same."""

    def wake_parked(session: TenantSession) -> int:
        return unpark(session, subscriptions, session.enabled)

    second, minute, hour = (timedelta(seconds=n) for n in (1, 60, 3600))
    return [
        Planned(CORE, Schedule("seal_audit", 5 * second, seal_pending), idle=20 * second),
        Planned(CORE, Schedule("anchor_audit", 24 * hour, _anchor), idle=hour),
        Planned(CORE, Schedule("wake_parked", minute, wake_parked)),
        Planned(CORE, Schedule("finish_draining", minute, _finish), idle=5 * minute),
        Planned(CORE, Schedule("prune", minute, prune), idle=hour),
        Planned(CORE, PlatformSchedule("forget_logins", hour, forget_logins)),
    ]


def _anchor(session: TenantSession) -> bool:
    return anchor_chain(session, process_of(session.database).vault) is not None


def _finish(session: TenantSession) -> int:
    return len(finish_draining(session, process_of(session.database).registry))

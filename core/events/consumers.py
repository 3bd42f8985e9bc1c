"""Whose consumers and schedules run now, what a consumer is handed, and how it says "later"."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from core.addons.activation import draining_addons, enabled_addons
from core.clock import Clock
from core.db.uow import tenant_unit
from core.tenancy.models import TenantRef

if TYPE_CHECKING:
    from core.db.engine import Database
    from core.tenancy.session import TenantSession

#: The addon name of what the core itself consumes and schedules; no business can switch it off.
CORE: Final = "core"


class RetryLater(Exception):  # noqa: N818 - a request, not an error
    """Raised by a consumer that cannot finish now through nobody's fault: call again later.

    It does not count as a failed attempt. ``reason`` is shown to operators and holds no secret.
    """

    def __init__(self, seconds: float, reason: str = "") -> None:
        super().__init__(reason or f"asked to be called again in {seconds:g} s")
        self.seconds = seconds


class Activation(Protocol):
    """What the worker must know of a business's addons; asked once per unit of work."""

    def enabled(self, session: TenantSession) -> frozenset[str]:
        """Name the addons that are switched on."""
        ...

    def draining(self, session: TenantSession) -> frozenset[str]:
        """Name the addons that were switched off and may finish what they still owe."""
        ...


class StoredActivation:
    """Reads what the business switched on."""

    def enabled(self, session: TenantSession) -> frozenset[str]:
        """Name the addons that are switched on."""
        return enabled_addons(session)

    def draining(self, session: TenantSession) -> frozenset[str]:
        """Name the addons that were switched off and may finish."""
        return draining_addons(session)


def let_work(session: TenantSession, activation: Activation) -> frozenset[str]:
    """Switch on, in ``session``, the addons whose consumers and schedules run now."""
    active = activation.enabled(session) | activation.draining(session) | {CORE}
    session.enabled = active
    return active


@dataclass(frozen=True, slots=True)
class Task:
    """What a consumer with ``own_transactions`` gets instead of a session."""

    database: Database
    tenant: TenantRef
    clock: Clock
    enabled: frozenset[str]

    def unit(self, *, writes: bool) -> AbstractContextManager[TenantSession]:
        """Open a unit of work for the task's business; it commits at the end of the block."""
        return tenant_unit(
            self.database, self.tenant, self.clock, writes=writes, enabled=self.enabled
        )

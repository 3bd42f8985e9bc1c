"""Checks every invariant of every business: money, stock, numbering, audit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from core.addons.activation import enabled_addons
from core.audit.verify import verify_audit
from core.db.uow import tenant_unit
from core.tenancy.services import businesses

if TYPE_CHECKING:
    from core.addons.registry import AddonRegistry
    from core.clock import Clock
    from core.db.engine import Database


@dataclass(frozen=True, slots=True)
class Broken:
    """One broken invariant of one business."""

    business: str
    addon: str
    invariant: str
    text: str
    record: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain JSON."""
        return asdict(self)


def verify(database: Database, clock: Clock, registry: AddonRegistry) -> Iterator[Broken]:
    """Give what breaks an invariant, business by business; nothing means that all holds."""
    invariants = registry.everywhere.register_invariants()
    for tenant in businesses(database, clock):
        with tenant_unit(database, tenant.ref, clock, writes=False) as session:
            session.enabled = enabled_addons(session) & registry.running.keys()
            name = tenant.name
            for addon, invariant in invariants:
                if addon not in session.enabled:
                    continue
                for found in invariant.check(session):
                    yield Broken(name, addon, found.invariant, found.text, found.record)
            for found in verify_audit(session):
                yield Broken(name, "core", found.invariant, found.text, found.record)

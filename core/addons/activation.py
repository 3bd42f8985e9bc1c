"""Switches addons on and off for one business; effective with its next request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.addons.errors import AddonRefusedError, ObligationsPendingError, UnknownAddonError
from core.addons.models import Activation
from core.audit.services import record
from core.events.retry import unpark
from core.events.subscriptions import Subscriptions, subscriptions_of
from core.i18n import _
from core.tenancy.cache import bump_epoch

if TYPE_CHECKING:
    from core.addons.registry import AddonRegistry
    from core.tenancy import TenantSession


def enabled_addons(session: TenantSession) -> frozenset[str]:
    """Read what the business switched on."""
    on = select(Activation.addon).where(Activation.disabled_at.is_(None))
    return frozenset(session.scalars(on))


def draining_addons(session: TenantSession) -> frozenset[str]:
    """Read what was switched off but may finish: its consumers run, nothing of it is seen."""
    return frozenset(session.scalars(select(Activation.addon).where(Activation.draining)))


def enable(session: TenantSession, registry: AddonRegistry, addon: str) -> list[str]:
    """Switch ``addon`` on, after everything it requires; gives the names newly switched on.

    Refused when it is not installed or does not run here, and when its first rows cannot be made.
    Switching on what is on changes nothing. Work that waited for the addon is taken up again.
    """
    on = enabled_addons(session)
    fresh = [name for name in _chain(registry, addon) if name not in on]
    for name in fresh:
        activation = _switch_on(session, name)
        session.enabled |= {name}
        if registry.enabled(frozenset({name})).on_enabled(session=session):
            raise AddonRefusedError(
                _("{addon} could not prepare itself; nothing was switched on.", addon=name),
                addon=name,
            )
        record(session, "core.addon.enable", "core_activation", activation.id, addon=name)
    if fresh:
        unpark(session, Subscriptions(subscriptions_of(registry)), frozenset(fresh))
        bump_epoch(session)
    return fresh


def disable(
    session: TenantSession, registry: AddonRegistry, addon: str, *, drain: bool = False
) -> None:
    """Switch ``addon`` off; its data stays.

    Refused while an enabled addon requires it, and while something is still owed (documents for
    the authority, events not sent), unless ``drain`` lets its consumers finish unseen.
    """
    on = enabled_addons(session)
    if addon not in on:
        raise UnknownAddonError(_("{addon} is not switched on.", addon=addon), addon=addon)
    needing = [name for name in _running(registry, on) if addon in registry.running[name].requires]
    if needing:
        raise AddonRefusedError(
            _("{addon} is required by {others}.", addon=addon, others=", ".join(needing)),
            required_by=needing,
        )
    owed = registry.enabled(frozenset({addon})).pending_obligations(session=session)
    if owed and not drain:
        raise ObligationsPendingError(
            _("{addon} still has something to finish.", addon=addon),
            obligations=[
                {"title": str(item.title), "count": item.count, "url": item.url}
                for _name, item in owed
            ],
        )
    activation = _activation(session, addon)
    activation.disabled_at = session.clock.now()
    activation.draining = bool(owed)
    session.enabled -= {addon}
    record(session, "core.addon.disable", "core_activation", activation.id, addon=addon)
    bump_epoch(session)


def finish_draining(session: TenantSession, registry: AddonRegistry) -> list[str]:
    """End the draining of every addon that owes nothing any more; a schedule of the core."""
    done = []
    for name in sorted(draining_addons(session)):
        if not registry.enabled(frozenset({name})).pending_obligations(session=session):
            _activation(session, name).draining = False
            done.append(name)
    return done


def _switch_on(session: TenantSession, addon: str) -> Activation:
    found = session.scalars(select(Activation).where(Activation.addon == addon)).one_or_none()
    activation = found or Activation(addon=addon)
    activation.enabled_at = session.clock.now()
    activation.enabled_by = session.user_id
    activation.disabled_at = None
    activation.draining = False
    if found is None:
        session.add(activation)
    session.flush()
    return activation


def _activation(session: TenantSession, addon: str) -> Activation:
    return session.scalars(select(Activation).where(Activation.addon == addon)).one()


def _running(registry: AddonRegistry, names: Iterable[str]) -> list[str]:
    return [name for name in registry.running if name in names]


def _chain(registry: AddonRegistry, addon: str) -> list[str]:
    if addon not in registry.running:
        reason = registry.quarantined.get(addon, "it is not installed")
        raise AddonRefusedError(_("{addon} does not run here.", addon=addon), reason=reason)
    order: dict[str, None] = {}
    for required in registry.running[addon].requires:
        order |= dict.fromkeys(_chain(registry, required))
    return [*order, addon]

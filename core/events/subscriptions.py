"""Who consumes which event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.addons.parts import Consumer

if TYPE_CHECKING:
    from core.addons.registry import AddonRegistry


@dataclass(frozen=True, slots=True)
class Subscription:
    """A consumer and the addon it belongs to."""

    addon: str
    consumer: Consumer

    @property
    def key(self) -> str:
        """Name it in the inbox: ``<addon>.<consumer>``."""
        name = self.consumer.name
        return name if name.startswith(f"{self.addon}.") else f"{self.addon}.{name}"


class Subscriptions:
    """Every consumer of the installed addons, in load order, found by event."""

    def __init__(self, subscriptions: Iterable[Subscription]) -> None:
        self._all = tuple(subscriptions)
        self._by_event: dict[str, list[Subscription]] = {}
        for subscription in self._all:
            self._by_event.setdefault(subscription.consumer.event, []).append(subscription)

    def of(self, event: str) -> Sequence[Subscription]:
        """List who consumes ``event``."""
        return self._by_event.get(event, ())

    def queues(self) -> frozenset[str]:
        """Name every queue that somebody works in."""
        return frozenset(s.consumer.queue for s in self._all)

    def keys_of(self, addons: frozenset[str]) -> frozenset[str]:
        """Name the consumers of ``addons``, as the inbox does."""
        return frozenset(s.key for s in self._all if s.addon in addons)

    def queue_by_key(self) -> dict[str, str]:
        """Tell the queue of each consumer, named as the inbox does."""
        return {s.key: s.consumer.queue for s in self._all}

    def crosses_boundaries(self, queue: str) -> bool:
        """Tell whether a consumer of ``queue`` opens its own units of work."""
        return any(s.consumer.queue == queue and s.consumer.own_transactions for s in self._all)


def subscriptions_of(registry: AddonRegistry) -> list[Subscription]:
    """List the consumers of the addons that run here, in load order."""
    found = registry.everywhere.register_consumers()
    return [Subscription(addon, consumer) for addon, consumer in found]

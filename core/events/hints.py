"""Tells workers that something waits, so that they look at once instead of at the next sweep.

A hint carries the tenant and the row id, never data. It is sent after COMMIT; one that is lost,
late or doubled changes nothing, because the database row is the only queue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition
from typing import Final, Protocol
from uuid import UUID

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session

from core.db import trace
from core.tenancy.session import TenantSession

_log = structlog.get_logger(__name__)
_KEPT: Final = "guadua_hints"


@dataclass(frozen=True, slots=True)
class Hint:
    """Which row waits, whose it is, and in which queue."""

    tenant_id: int
    key: UUID
    queue: str


class Notifier(Protocol):
    """Passes hints on; never raises and never makes the caller wait."""

    def tell(self, hints: Iterable[Hint]) -> None:
        """Pass ``hints`` on to whoever may work on them."""
        ...


_notifiers: Final[list[Notifier]] = []


@contextmanager
def notifying(notifier: Notifier) -> Iterator[None]:
    """Pass every hint of this process to ``notifier`` inside the block."""
    _notifiers.append(notifier)
    try:
        yield
    finally:
        _notifiers.remove(notifier)


def announce(hints: Iterable[Hint]) -> None:
    """Tell that rows wait; call it after COMMIT only."""
    found = list(hints)
    if not found or not _notifiers:
        return
    trace.step("send", "hint")
    for notifier in tuple(_notifiers):
        try:
            notifier.tell(found)
        except Exception:  # noqa: BLE001 - the rows are committed; the sweeper finds them anyway
            _log.warning("events.hint_lost", exc_info=True)


def hint_after_commit(session: TenantSession, hint: Hint) -> None:
    """Announce ``hint`` when the session's transaction is committed; forget it if it is not."""
    session.info.setdefault(_KEPT, []).append(hint)


@event.listens_for(TenantSession, "after_commit")
def _announce_kept(session: Session) -> None:
    # A savepoint that ends says "commit" as well.
    if not session.in_nested_transaction():
        announce(session.info.pop(_KEPT, ()))


@event.listens_for(TenantSession, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_KEPT, None)


class LocalNotifier:
    """Wakes the worker threads of this process."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._count: dict[str, int] = {}

    def tell(self, hints: Iterable[Hint]) -> None:
        """Wake whoever waits for the queues of ``hints``."""
        self.wake(hint.queue for hint in hints)

    def wake(self, queues: Iterable[str]) -> None:
        """Wake whoever waits for ``queues``."""
        with self._changed:
            for queue in queues:
                self._count[queue] = self._count.get(queue, 0) + 1
            self._changed.notify_all()

    def seen(self, queue: str) -> int:
        """Count the hints so far; ask before looking for work, and wait for more than that."""
        with self._changed:
            return self._count.get(queue, 0)

    def wait(self, queue: str, *, after: int, timeout: float) -> bool:
        """Wait until a hint beyond the ``after``-th comes, or ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count.get(queue, 0) > after, timeout)

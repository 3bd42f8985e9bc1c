"""Kills a worker at every point of its work, once each, and lets another one finish.

Run by its test as a program of its own, because it forks: ``url tenant_id tenant_uid``. Prints how
many points there were. Every event must have counted exactly once after each kill.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[3]))

from sqlalchemy import func, select

import core.audit.models
import core.vault.models  # noqa: F401
from core.addons.parts import Consumer, Delivery, Event
from core.clock import SystemClock
from core.db import trace
from core.db.engine import Database, open_database
from core.db.uow import tenant_unit
from core.events.consumers import Task
from core.events.policy import Policy
from core.events.publish import publish
from core.events.subscriptions import Subscription
from core.events.worker import Worker
from core.tenancy import Establishment, TenantRef, TenantSession

SOLD = "pos.sale.completed.v1"
CLOCK = SystemClock()


class Everything:
    def enabled(self, session: TenantSession) -> frozenset[str]:
        return frozenset({"stock"})

    def draining(self, session: TenantSession) -> frozenset[str]:
        return frozenset()


def move(session: TenantSession, delivery: Delivery) -> None:
    session.add(Establishment(code=f"move {delivery.id}", name="moved"))


def send(task: Task, delivery: Delivery) -> None:
    """Cross a boundary: commits by itself, and is resumable because it asks first."""
    with task.unit(writes=True) as session:
        if session.get(Establishment, (session.tenant_id, delivery.id)) is None:
            session.add(Establishment(id=delivery.id, code=f"send {delivery.id}", name="sent"))


def worker_on(database: Database) -> Worker:
    consumers = [Consumer(SOLD, "move", move), Consumer(SOLD, "send", send, own_transactions=True)]
    subscriptions = [Subscription("stock", consumer) for consumer in consumers]
    # A lease of no time: what a dead worker held is due at once.
    policy = Policy(lease=0, batch=2, slow_batch=2)
    return Worker(database, CLOCK, subscriptions, Everything(), policy=policy)


def die_at(point: int) -> None:
    """End this process at the ``point``-th step it makes from now on."""
    passed = 0

    def count(_kind: str, _detail: str) -> None:
        nonlocal passed
        passed += 1
        if passed == point:
            os.kill(os.getpid(), signal.SIGKILL)

    trace.listeners.append(count)


def survives(worker: Worker, kill_at: int) -> bool:
    """Tell whether a child process that dies at point ``kill_at`` came to the end alive."""
    child = os.fork()
    if child == 0:
        # The parent's connections stay the parent's; its compiled statements are ours.
        worker.database.engine.dispose(close=False)
        die_at(kill_at)
        worker.drain()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return False
    assert os.waitstatus_to_exitcode(status) == 0, status
    return True


def counts(database: Database, tenant: TenantRef) -> dict[str, int]:
    with tenant_unit(database, tenant, CLOCK, writes=False) as session:
        query = select(Establishment.name, func.count(Establishment.id)).group_by(
            Establishment.name
        )
        return {row[0]: row[1] for row in session.execute(query)}


def main(url: str, tenant: TenantRef) -> int:
    worker = worker_on(open_database(url))
    happened, kill_at, alive = 0, 0, False
    while not alive:
        kill_at += 1
        with tenant_unit(worker.database, tenant, CLOCK, writes=True) as session:
            for n in range(2):
                publish(session, Event(SOLD, {"n": n}))
        happened += 2
        alive = survives(worker, kill_at)
        worker.drain()
        found = counts(worker.database, tenant)
        assert (found["moved"], found["sent"]) == (happened, happened), (kill_at, found)
    return kill_at - 1


if __name__ == "__main__":
    points = main(sys.argv[1], TenantRef(int(sys.argv[2]), UUID(sys.argv[3])))
    sys.stdout.write(f"{points}\n")

"""The worker process, or the worker beside the web: threads per queue, a sweeper, and an end.

Every thread looks again after ``sweep`` seconds whether or not a hint came, so nothing depends on
hints. Each queue has threads of its own: signing never waits behind reports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Event as Flag
from threading import Thread
from typing import Final

import structlog
from sqlalchemy import func, select

from core import metrics
from core.db.uow import platform_unit
from core.events.broker import PREFIX, BrokerNotifier, HintListener, hint_app
from core.events.hints import LocalNotifier, notifying
from core.events.models import Wakeup
from core.events.schedules import Schedules
from core.events.worker import Worker

_log = structlog.get_logger(__name__)
#: After an error of the database itself, a thread waits this long before it tries again.
_AFTER_ERROR: Final = 5.0
#: How often missing schedule rows are looked for, and depths measured. Seconds.
_UPKEEP: Final = 15.0


@dataclass
class Running:
    """Threads that work until ``stop``; several of these may run on one database."""

    worker: Worker
    schedules: Schedules
    #: Seconds between sweeps.
    sweep: float = 1.0
    #: Threads per queue, where it is not one.
    threads: Mapping[str, int] = field(default_factory=dict)
    broker_url: str | None = None
    broker_prefix: str = PREFIX
    local: LocalNotifier = field(default_factory=LocalNotifier)
    _stopping: Flag = field(default_factory=Flag)
    _threads: list[Thread] = field(default_factory=list)
    _ending: ExitStack = field(default_factory=ExitStack)

    def start(self) -> None:
        """Begin to work."""
        self._ending.enter_context(notifying(self.local))
        if self.broker_url:
            self._listen(self.broker_url)
        for queue in sorted(self.worker.queues()):
            for _ in range(self.threads.get(queue, 1)):
                self._thread(f"queue {queue}", self._work_queue(queue), queue)
        self._thread("schedules", self._run_schedules, "schedules")
        self._every("leases", self.worker.renew_leases, self.worker.policy.lease / 3)
        self._every("upkeep", self._keep_up, _UPKEEP)

    def stop(self, timeout: float = 30.0) -> bool:
        """Finish what is at hand, give the rest back; tell whether all ended within ``timeout``."""
        self._stopping.set()
        self.worker.stop()
        self.local.wake([*self.worker.queues(), "schedules"])
        for thread in self._threads:
            thread.join(timeout)
        self._ending.close()
        return not any(thread.is_alive() for thread in self._threads)

    def ask_to_stop(self) -> None:
        """Let ``wait`` return; may be called by a signal."""
        self._stopping.set()

    def wait(self) -> None:
        """Return when ``stop`` was called: for the main thread of a worker process."""
        while not self._stopping.wait(1.0):
            pass

    def _listen(self, url: str) -> None:
        app = hint_app(url, lambda hint: self.local.tell([hint]), prefix=self.broker_prefix)
        notifier = BrokerNotifier(app, prefix=self.broker_prefix)
        self._ending.callback(notifier.close)
        self._ending.enter_context(notifying(notifier))
        listener = HintListener(app, self.worker.queues(), prefix=self.broker_prefix)
        listener.start()
        self._ending.callback(listener.stop)

    def _work_queue(self, queue: str) -> Callable[[], bool]:
        return lambda: bool(self.worker.turn(queue))

    def _run_schedules(self) -> bool:
        return bool(self.schedules.turn())

    def _keep_up(self) -> None:
        self.schedules.plan()
        measure_outbox(self.worker)

    def _thread(self, name: str, turn: Callable[[], bool], queue: str) -> None:
        def loop() -> None:
            while not self._stopping.is_set():
                seen = self.local.seen(queue)
                try:
                    worked = turn()
                except Exception:  # noqa: BLE001 - the database may be away; it comes back
                    _log.exception("worker.turn_failed", thread=name)
                    self._stopping.wait(_AFTER_ERROR)
                    continue
                if not worked:
                    self.local.wait(queue, after=seen, timeout=self.sweep)

        self._start(name, loop)

    def _every(self, name: str, act: Callable[[], None], seconds: float) -> None:
        def loop() -> None:
            while True:
                try:
                    act()
                except Exception:  # noqa: BLE001 - as above
                    _log.exception("worker.turn_failed", thread=name)
                if self._stopping.wait(seconds):
                    return

        self._start(name, loop)

    def _start(self, name: str, loop: Callable[[], None]) -> None:
        thread = Thread(target=loop, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()


def measure_outbox(worker: Worker) -> None:
    """Tell Prometheus how much waits in each queue, and for how long the first has been due."""
    now = worker.clock.now()
    with platform_unit(worker.database, worker.clock, writes=False) as session:
        rows = session.execute(
            select(Wakeup.queue, func.count(), func.min(Wakeup.due_at)).group_by(Wakeup.queue)
        ).all()
    found = {queue: (number, oldest) for queue, number, oldest in rows}
    for queue in worker.queues() | found.keys():
        number, oldest = found.get(queue, (0, now))
        metrics.OUTBOX_DEPTH.labels(queue).set(number)
        metrics.OUTBOX_AGE.labels(queue).set(max(0.0, (now - oldest).total_seconds()))

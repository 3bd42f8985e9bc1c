"""The bridge to Celery: one task, whose message is only a hint.

With ``GUADUA_BROKER_URL`` (redis:// or amqp://) web processes send hints and workers wherever they
run hear them. The broker may lose everything it holds: the sweeper of every worker works it off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from queue import Empty, Full, Queue
from threading import Event as Flag
from threading import Thread
from typing import Any, Final
from uuid import UUID

import structlog
from celery import Celery

from core.events.hints import Hint, notifying

_log = structlog.get_logger(__name__)

TASK: Final = "guadua.hint"
PREFIX: Final = "guadua"
#: Hints kept while the broker is slow; more are dropped, the sweeper finds their rows.
_KEPT_AT_MOST: Final = 1000
#: Seconds without trying after the broker did not answer.
_PAUSE: Final = 5.0
#: Seconds that a process which ends waits for the hint being sent.
_CLOSING: Final = 2.0


def hint_app(url: str, on_hint: Callable[[Hint], object], *, prefix: str = PREFIX) -> Celery:
    """Make the Celery app; ``on_hint`` gets each hint (a worker's ``work_hint``, or a notifier).

    ``prefix`` keeps several installations apart on one broker.
    """
    app = Celery(prefix, broker=url, set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        task_publish_retry=False,
        task_default_queue=f"{prefix}.events",
        broker_connection_timeout=2,
        broker_connection_retry_on_startup=True,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_prefetch_multiplier=8,
        worker_cancel_long_running_tasks_on_connection_loss=True,
        broker_transport_options=_transport(url, prefix),
    )

    def hint(tenant_id: int, key: str, queue: str) -> None:
        on_hint(Hint(tenant_id, UUID(key), queue))

    # Not shared: two apps of one process must not get each other's task.
    app.task(name=TASK, ignore_result=True, shared=False)(hint)
    return app


def queue_names(queues: Iterable[str], prefix: str = PREFIX) -> list[str]:
    """Name the broker's queues of ``queues``."""
    return [f"{prefix}.{queue}" for queue in sorted(queues)]


class BrokerNotifier:
    """Sends hints from a thread of its own, so that a slow broker never slows a request.

    After a failure it forgets what it holds and takes no hints for a while: the sweeper of every
    worker finds their rows.
    """

    def __init__(self, app: Celery, *, prefix: str = PREFIX) -> None:
        self._app = app
        self._prefix = prefix
        self._hints: Queue[Hint] = Queue(_KEPT_AT_MOST)
        self._stopping = Flag()
        self._resting = Flag()
        self._thread = Thread(target=self._send_all, name="hints", daemon=True)
        self._thread.start()

    def tell(self, hints: Iterable[Hint]) -> None:
        """Queue ``hints`` for sending; drop those there is no place for."""
        if self._resting.is_set():
            return
        for hint in hints:
            try:
                self._hints.put_nowait(hint)
            except Full:
                return

    def close(self) -> None:
        """Send no more; a broker that does not answer is not waited for long."""
        self._stopping.set()
        self._thread.join(_CLOSING)

    def _send_all(self) -> None:
        while not self._stopping.is_set():
            try:
                hint = self._hints.get(timeout=0.2)
            except Empty:
                continue
            try:
                self._send(hint)
            except Exception as error:  # noqa: BLE001 - whatever a broker's driver raises
                _log.warning("events.broker_unreachable", reason=type(error).__name__)
                self._rest()

    def _rest(self) -> None:
        self._resting.set()
        with suppress(Empty):
            while True:
                self._hints.get_nowait()
        self._stopping.wait(_PAUSE)
        self._resting.clear()

    def _send(self, hint: Hint) -> None:
        self._app.send_task(
            TASK,
            args=(hint.tenant_id, str(hint.key), hint.queue),
            queue=f"{self._prefix}.{hint.queue}",
            # An old hint says nothing that the sweeper does not know.
            expires=600,
        )


@contextmanager
def sending_hints(url: str) -> Iterator[None]:
    """Send the hints of this process to the broker at ``url`` inside the block; "" sends none."""
    if not url:
        yield
        return
    with closing(hint_app(url, _not_ours)) as app:
        notifier = BrokerNotifier(app)
        try:
            with notifying(notifier):
                yield
        finally:
            notifier.close()


def _not_ours(hint: Hint) -> None:
    raise NotImplementedError(f"{hint} was given to a process that only sends")


class HintListener:
    """Hears hints inside a worker process, in a thread of its own."""

    def __init__(self, app: Celery, queues: Iterable[str], *, prefix: str = PREFIX) -> None:
        self._controller: Any = app.WorkController(
            app=app,
            hostname=f"{prefix}-hints@localhost",
            pool="solo",
            concurrency=1,
            queues=queue_names(queues, prefix),
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )
        self._app = app
        self._thread = Thread(target=self._listen, name="hint-listener", daemon=True)

    def start(self) -> None:
        """Listen until ``stop``."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self._controller.stop()
        self._thread.join(timeout=10)

    def _listen(self) -> None:
        # Celery finds its tasks through the current app, which is each thread's own.
        self._app.set_current()
        self._controller.start()


def _transport(url: str, prefix: str) -> dict[str, Any]:
    if not url.startswith(("redis://", "rediss://")):
        return {}
    return {
        "global_keyprefix": f"{prefix}:",
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "visibility_timeout": 300,
    }

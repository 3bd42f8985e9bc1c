"""The worker process: delivers events, runs schedules, signs and sends."""

from __future__ import annotations

import signal
import sys

from config.settings import Settings
from core.events.consumers import StoredActivation
from core.events.running import Running
from core.events.schedules import Planned, Schedules
from core.events.subscriptions import Subscriptions, subscriptions_of
from core.events.worker import Worker
from core.installation import Installation
from core.logs import set_up_logs
from core.platform.priority import yield_to_others
from core.upkeep import core_schedules


def assemble(place: Installation) -> Running:
    """Put a worker of every consumer and schedule of the installed addons together."""
    place.equip("worker")
    subscriptions = subscriptions_of(place.registry)
    activation = StoredActivation()
    worker = Worker(place.database, place.clock, subscriptions, activation)
    planned = [
        *core_schedules(Subscriptions(subscriptions)),
        *(Planned(addon, one) for addon, one in place.registry.everywhere.register_schedules()),
    ]
    schedules = Schedules(place.database, place.clock, planned, activation)
    return Running(worker, schedules, broker_url=place.settings.broker_url or None)


def main() -> int:
    """Work until told to stop."""
    settings = Settings.from_environment()
    set_up_logs(production=settings.profile == "production")
    if not settings.embedded:
        # On SQLite it holds the one write lock at times: the tills would wait for it all the more.
        yield_to_others()
    running = assemble(Installation(settings))
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: running.ask_to_stop())
    running.start()
    running.wait()
    return 0 if running.stop() else 1


if __name__ == "__main__":
    sys.exit(main())

"""Serves the application: gunicorn where there are forks, waitress on Windows tills.

Never with preloading: a preloaded application would go on serving the code of its first day.
Run by the supervisor as ``python -m core.web.serve``; ``web_service`` says how.
"""

from __future__ import annotations

import gc
import socket
import sys
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from config.settings import Settings
from core.clock import SystemClock
from core.platform.handover import (
    listen_on,
    received_sockets,
    stop_this_process,
    when_told_to_stop,
)
from core.platform.supervisor import Service

if TYPE_CHECKING:
    from flask import Flask

#: Seconds that a connection without a request stays open, and that begun answers have to end.
KEEP_ALIVE: Final = 15
GRACE: Final = 30
#: While it ends, a connection on which nothing is asked for this long is closed.
LINGER: Final = 2


def web_service(settings: Settings) -> Service:
    """Give the web as the supervisor runs it, its socket already open."""
    command = (sys.executable, "-m", "core.web.serve")
    return Service("web", command, listen_on(settings.host, settings.port))


def main() -> int:
    """Serve what the supervisor handed over, or the port of the settings, until told to stop."""
    # Nothing that is made until the application stands is garbage: looking for it takes a tenth of
    # the time until then.
    gc.disable()
    # Before the fork, so that the processes share what is loaded.
    import_module("core.app")
    settings = Settings.from_environment()
    sockets = received_sockets()
    serve = with_waitress if sys.platform == "win32" else with_gunicorn
    if sockets:
        return serve(settings, sockets, supervised=True)
    return serve(settings, [listen_on(settings.host, settings.port)])


def with_gunicorn(
    settings: Settings, sockets: list[socket.socket], *, supervised: bool = False
) -> int:
    """Serve with processes of threads; each process makes its own application."""
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - not there on Windows

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in _gunicorn_settings(settings, sockets).items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return application(settings, ending)

    if supervised:
        when_told_to_stop(stop_this_process)
    # A forked process leaves through here as well, with what it opened itself.
    with ExitStack() as ending:
        Server().run()
    return 0


def with_waitress(
    settings: Settings, sockets: list[socket.socket], *, supervised: bool = False
) -> int:
    """Serve with threads of this process."""
    from waitress import wasyncore  # noqa: PLC0415 - only here
    from waitress.channel import HTTPChannel  # noqa: PLC0415
    from waitress.server import BaseWSGIServer, create_server  # noqa: PLC0415

    connections: dict[int, Any] = {}
    stopping, ending = Event(), ExitStack()
    create_server(
        application(settings, ending),
        map=connections,
        sockets=sockets,
        threads=settings.threads,
        channel_timeout=KEEP_ALIVE,
        ident="guadua",
        clear_untrusted_proxy_headers=False,
    )
    if supervised:
        when_told_to_stop(stopping.set)
    while not stopping.is_set():
        wasyncore.loop(timeout=0.5, map=connections, count=1)
    # What it does itself when told to close is to drop what it has begun.
    for each in [one for one in connections.values() if isinstance(one, BaseWSGIServer)]:
        each.del_channel(connections)
    until = monotonic() + GRACE
    while monotonic() < until and any(isinstance(o, HTTPChannel) for o in connections.values()):
        wasyncore.loop(timeout=0.1, map=connections, count=1)
        _hang_up_idle(connections, HTTPChannel)
    ending.close()
    return 0


def application(settings: Settings, ending: ExitStack) -> Flask:
    """Make the application of one process, whose hints go to the broker until ``ending`` closes.

    A broker that is away, or goes away, changes nothing but how soon a worker looks. What the
    application consists of is not looked through for garbage later.
    """
    from core.app import create_app  # noqa: PLC0415 - made, as all of it, while nobody collects

    if settings.broker_url:
        from core.events.broker import sending_hints  # noqa: PLC0415 - Celery, only where used

        ending.enter_context(sending_hints(settings.broker_url))
    app = create_app(settings)
    gc.freeze()
    gc.enable()
    return app


def _hang_up_idle(connections: dict[int, Any], channel: type[Any]) -> None:
    """Let go of connections on which nothing was asked for a while."""
    for one in list(connections.values()):
        if isinstance(one, channel) and not one.requests and _idle(one) > LINGER:
            one.will_close = True


def _idle(channel: Any) -> float:
    # Their clock is the machine's: only the distance counts.
    return float(SystemClock().now().timestamp() - channel.last_activity)


def _gunicorn_settings(settings: Settings, sockets: list[socket.socket]) -> dict[str, object]:
    memory = Path("/dev/shm")  # noqa: S108 - only a heartbeat, and no disk may stall it
    return {
        # Detached: gunicorn takes the descriptors over and closes them itself.
        "bind": [f"fd://{each.detach()}" for each in sockets],
        "worker_class": "gthread",
        "workers": settings.processes,
        "threads": settings.threads,
        "worker_tmp_dir": str(memory) if memory.is_dir() else None,
        "preload_app": False,
        "keepalive": KEEP_ALIVE,
        "graceful_timeout": GRACE,
        "timeout": 60,
        "loglevel": "warning",
        "proc_name": "guadua-web",
        "control_socket_disable": True,
        "forwarded_allow_ips": "",
    }


if __name__ == "__main__":
    sys.exit(main())

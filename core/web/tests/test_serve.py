"""Processes that serve: started, replaced under load, ended; with real sockets."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Self

import httpx
import pytest

from config.settings import Settings
from core.addons.lifecycle import Owner, bump_generation, migrate_core
from core.clock import SystemClock
from core.db.engine import open_owner
from core.events.broker import HintListener, hint_app
from core.events.hints import Hint, announce
from core.ids import uuid7
from core.platform.handover import listen_on
from core.platform.supervisor import Service, Supervisor
from core.testing.services import RedisServer
from core.web.serve import application

pytestmark = pytest.mark.services


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in [name for name in os.environ if name.startswith("GUADUA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GUADUA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GUADUA_THREADS", "4")
    found = Settings.from_environment()
    migrate_core(Owner.at(found.database_url, found.database_url), SystemClock())
    return found


@contextmanager
def running(service: Service) -> Iterator[Supervisor]:
    supervisor, ready = Supervisor([service]), Event()
    thread = Thread(target=supervisor.run, args=(ready.set,))
    thread.start()
    try:
        assert ready.wait(60), "it did not become ready"
        yield supervisor
    finally:
        supervisor.stop()
        thread.join(60)
        assert service.public
        service.public.close()
        assert not thread.is_alive()


class Load:
    """Knocks all the time; remembers every answer that was not a good one."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answers = 0
        self.failures: list[str] = []
        self._stop = Event()
        self._threads = [
            Thread(target=self._knock, args=(keep_alive,)) for keep_alive in (False, False, True)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _knock(self, keep_alive: bool) -> None:
        headers = {} if keep_alive else {"Connection": "close"}
        with httpx.Client(timeout=20) as client:
            while not self._stop.is_set():
                try:
                    answer = client.get(f"{self.url}/login", headers=headers)
                    self.answers += 1
                    if answer.status_code not in {200, 307}:
                        self.failures.append(str(answer.status_code))
                except httpx.HTTPError as error:
                    self.failures.append(repr(error))


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    until = monotonic() + seconds
    while not what():
        assert monotonic() < until, "it did not happen"
        sleep(0.05)


def pids(supervisor: Supervisor) -> set[int]:
    return {child.process.pid for child in supervisor._children.values()}


def url_of(service: Service) -> str:
    assert service.public
    return f"http://127.0.0.1:{service.public.getsockname()[1]}"


def web(*command: str) -> Service:
    usual = (sys.executable, "-m", "core.web.serve")
    return Service("web", command or usual, listen_on("127.0.0.1", 0))


def test_what_the_web_hints_at_is_heard_over_the_broker(
    settings: Settings, redis_alone: RedisServer
) -> None:
    hint, heard = Hint(1, uuid7(), "events"), list[Hint]()
    with ExitStack() as ending:
        app = application(replace(settings, broker_url=redis_alone.url), ending)
        listener = HintListener(hint_app(redis_alone.url, heard.append), ["events"])
        listener.start()
        announce([hint])
        wait_for(lambda: heard == [hint])
        listener.stop()
        redis_alone.stop()
        announce([hint])
        assert app.test_client().get("/healthz").status_code == 200


def test_no_request_fails_while_processes_are_replaced(settings: Settings) -> None:
    service = web()
    with running(service) as supervisor, Load(url_of(service)) as load:
        first = pids(supervisor)
        bumping = open_owner(settings.database_url)
        with bumping.begin() as connection:
            bump_generation(connection)
        bumping.dispose()
        wait_for(lambda: pids(supervisor) != first)
        second = pids(supervisor)
        told = httpx.get(f"{url_of(service)}/readyz", timeout=20).json()
        assert told["current"]
        supervisor.replace()
        wait_for(lambda: pids(supervisor) != second)
        sleep(1)
        assert load.answers > 50
        assert load.failures == []


def test_a_child_that_dies_is_started_again(settings: Settings) -> None:
    service = web()
    with running(service) as supervisor:
        (pid,) = pids(supervisor)
        os.kill(pid, 9)
        wait_for(lambda: pids(supervisor) not in ({pid}, set()))
        assert httpx.get(f"{url_of(service)}/healthz", timeout=20).text == "ok\n"


def test_a_successor_that_is_not_ready_leaves_the_old_one_serving(
    settings: Settings, tmp_path: Path
) -> None:
    service = web()
    with running(service) as supervisor:
        before = pids(supervisor)
        (tmp_path / "secret.key").write_text("broken")
        supervisor.replace()
        sleep(4)
        assert pids(supervisor) == before
        assert httpx.get(f"{url_of(service)}/healthz", timeout=20).status_code == 200


def test_tills_on_windows_serve_with_threads_of_one_process(settings: Settings) -> None:
    program = (
        "from core.web import serve; from config.settings import Settings; "
        "from core.platform.handover import received_sockets; "
        "serve.with_waitress(Settings.from_environment(), received_sockets(), supervised=True)"
    )
    service = web(sys.executable, "-c", program)
    with running(service) as supervisor, Load(url_of(service)) as load:
        first = pids(supervisor)
        supervisor.replace()
        wait_for(lambda: pids(supervisor) != first)
        sleep(1)
        assert load.answers > 20
        assert load.failures == []

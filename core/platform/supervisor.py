"""Keeps the processes of one machine alive and replaces them without a failed request.

A new child serves the same listening socket as the old one. Only when it says that it is ready is
the old one asked to finish: whoever knocks meanwhile waits in the kernel's queue, which is shared.
"""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Event
from time import monotonic
from typing import Final, Literal

import orjson
import structlog

from core.platform.handover import ask_to_stop, hang_up, listen_on, start

#: Seconds between two looks at the children.
LOOK_EVERY: Final = 1.0
#: Seconds until a child must be ready, and until one that finishes is ended.
READY_WITHIN: Final = 90.0
FINISHED_WITHIN: Final = 45.0
#: A child that dies is started again after 1, 2, 4 … seconds, at most this many.
LONGEST_PAUSE: Final = 30.0

log = structlog.get_logger(__name__)

Answer = Literal["ready", "outdated", "silent"]


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of child. ``public`` is the socket it serves; without one it only has to live."""

    name: str
    command: tuple[str, ...]
    public: socket.socket | None = None


@dataclass(slots=True)
class Child:
    """A running process, and the private socket on which the supervisor asks how it is."""

    service: Service
    process: subprocess.Popen[bytes]
    private: socket.socket | None
    began: float = field(default_factory=monotonic)

    @property
    def lives(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def ask(self) -> Answer:
        """Ask the child, and no other that serves the same public socket, how it is."""
        if self.private is None:
            return "ready" if self.lives else "silent"
        host, port = self.private.getsockname()[:2]
        connection = HTTPConnection(host, port, timeout=5)
        try:
            connection.request("GET", "/readyz", headers={"Connection": "close"})
            answer = connection.getresponse()
            told = orjson.loads(answer.read())
        except (OSError, HTTPException, orjson.JSONDecodeError):
            return "silent"
        finally:
            connection.close()
        if answer.status != 200:
            return "silent"
        return "ready" if told.get("current", True) else "outdated"

    def ask_to_finish(self) -> None:
        """Ask the child to end: by its line if it serves a socket, else by a signal."""
        if self.private is not None:
            ask_to_stop(self.process)
        elif self.lives:
            self.process.terminate()

    def finish(self) -> None:
        """Let the child answer what it has begun, then end it."""
        self.ask_to_finish()
        try:
            self.process.wait(FINISHED_WITHIN)
        except subprocess.TimeoutExpired:
            log.warning("child_killed", service=self.service.name, pid=self.process.pid)
            self.process.kill()
            self.process.wait()
        self.close()

    def close(self) -> None:
        """Close what belongs to the child on this side."""
        hang_up(self.process)
        if self.private is not None:
            self.private.close()


class Supervisor:
    """Runs services until it is told to stop."""

    def __init__(self, services: Sequence[Service]) -> None:
        self._services = tuple(services)
        self._children: dict[str, Child] = {}
        self._stopping = Event()
        self._woken = Event()
        self._replace_all = False
        self._failures: dict[str, int] = {}
        self._not_before: dict[str, float] = {}

    def run(self, when_ready: Callable[[], None] | None = None) -> int:
        """Start everything, look after it, and stop everything; gives the exit code."""
        try:
            for service in self._services:
                if not self._start(service):
                    log.error("child_not_ready", service=service.name)
                    return 1
            if when_ready is not None:
                when_ready()
            while not self._stopping.is_set():
                self._woken.wait(LOOK_EVERY)
                self._woken.clear()
                self._look()
        finally:
            # Wait for all together: each was asked before the first is waited for.
            for child in self._children.values():
                child.ask_to_finish()
            for child in self._children.values():
                child.finish()
        return 0

    def stop(self) -> None:
        """Let ``run`` come to its end; may be called by a signal or another thread."""
        self._stopping.set()
        self._woken.set()

    def replace(self) -> None:
        """Let every child be replaced; may be called by a signal or another thread."""
        self._replace_all = True
        self._woken.set()

    def listen_to_signals(self) -> None:
        """Stop on SIGTERM and SIGINT, replace on SIGHUP; only in the main thread."""
        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda *_: self.stop())
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, lambda *_: self.replace())

    def _look(self) -> None:
        answers = {name: child.ask() for name, child in self._children.items()}
        wanted, self._replace_all = self._replace_all, False
        # One that asks no database cannot know that it is old: it goes with the others.
        if wanted or "outdated" in answers.values():
            for service in self._services:
                self._replace(service)
            return
        for service in self._services:
            child = self._children.get(service.name)
            if child is None or not child.lives:
                self._revive(service)

    def _replace(self, service: Service) -> None:
        old = self._children.get(service.name)
        if not self._start(service):
            log.error("child_not_replaced", service=service.name)
        elif old is not None:
            old.finish()
            log.info("child_replaced", service=service.name)

    def _revive(self, service: Service) -> None:
        now = monotonic()
        if now < self._not_before.get(service.name, 0):
            return
        dead = self._children.pop(service.name, None)
        if dead is not None:
            log.error("child_died", service=service.name, code=dead.process.returncode)
            dead.close()
            if now - dead.began > LONGEST_PAUSE:
                self._failures.pop(service.name, None)
        failures = self._failures[service.name] = self._failures.get(service.name, 0) + 1
        self._not_before[service.name] = now + min(2.0 ** (failures - 1), LONGEST_PAUSE)
        self._start(service)

    def _start(self, service: Service) -> bool:
        """Start a child and make it the service's one when it is ready; else end it."""
        private = listen_on("127.0.0.1", 0) if service.public is not None else None
        sockets = [each for each in (service.public, private) if each is not None]
        child = Child(service, start(service.command, sockets), private)
        if self._becomes_ready(child):
            self._children[service.name] = child
            return True
        child.process.kill()
        child.process.wait()
        child.close()
        return False

    def _becomes_ready(self, child: Child) -> bool:
        until = monotonic() + READY_WITHIN
        while child.lives and monotonic() < until and not self._stopping.is_set():
            if child.ask() != "silent":
                return True
            self._stopping.wait(0.1)
        return False

"""One business's whole system in a process that may be killed, and the client that talks to it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import orjson
from flask import Flask
from sqlalchemy import func, inspect, select
from sqlalchemy import text as plain

from core.addons.registry import AddonRegistry
from core.app import Parts, create_app
from core.db import trace
from core.db.engine import Database, open_database, open_owner
from core.db.uow import platform_unit
from core.events.consumers import StoredActivation
from core.events.models import Wakeup
from core.events.policy import Policy
from core.events.schedules import Planned, Schedules
from core.events.subscriptions import Subscription
from core.events.worker import Worker
from core.files import FileStore
from core.process import Process, equip
from core.tenancy import TenantRef
from core.tenancy.cache import forget
from core.testing.house import House
from core.testing.web import ORIGIN, settings_for
from core.upkeep import core_schedules
from core.vault.services import open_vault
from core.verify import verify

#: How far the clock may be moved until everything that waits is done.
PATIENCE: Final = timedelta(days=2)
#: Longer than any lease: what a killed process held is free again.
AFTER_A_CRASH: Final = timedelta(minutes=11)


class SharedClock:
    """A clock in a file, the same for every process that opens it; moves only when told."""

    def __init__(self, path: Path, at: datetime | None = None) -> None:
        self._path = path
        if at is not None:
            self._write(at)

    def now(self) -> datetime:
        """Tell the time."""
        return datetime.fromtimestamp(int(self._path.read_bytes()) / 1_000_000, UTC)

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self._write(self.now() + by)

    def _write(self, at: datetime) -> None:
        # Always as many digits: a process killed here leaves the old time or the new one.
        micros = f"{round(at.timestamp() * 1_000_000):020d}".encode()
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.write(descriptor, micros)
        os.close(descriptor)


@dataclass
class World:
    """A system over one database and one folder, as a process that just started sees it."""

    url: str
    owner_url: str
    folder: Path
    registry: AddonRegistry

    @cached_property
    def clock(self) -> SharedClock:
        """The time that all processes share."""
        return SharedClock(self.folder / "clock")

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What was noted when the business was set up."""
        found: dict[str, Any] = orjson.loads((self.folder / "facts.json").read_bytes())
        return found

    @cached_property
    def web(self) -> Database:
        """The database as the web process has it: it cannot open signing keys."""
        return self._open("web")

    @cached_property
    def back(self) -> Database:
        """The database as the worker has it."""
        return self._open("worker")

    @cached_property
    def app(self) -> Flask:
        """The whole application."""
        owner = TenantRef(1, self.facts["tenant"])
        house = House(self.web, self.owner_url, self.clock, owner, owner)
        brought = Parts(clock=self.clock, database=self.web, registry=self.registry)
        return create_app(settings_for(house, self.folder), brought)

    @cached_property
    def worker(self) -> Worker:
        """A worker of every queue."""
        found = self.registry.everywhere.register_consumers()
        return Worker(
            self.back,
            self.clock,
            [Subscription(addon, consumer) for addon, consumer in found],
            StoredActivation(),
            policy=Policy(chance=lambda: 0.0),
        )

    @cached_property
    def schedules(self) -> Schedules:
        """Whatever is done from time to time."""
        own = self.registry.everywhere.register_schedules()
        planned = [
            *core_schedules(self.worker.subscriptions),
            *(Planned(addon, schedule) for addon, schedule in own),
        ]
        return Schedules(self.back, self.clock, planned, StoredActivation())

    def again(self) -> World:
        """Give the same system as a process sees it that just started.

        Nothing is remembered; only statements that were compiled are kept with their engine.
        """
        forget()
        fresh = World(self.url, self.owner_url, self.folder, self.registry)
        fresh.web, fresh.back = self.web, self.back
        fresh._equip(fresh.web, "web")
        fresh._equip(fresh.back, "worker")
        fresh.make_ready()
        return fresh

    def make_ready(self) -> None:
        """Start what serves, and leave no connection open: a fork would share it."""
        _ready = self.app, self.worker, self.schedules
        self.web.dispose()
        self.back.dispose()

    def work(self) -> None:
        """Do what is due now."""
        self.worker.drain()
        self.schedules.plan()
        self.schedules.turn()

    def wait(self) -> bool:
        """Let time pass until the next thing is due; tell whether there is one."""
        due = self._next_due()
        if due is not None:
            self.clock.advance(max(timedelta(seconds=1), due - self.clock.now()))
        return due is not None

    def settle(self) -> None:
        """Let time pass until nothing waits any more."""
        end = self.clock.now() + PATIENCE
        self.clock.advance(AFTER_A_CRASH)
        self.work()
        while self.wait():
            if self.clock.now() > end:
                raise AssertionError(f"something still waits after {PATIENCE}")
            self.work()
        # Whatever the last event wrote is sealed by the next run of the sealer.
        self.clock.advance(timedelta(minutes=1))
        self.work()

    def problems(self) -> list[str]:
        """Say what breaks an invariant, or was given up on."""
        broken = [
            f"{found.addon} {found.invariant}: {found.text}"
            for found in verify(self.back, self.clock, self.registry)
        ]
        return [*broken, *self._dead()]

    def counts(self) -> dict[str, int]:
        """Count the rows of every table, all businesses together."""
        engine = open_owner(self.owner_url)
        with engine.connect() as connection:
            names = sorted(inspect(connection).get_table_names())
            each = (f"SELECT '{name}', count(*) FROM \"{name}\"" for name in names)
            rows = connection.execute(plain(" UNION ALL ".join(each)))
            counted = {str(name): int(number) for name, number in rows}
        engine.dispose()
        return counted

    def _dead(self) -> list[str]:
        engine = open_owner(self.owner_url)
        query = "SELECT last_error FROM core_inbox WHERE state = 'dead'"
        with engine.connect() as connection:
            found = [f"given up on: {error}" for (error,) in connection.execute(plain(query))]
        engine.dispose()
        return found

    def _next_due(self) -> datetime | None:
        with platform_unit(self.back, self.clock, writes=False) as session:
            return session.scalar(select(func.min(Wakeup.due_at)))

    def _open(self, process: str) -> Database:
        opened = open_database(self.url)
        self._equip(opened, process)
        return opened

    def _equip(self, opened: Database, process: str) -> None:
        keys = self.folder / "app.key", self.folder / "signing.key"
        vault = open_vault(*keys, process="worker" if process == "worker" else "web")
        equip(opened, Process(self.registry, vault, FileStore(self.folder), self.folder))


class Client:
    """A till's side: sends one request, and writes down on disk what was acknowledged.

    The log is what the promise is held against: acknowledged means there, exactly once.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._log = world.folder / "client.log"

    def send(self) -> Any:
        """Send the request, the same every time."""
        wanted: Mapping[str, Any] = self._world.facts["request"]
        answer = self._world.app.test_client().open(
            wanted["path"],
            method="POST",
            json=wanted["body"],
            headers={"Authorization": f"Bearer {self._world.facts['token']}"},
            base_url=ORIGIN,
        )
        trace.step("reply", wanted["path"])
        if answer.status_code >= 300:
            raise AssertionError(f"{wanted['path']} answered {answer.status}: {answer.text}")
        with self._log.open("ab") as log:
            log.write(orjson.dumps(answer.json) + b"\n")
            log.flush()
            os.fsync(log.fileno())
        trace.step("acknowledged", wanted["path"])
        return answer.json

    def acknowledged(self) -> list[Any]:
        """Read every answer that arrived."""
        if not self._log.exists():
            return []
        return [orjson.loads(line) for line in self._log.read_bytes().splitlines()]

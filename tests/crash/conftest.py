from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from core.db.base import Base
from core.testing.addons import all_addons
from core.testing.crash import CrashServer, Ended
from core.testing.databases import TestDatabases
from core.testing.house import create_tables
from core.testing.shared import ROOT
from tests.crash.authority import FAULTS, Authority
from tests.crash.copies import Copy, copy_of

_serial = count(1)


@dataclass
class Stage:
    """One prepared system and a copy of it, made anew for each run that is ended somewhere."""

    server: CrashServer
    databases: TestDatabases
    flow: str
    template: str
    prepared: Path
    folder: Path
    authority: Authority | None = None
    _name: str = field(default_factory=lambda: f"k{next(_serial)}")
    _copy: Copy | None = None

    def renew(self) -> dict[str, Any]:
        """Make everything as it was prepared; give the order's part that names it."""
        self._close()
        if self._copy:
            self._copy.renew()
        else:
            self._copy = copy_of(self.databases, self.template, self._name)
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.prepared, self.folder)
        if self.authority:
            self.authority.open(self.folder)
        return {
            "flow": self.flow,
            "url": self.databases.application_url(self._name),
            "owner_url": self.databases.owner_url(self._name),
            "folder": str(self.folder),
        }

    def warm(self) -> None:
        """Have every run start from a process that is ready to serve."""
        self.server.order("warm", self.renew())

    def whole(self) -> tuple[Ended, Ended]:
        """Run the flow to its end, and come back as after a crash: what every crash must equal."""
        order = self.renew()
        return self.server.order("run", order), self.server.order("recover", order)

    def ended_at(self, point: int, *, cold: bool) -> tuple[bool, dict[str, Any]]:
        """Kill the flow at a point and come back; tell if it was killed, and what was found.

        What comes back ``cold`` is started after the crash, and not forked from a warm process.
        """
        order = self.renew()
        ran = self.server.order("run", order, crash_at=point)
        recovered = self.server.order("recover", {**order, "cold": cold}).value
        if self.authority:
            recovered["problems"] += self.authority.problems(recovered["code"])
        return ran.killed, recovered

    def tidy(self) -> None:
        """Drop what was copied."""
        self._close()
        self.databases.drop(self._name)

    def _close(self) -> None:
        if self.authority:
            self.authority.close()


@pytest.fixture(scope="session")
def crash_server() -> Iterator[CrashServer]:
    server = CrashServer("tests.crash.server", ROOT)
    yield server
    server.stop()


@pytest.fixture
def stage(
    request: pytest.FixtureRequest,
    crash_server: CrashServer,
    databases: TestDatabases,
    tmp_path: Path,
) -> Iterator[Stage]:
    """Set the system up once per flow, engine and process of the run."""
    flow: str = request.param
    prepared, folder = tmp_path / "prepared", tmp_path / "copy"
    prepared.mkdir()
    authority = Authority(FAULTS[flow]) if flow in FAULTS else None
    if authority:
        authority.prepare(prepared)
    template = f"crash{os.getpid()}{next(_serial)}"
    order = {"flow": flow, "folder": str(prepared)}

    def fill(owner_url: str, url: str) -> None:
        if flow == "install":
            crash_server.order("platform", {**order, "owner_url": owner_url, "url": url})
            return
        registry = all_addons()
        wanted = {*registry.running, "core"}
        tables = [t for t in Base.metadata.sorted_tables if t.info.get("addon") in wanted]
        create_tables(owner_url, url, tables)
        service = authority.service if authority else ""
        given = {**order, "owner_url": owner_url, "url": url, "service": service}
        crash_server.order("prepare", given)

    databases.template(template, fill)
    opened = Stage(crash_server, databases, flow, template, prepared, folder, authority)
    opened.warm()
    yield opened
    opened.tidy()
    databases.drop(template)

"""Where the tutorial is followed: a database of two shops, and a folder of addons beside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path
from socket import socket
from time import monotonic, sleep

import httpx
from sqlalchemy.engine import URL

from core.addons.discovery import discover
from core.addons.loading import unload
from core.addons.registry import AddonRegistry
from core.app import Parts, create_app
from core.events.consumers import StoredActivation
from core.events.subscriptions import Subscription
from core.events.worker import Worker
from core.testing.house import House
from core.testing.web import Site, open_site, settings_for
from tests.architecture.tree import ROOT
from tests.tutorial.guide import Section

#: Installed before the tutorial begins.
SHOP = ("contacts", "taxes", "catalog", "ledger", "inventory", "pos")


@dataclass
class Workplace:
    """One run of the tutorial."""

    house: House
    place: Path
    folder: Path
    #: The people of both shops are made with the first application.
    opened: bool = False

    @property
    def environment(self) -> dict[str, str]:
        """Give what the reader's shell has set."""
        url: URL = self.house.database.engine.url
        return {
            **{name: value for name, value in os.environ.items() if "GUADUA" not in name},
            "GUADUA_DATABASE_URL": url.render_as_string(hide_password=False),
            "GUADUA_OWNER_DATABASE_URL": self.house.owner_url,
            "GUADUA_ADDONS_PATH": str(self.place),
            "GUADUA_DATA_DIR": str(self.folder / "data"),
        }

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``manage.py`` as a process of its own."""
        said = [part.replace("$BUSINESS", str(self.house.bakery.uid)) for part in arguments]
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *said],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def follow(self, section: Section) -> str:
        """Write its files, run its commands, and give what they printed."""
        self.forget()
        section.write(self.place)
        told = ""
        for command, refused in section.commands:
            done = self.manage(*command)
            if done.returncode != (1 if refused else 0):
                raise AssertionError(f"{command}: {done.returncode} {done.stdout}{done.stderr}")
            told += done.stdout + done.stderr
        return told

    def start_with(self, *written: Section) -> None:
        """Install and enable the addon as these sections leave it, by the shortest way."""
        for section in written:
            section.write(self.place)
        for command in (
            ("makemigration", "hours", "-m", "First tables"),
            ("install", "hours"),
            ("enable", "hours", "--tenant", "$BUSINESS"),
        ):
            done = self.manage("addon", *command)
            if done.returncode:
                raise AssertionError(f"{command}: {done.stdout}{done.stderr}")

    def open(self) -> Site:
        """Start the application with the code as it is now."""
        self.forget()
        found = discover([self.place])
        registry = AddonRegistry()
        registry.load(found, {*SHOP, "hours"})
        registry.configure()
        if registry.quarantined:
            raise AssertionError(dict(registry.quarantined))
        if self.opened:
            settings = settings_for(self.house, self.folder, addons_path=(self.place,))
            brought = Parts(clock=self.house.clock, database=self.house.database, registry=registry)
            return Site(self.house, create_app(settings, brought))
        self.opened = True
        return open_site(self.house, self.folder, registry, addons_path=(self.place,))

    def forget(self) -> None:
        """Leave the code of the addon, as a process that is replaced does."""
        unload("hours")
        for source in self.place.rglob("*.py"):
            Path(cache_from_source(str(source))).unlink(missing_ok=True)

    def leave(self) -> None:
        """Forget the addon, and where it was."""
        self.forget()
        package = sys.modules["addons"]
        here = str(self.place.resolve())
        package.__path__ = [place for place in package.__path__ if place != here]

    def work(self, registry: AddonRegistry) -> dict[str, int]:
        """Let the worker handle every event that waits."""
        consumers = registry.everywhere.register_consumers()
        subscriptions = [Subscription(addon, consumer) for addon, consumer in consumers]
        worker = Worker(self.house.database, self.house.clock, subscriptions, StoredActivation())
        return dict(worker.drain())


@contextmanager
def served(workplace: Workplace) -> Iterator[str]:
    """Run ``manage.py run`` until the block ends, and give its address."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**workplace.environment, "PORT": str(port), "GUADUA_PROCESSES": "1"}
    log = workplace.folder / "server.log"
    with log.open("w") as told:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "run"],
            cwd=workplace.folder,
            env=environment,
            stdout=told,
            stderr=told,
            start_new_session=True,
        )
    address = f"http://localhost:{port}"
    try:
        until = monotonic() + 60
        while not _answers(address):
            if process.poll() is not None or monotonic() > until:
                raise AssertionError(f"the server did not start: {log.read_text()}")
            sleep(0.2)
        yield address
    finally:
        # With its web and its worker: how they end politely is tested where they are at home.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(60)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz").status_code == 200
    except httpx.TransportError:
        return False

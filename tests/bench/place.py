"""A fresh installation for figures: every addon installed, in a database of its own.

On PostgreSQL everything runs as the application's role, which row-level security binds; the owner
only installs, fills past sales and analyses.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Literal

import psycopg

from config.settings import Settings
from core.addons.lifecycle import install, migrate_core
from core.clock import SystemClock
from core.db.engine import driver_url
from core.installation import Installation
from core.testing.databases import SqliteFolder, TestCluster, TestDatabases, drop_run, run_name
from core.testing.services import find_postgres, free_port

Engine = Literal["postgresql", "sqlite"]
ENGINES: Final[tuple[Engine, ...]] = ("postgresql", "sqlite")
#: Installing takes seconds: it is done once per run, and every place begins with a copy.
_INSTALLED: Final = "installed"
_held: Final[dict[Engine, tuple[TestDatabases, Path]]] = {}


@dataclass(frozen=True, slots=True)
class Place:
    """One installation: ``environment`` is what its processes are started with."""

    engine: Engine
    environment: dict[str, str]
    installation: Installation
    databases: TestDatabases

    @property
    def settings(self) -> Settings:
        """Tell what it was set up with."""
        return self.installation.settings

    def owner(self) -> psycopg.Connection:
        """Open a connection of the owner (PostgreSQL), in autocommit."""
        return psycopg.connect(_plain(self.settings.owner_database_url), autocommit=True)

    def application(self) -> str:
        """Give the application's URL as psycopg takes it (PostgreSQL)."""
        return _plain(self.settings.database_url)

    def analyse(self) -> None:
        """Tell the planner what is there now; plans made for empty tables stay slow."""
        if self.engine == "postgresql":
            with self.owner() as connection:
                connection.execute("VACUUM ANALYZE")


@contextmanager
def databases_for(engine: Engine) -> Iterator[tuple[TestDatabases, Path]]:
    """Give throw-away databases and a folder; all of it is gone afterwards.

    Inside of another block for the same engine they are those of that block.
    """
    if engine in _held:
        yield _held[engine]
        return
    with _made(engine) as made:
        _held[engine] = made
        try:
            yield made
        finally:
            del _held[engine]


@contextmanager
def _made(engine: Engine) -> Iterator[tuple[TestDatabases, Path]]:
    with tempfile.TemporaryDirectory(prefix="guadua-bench-") as name:
        folder = Path(name)
        if engine == "sqlite":
            yield SqliteFolder(folder), folder
            return
        server = find_postgres(folder)
        run = run_name(SystemClock().now(), secrets.token_hex(3))
        try:
            yield TestCluster(server, run), folder
        finally:
            drop_run(server, run)
            server.stop()


@contextmanager
def open_place(
    databases: TestDatabases, folder: Path, engine: Engine, name: str = "bench"
) -> Iterator[Place]:
    """Give a database with every addon installed and no business; it is dropped at the end."""
    databases.template(_INSTALLED, partial(_install, folder / _INSTALLED))
    databases.copy(_INSTALLED, name)
    environment = _environment(
        folder / name, databases.application_url(name), databases.owner_url(name)
    )
    place = Installation(Settings.from_environment(environment))
    try:
        place.create_keys()
        place.equip("worker")
        yield Place(engine, {**_inherited(folder), **environment}, place, databases)
    finally:
        place.owner.engine.dispose()
        place.database.dispose()
        databases.drop(name)
        shutil.rmtree(folder / name)


def _install(folder: Path, owner_url: str, url: str) -> None:
    """Make the tables of the core and of every addon."""
    place = Installation(Settings.from_environment(_environment(folder, url, owner_url)))
    try:
        migrate_core(place.owner, place.clock)
        for addon in place.discovery.found:
            install(place.owner, place.discovery, addon, place.clock)
    finally:
        place.owner.engine.dispose()


def _environment(folder: Path, url: str, owner_url: str) -> dict[str, str]:
    folder.mkdir()
    port = free_port()
    return {
        "GUADUA_PROFILE": "development",
        "GUADUA_DATABASE_URL": url,
        "GUADUA_OWNER_DATABASE_URL": owner_url,
        "GUADUA_DATA_DIR": str(folder),
        "GUADUA_SECRET_KEY": secrets.token_urlsafe(32),
        "GUADUA_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "GUADUA_HOST": "127.0.0.1",
        "PORT": str(port),
    }


def _inherited(folder: Path) -> dict[str, str]:
    """Give what processes inherit; they keep their bytecode, as an installed program does."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUADUA_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def _plain(url: str) -> str:
    return driver_url(url).set(drivername="postgresql").render_as_string(hide_password=False)

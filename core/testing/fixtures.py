"""The fixtures that every test of the platform and of an addon may ask for."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import structlog

from core.clock import StoppedClock
from core.testing import shared
from core.testing.databases import SqliteFolder, TestCluster, TestDatabases
from core.testing.effort import efforts
from core.testing.keys import ACCOUNT, GUARD, RUN_FOLDER, WORKER
from core.testing.memory import folder_for_sqlite
from core.testing.services import (
    CHROMIUM_FLAGS,
    Missing,
    RedisServer,
    find_chromium,
    find_postgres,
    find_redis,
    find_xmlsec1,
    own_redis,
)
from core.testing.stages import stage_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: A Monday morning in Bogotá, away from the ends of day, month and year.
MONDAY: Final = datetime(2026, 3, 16, 15, 9, 26, tzinfo=UTC)


@pytest.fixture
def clock() -> StoppedClock:
    """Stand still until told to advance."""
    return StoppedClock(MONDAY)


@pytest.fixture(scope="session")
def run_folder(pytestconfig: pytest.Config) -> Path:
    """Give the folder that all processes of this run share; it goes when the run ends."""
    return pytestconfig.stash[RUN_FOLDER]


@pytest.fixture(scope="session")
def postgres_cluster(pytestconfig: pytest.Config, run_folder: Path) -> Iterator[TestCluster]:
    """Give a PostgreSQL server with the run's two roles; it is never skipped."""
    server = find_postgres(run_folder, durable=False)
    cluster = TestCluster(server, run_folder.name, worker=pytestconfig.stash[WORKER], durable=False)
    (run_folder / "postgres.used").touch()
    told = f"{server.version} ({server.origin}) as {cluster.application_role}"
    pytestconfig.stash[ACCOUNT].use("PostgreSQL", told)
    yield cluster
    server.stop()


@pytest.fixture(scope="session")
def sqlite_folder(pytestconfig: pytest.Config, run_folder: Path) -> SqliteFolder:
    """Give a folder for SQLite databases with the interface of the cluster."""
    pytestconfig.stash[ACCOUNT].use("SQLite", "yes")
    return SqliteFolder(folder_for_sqlite(run_folder), worker=pytestconfig.stash[WORKER])


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> TestDatabases:
    """Run the test on both engines."""
    name = {"sqlite": "sqlite_folder", "postgresql": "postgres_cluster"}[request.param]
    found: TestDatabases = request.getfixturevalue(name)
    return found


@pytest.fixture(scope="session")
def redis_url(pytestconfig: pytest.Config, run_folder: Path) -> Iterator[str]:
    """Give the URL of a Redis that may be emptied; prefer one of this process alone."""
    server = find_redis(run_folder)
    if isinstance(server, Missing):
        pytest.skip(f"[Redis] {server.reason}")
    pytestconfig.stash[ACCOUNT].use("Redis", f"{server.version} ({server.origin})")
    yield server.url
    server.stop()


@pytest.fixture
def redis_alone(pytestconfig: pytest.Config, tmp_path: Path) -> Iterator[RedisServer]:
    """Give a Redis that this test has for itself, and may stop."""
    if shutil.which("redis-server") is None:
        pytest.skip("[Redis] redis-server is not installed: apt-get install redis-server")
    with own_redis(tmp_path) as server:
        pytestconfig.stash[ACCOUNT].use("Redis", f"{server.version} ({server.origin})")
        yield server


@pytest.fixture(scope="session")
def chromium_path(run_folder: Path) -> Path:
    """Tell where Chromium is."""
    found = find_chromium(run_folder)
    if isinstance(found, Missing):
        pytest.skip(f"[Chromium] {found.reason}")
    return found


@pytest.fixture(scope="session")
def browser(pytestconfig: pytest.Config, chromium_path: Path) -> Iterator[Browser]:
    """Give a Chromium that reaches this machine only; open a context of your own in it."""
    # Imported late: it takes half a second that most runs need not spend.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=str(chromium_path), args=list(CHROMIUM_FLAGS)
        )
        pytestconfig.stash[ACCOUNT].use("Chromium", launched.version)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def xmlsec1(pytestconfig: pytest.Config) -> Path:
    """Tell where the xmlsec1 program is."""
    found = find_xmlsec1()
    if isinstance(found, Missing):
        pytest.skip(f"[xmlsec1] {found.reason}")
    pytestconfig.stash[ACCOUNT].use("xmlsec1", "yes")
    return found


@pytest.fixture(scope="session")
def shared_data(pytestconfig: pytest.Config) -> Path:
    """Give the folder of reference data."""
    found = shared.shared_data()
    if found is None:
        pytest.skip(shared.WITHOUT_SHARED)
    pytestconfig.stash[ACCOUNT].use("reference data", "yes")
    return found


@pytest.fixture(autouse=True)
def a_rule_needs_nothing_but_itself(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test of the unit stage that starts a program, opens a database or listens."""
    if stage_of([mark.name for mark in request.node.iter_markers()]) != "unit":
        yield
        return
    with efforts() as seen:
        yield
    assert not seen, f"{' and '.join(sorted(seen))}: mark it with pytest.mark.services"


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """Undo what a test's application set up: its stream is closed when the test is over."""
    root = logging.getLogger()
    handlers, level, disabled = root.handlers[:], root.level, root.manager.disable
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.disable(disabled)
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def nobody_leaves_the_machine(pytestconfig: pytest.Config) -> Iterator[None]:
    """Fail a test that tried to reach the network, even where its code swallowed the error."""
    guard = pytestconfig.stash[GUARD]
    guard.take_attempts()
    yield
    attempts = guard.take_attempts()
    assert not attempts, f"tried to reach the network: {', '.join(attempts)}"

"""The pytest plugin: one run over all processes, guarded, cleaned up after, honestly reported.

With ``GUADUA_CI=1`` a test skipped for lack of a service fails the run; ``GUADUA_MUST_USE`` lists
capabilities that at least one test must have used; ``GUADUA_SHARD=2/5`` runs the second fifth.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Generator, Iterable
from pathlib import Path
from secrets import token_hex
from tempfile import gettempdir
from typing import Any, Final
from zlib import crc32

import hypothesis
import pytest

from core.addons.discovery import join_paths
from core.clock import SystemClock
from core.testing.account import Account
from core.testing.databases import drop_run, drop_stale, run_name
from core.testing.keys import ACCOUNT, GUARD, RUN_FOLDER, WORKER
from core.testing.memory import free_memory, take_memory
from core.testing.network import NetworkGuard
from core.testing.services import find_postgres
from core.testing.shared import WITHOUT_SHARED

pytest_plugins = ("core.testing.fixtures",)

#: Whoever asks for one of these belongs to that stage, marked or not.
MARKS: Final = {
    "postgres_cluster": "services",
    "databases": "services",
    "xmlsec1": "services",
    "redis_url": "redis",
    "redis_alone": "redis",
    "browser": "browser",
}

#: Where a report says them; what a worker reports travels as it is.
_MARKED: Final = "guadua_marks"

hypothesis.settings.register_profile("default", deadline=None, max_examples=60)
hypothesis.settings.register_profile("nightly", deadline=None, max_examples=2000)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Join the run of the controlling process, or start one."""
    hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
    if elsewhere := os.environ.get("GUADUA_ADDONS_PATH"):
        # The tests of an addon outside the repository import it by its name.
        join_paths(Path(part).absolute() for part in elsewhere.split(os.pathsep))
    told: dict[str, str] = getattr(config, "workerinput", {})
    config.stash[ACCOUNT] = Account()
    config.stash[RUN_FOLDER] = Path(told.get("guadua_run") or _new_run())
    config.stash[WORKER] = told.get("workerid", "main")
    config.stash[GUARD] = NetworkGuard().__enter__()
    if not told:
        config.pluginmanager.register(_Reporter(config), "guadua-reporter")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave the way out open again, and nothing behind."""
    config.stash[GUARD].__exit__()
    if hasattr(config, "workerinput"):
        return
    folder = config.stash[RUN_FOLDER]
    if (folder / "postgres.used").exists():
        _tidy(folder)
    shutil.rmtree(folder, ignore_errors=True)
    free_memory(folder.name, SystemClock().now())


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """Read the tests without looking for garbage: what is read stays until the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark by what a test asks for, so that nobody can forget; keep this shard's share."""
    for item in items:
        for fixture in set(getattr(item, "fixturenames", ())) & MARKS.keys():
            item.add_marker(MARKS[fixture])
    share = os.environ.get("GUADUA_SHARD")
    if share:
        mine = [item for item in items if in_shard(item.nodeid, share)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(mine)])
        items[:] = mine


def in_shard(test: str, share: str) -> bool:
    """Say whether a test belongs to a share such as ``2/5``; every test belongs to exactly one."""
    part, of = map(int, share.split("/"))
    return crc32(test.encode()) % of == part - 1


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Count a test marked ``needs_shared`` as a user of the reference data."""
    reasons = (mark.kwargs.get("reason") for mark in item.iter_markers("skipif"))
    if WITHOUT_SHARED in reasons:
        item.config.stash[ACCOUNT].use("reference data", "yes")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the report tell the marks alone: its keywords hold names of folders and tests too."""
    report = yield
    setattr(report, _MARKED, [mark.name for mark in item.iter_markers()])
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the controlling process what this worker used."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["guadua_account"] = session.config.stash[ACCOUNT].as_dict()


class _Reporter:
    """Sees the reports of every process; lives in the controlling one."""

    def __init__(self, config: pytest.Config) -> None:
        self._account = config.stash[ACCOUNT]
        self._folder = config.stash[RUN_FOLDER]
        self._faults: list[str] = []

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker which run it belongs to."""
        node.workerinput["guadua_run"] = str(self._folder)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take in what a worker used; one that crashed tells nothing."""
        told = getattr(node, "workeroutput", {}).get("guadua_account")
        if told:
            self._account.add(told)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count time and skips."""
        marks: list[str] = getattr(report, _MARKED, [])
        self._account.spend(marks, report.start, report.stop, finished=report.when == "call")
        if report.skipped and isinstance(report.longrepr, tuple):
            self._account.skip(report.nodeid, report.longrepr[2].removeprefix("Skipped: "))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Count a module that skipped itself while it was read."""
        if report.skipped and isinstance(report.longrepr, tuple):
            self._account.skip(report.nodeid, report.longrepr[2].removeprefix("Skipped: "))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail an incomplete run where a complete one is demanded."""
        if os.environ.get("GUADUA_CI") != "1" or session.config.option.collectonly:
            return
        must_use = filter(None, os.environ.get("GUADUA_MUST_USE", "").split(","))
        self._faults = self._account.faults(list(must_use))
        if self._faults and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what really ran."""
        if not self._account.tests and not self._account.skipped:
            return
        terminalreporter.section("What really ran")
        for line in _joined(self._account.lines(), self._faults):
            terminalreporter.write_line(line)


def _joined(lines: Iterable[str], faults: list[str]) -> list[str]:
    return [*lines, *(f"INCOMPLETE, so this run fails: {fault}" for fault in faults)]


def _new_run() -> str:
    folder = Path(gettempdir()) / run_name(SystemClock().now(), token_hex(3))
    folder.mkdir(mode=0o700)
    take_memory(folder.name)
    return str(folder)


def _tidy(folder: Path) -> None:
    if (folder / "postgres").exists():
        return  # a server of the run's own goes with its folder
    server = find_postgres(folder)
    drop_run(server, folder.name)
    drop_stale(server, SystemClock().now())

"""The plugin seen from outside: small suites run in a process of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.testing.plugin import in_shard
from core.testing.shared import ROOT

#: Each starts an interpreter: not for the unit stage.
pytestmark = pytest.mark.services

CONFTEST = 'pytest_plugins = ("core.testing.plugin",)\n'


def run_suite(folder: Path, source: str, *options: str, **environment: str) -> tuple[int, str]:
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text(source)
    (folder / "pytest.ini").write_text(
        "[pytest]\naddopts = -p no:cacheprovider\nfilterwarnings = error\n"
        "markers =\n  services:\n  browser:\n  redis:\n"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GUADUA_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


SKIPS = """
import pytest

def test_one():
    pytest.skip("[Redis] no server answers")

def test_two(sqlite_folder):
    assert sqlite_folder
"""


def test_a_skip_is_told_and_passes_at_home(tmp_path: Path) -> None:
    status, said = run_suite(tmp_path, SKIPS)
    assert status == 0
    assert "Redis: 1 skipped, as test_it.py::test_one: [Redis] no server answers" in said
    assert "SQLite yes" in said
    assert "1 passed, 1 skipped" in said.strip().splitlines()[-1]


def test_the_same_skip_fails_in_ci(tmp_path: Path) -> None:
    status, said = run_suite(tmp_path, SKIPS, GUADUA_CI="1")
    assert status == 1
    assert "INCOMPLETE, so this run fails: Redis: 1 tests skipped" in said


def test_a_service_that_nobody_used_fails_a_complete_run(tmp_path: Path) -> None:
    status, said = run_suite(
        tmp_path, "def test_one(): pass", GUADUA_CI="1", GUADUA_MUST_USE="SQLite"
    )
    assert status == 1
    assert "SQLite: no test used it" in said


def test_workers_report_what_they_used(tmp_path: Path) -> None:
    source = "def test_one(sqlite_folder): pass\ndef test_two(postgres_cluster): pass\n"
    named = {name: value for name, value in os.environ.items() if name.startswith("GUADUA_TEST")}
    status, said = run_suite(tmp_path, source, "-n", "2", GUADUA_CI="1", **named)
    assert status == 0
    assert "SQLite yes" in said
    assert re.search(r"PostgreSQL \d+\.\d+ \(.+\) as guadua_test_\d{14}_[0-9a-f]{6}_app", said)
    assert re.search(r"stage services: 1 tests", said)
    assert re.search(r"stage unit: 1 tests", said)


def test_the_name_of_a_folder_does_not_name_a_stage(tmp_path: Path) -> None:
    folder = tmp_path / "crash"
    folder.mkdir()
    source = "import pytest\ndef test_one(): pass\n@pytest.mark.browser\ndef test_two(): pass\n"
    status, said = run_suite(folder, source, "--rootdir", str(tmp_path))
    assert status == 0
    assert "stage unit: 1 tests" in said
    assert "stage browser: 1 tests" in said
    assert "stage crash" not in said


LEAVES = """
import socket

def test_it_hides_its_attempt():
    try:
        socket.create_connection(("192.0.2.1", 80))
    except Exception:
        pass
"""


def test_an_attempt_to_reach_the_network_fails_even_when_swallowed(tmp_path: Path) -> None:
    status, said = run_suite(tmp_path, LEAVES)
    assert status == 1
    assert "tried to reach the network: 192.0.2.1" in said


TOO_MUCH = """
import sqlite3
{mark}
def test_it():
    sqlite3.connect(":memory:").close()
"""


def test_a_test_of_the_unit_stage_opens_no_database(tmp_path: Path) -> None:
    status, said = run_suite(tmp_path, TOO_MUCH.format(mark=""))
    assert status == 1
    assert "opens a database: mark it with pytest.mark.services" in said
    marked = "import pytest\n@pytest.mark.services"
    assert run_suite(tmp_path, TOO_MUCH.format(mark=marked))[0] == 0


MAKES_A_DATABASE = """
import os, signal

def test_it(postgres_cluster):
    postgres_cluster.create("left")
    postgres_cluster.create("dropped")
    postgres_cluster.drop("dropped")
    print("RUN", postgres_cluster.run)
    {ending}
"""


@pytest.mark.parametrize("ending", ["pass", "os.kill(os.getpid(), signal.SIGINT)"])
def test_nothing_is_left_on_the_server_after_the_end_or_ctrl_c(tmp_path: Path, ending: str) -> None:
    from core.testing.databases import PREFIX
    from core.testing.services import find_postgres

    named = {name: value for name, value in os.environ.items() if name.startswith("GUADUA_TEST")}
    status, said = run_suite(tmp_path, MAKES_A_DATABASE.format(ending=ending), "-s", **named)
    assert status == (0 if ending == "pass" else 2)
    found = re.search(rf"RUN ({PREFIX}\w+)", said)
    assert found, said
    server = find_postgres(tmp_path)
    query = (
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        " UNION ALL SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)"
    )
    with server.connect() as connection:
        assert connection.execute(query, (found[1], found[1])).fetchall() == []
    server.stop()


def test_every_test_belongs_to_exactly_one_shard() -> None:
    for test in (f"tests/test_{number}.py::test_it" for number in range(50)):
        assert [in_shard(test, f"{part}/4") for part in (1, 2, 3, 4)].count(True) == 1


def test_a_shard_runs_its_share_only(tmp_path: Path) -> None:
    source = "\n".join(f"def test_{number}(): pass" for number in range(12))
    shares = [run_suite(tmp_path, source, GUADUA_SHARD=f"{part}/2")[1] for part in (1, 2)]
    counts = [int(found[1]) for said in shares if (found := re.search(r"(\d+) passed", said))]
    assert sum(counts) == 12
    assert all(counts)


def test_the_clock_stands_on_a_monday(clock: object) -> None:
    from core.clock import StoppedClock

    assert isinstance(clock, StoppedClock)
    assert clock.now() == clock.now()
    assert clock.now().strftime("%A") == "Monday"

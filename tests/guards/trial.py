"""Try a patch in a copy of the repository, never in the repository itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from core.testing.run import unsteered
from core.testing.shared import shared_data
from tests.guards.patches import Patch

#: Pytest: all passed, some failed. Anything else (no such test, broken code) proves nothing.
PASSED, FAILED = 0, 1
#: Long enough for a crash sweep.
PATIENCE = 900
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "var", "build", "__pycache__", "*_cache", ".hypothesis"
)


@dataclass(frozen=True)
class Verdict:
    """Whether the tests noticed; ``reason`` says why not."""

    patch: Patch
    noticed: bool
    reason: str


#: Runs pytest selections in a folder: gives the exit status and what was printed.
Runner = Callable[[Path, tuple[str, ...]], tuple[int, str]]


def run_pytest(folder: Path, tests: tuple[str, ...]) -> tuple[int, str]:
    """Run the selections with this interpreter on the copy's code."""
    found = shared_data()
    environment = unsteered(os.environ) | {
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if found:
        environment["GUADUA_SHARED_DATA"] = str(found)
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", *tests]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return -1, f"took more than {PATIENCE} s"
    return done.returncode, done.stdout + done.stderr


@contextmanager
def copy_of(root: Path) -> Iterator[Path]:
    """Give a copy of the repository without history and environment."""
    with TemporaryDirectory(prefix="guadua-guard") as folder:
        copied = Path(folder) / "repository"
        shutil.copytree(root, copied, ignore=LEFT_OUT)
        yield copied


def passes(root: Path, tests: tuple[str, ...], run: Runner = run_pytest) -> str:
    """Say why the tests do not pass with the guard in place; nothing when they do."""
    with copy_of(root) as copied:
        status, said = run(copied, tests)
    return "" if status == PASSED else f"the tests do not pass unpatched:\n{tail(said)}"


def attempt(root: Path, patch: Patch, run: Runner = run_pytest) -> Verdict:
    """Remove the guard in a copy; every selection must fail, each for itself."""
    with copy_of(root) as copied:
        fault = applied(copied, patch)
        if fault:
            return Verdict(patch, noticed=False, reason=fault)
        for test in patch.tests:
            status, said = run(copied, (test,))
            if status != FAILED:
                what = "passes without the guard" if status == PASSED else "could not run"
                return Verdict(patch, noticed=False, reason=f"{test} {what}:\n{tail(said)}")
    return Verdict(patch, noticed=True, reason="")


def applied(copied: Path, patch: Patch) -> str:
    """Apply the diff; gives git's complaint where it no longer fits."""
    done = subprocess.run(
        ["git", "apply", "--recount", "--whitespace=nowarn", str(patch.path.resolve())],
        cwd=copied,
        # The copy may lie inside another work tree, which git would then take for its own.
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(copied.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    return f"the diff does not apply: {done.stderr.strip()}" if done.returncode else ""


def tail(said: str, lines: int = 15) -> str:
    """Give the end of what was printed."""
    return "\n".join(said.strip().splitlines()[-lines:])

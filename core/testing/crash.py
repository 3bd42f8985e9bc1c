"""Ends a process at an enumerated step of a flow, as a power cut would: at once, nothing said.

A server process makes everything ready once and forks a child for each order. A child with
``GUADUA_CRASH_AT=k`` counts the steps that ``core.db.trace`` tells and kills itself with SIGKILL
just before the k-th. The tests' side orders, copies databases and judges; it is never killed.
POSIX only: it forks.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final, NoReturn

import orjson

from core.db import trace
from core.errors import PlatformError

#: Before which step, counted from 1, the process ends.
CRASH_AT: Final = "GUADUA_CRASH_AT"

#: Of what a server that ended had written, in bytes.
_TOLD: Final = 10_000
#: How a statement begins that changes nothing.
_READING: Final = frozenset({"SELECT", "PRAGMA", "WITH"})
_KILLED: Final = b'{"killed": true}'

#: Gets an order, gives what orjson can write.
Job = Callable[[Mapping[str, Any]], Any]


class CrashTestError(PlatformError):
    """A child failed by itself instead of being killed: the flow or its check is wrong."""

    code = "testing.crash"
    http_status = 500


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended; ``steps`` and ``value`` only when it was not killed."""

    killed: bool
    steps: tuple[str, ...] = ()
    value: Any = None


@contextmanager
def counting() -> Iterator[list[str]]:
    """Note the steps inside the block as ``kind detail``; die before the one that was named."""
    passed: list[str] = []
    last = int(os.environ.get(CRASH_AT) or 0)

    def listen(kind: str, detail: str) -> None:
        passed.append(f"{kind} {' '.join(detail.split())}".strip())
        if len(passed) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    trace.listeners.append(listen)
    try:
        yield passed
    finally:
        trace.listeners.remove(listen)


def serve(jobs: Mapping[str, Job], preparations: Mapping[str, Job]) -> None:
    """Carry out the orders on standard input until it ends: each of ``jobs`` in a child of its own.

    ``preparations`` are done in this process: every child forked later starts with what they made.
    """
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    # What a job prints must not be taken for an answer.
    os.dup2(2, 1)
    _freeze()
    for line in sys.stdin.buffer:
        order = orjson.loads(line)
        if order["job"] in preparations:
            _status, told = _done(preparations, order)
            _freeze()
        else:
            told = _in_child(jobs, order)
        answers.write(told + b"\n")


def _freeze() -> None:
    # What was made ready is never collected: a child would copy every page of it.
    gc.collect()
    gc.freeze()


def _in_child(jobs: Mapping[str, Job], order: Mapping[str, Any]) -> bytes:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _carry_out(jobs, order, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return _KILLED
    if os.WIFEXITED(status) and said:
        return said
    ended = how_it_ended(os.waitstatus_to_exitcode(status))
    return orjson.dumps({"killed": False, "error": f"{ended}, saying {said!r}"})


def _carry_out(jobs: Mapping[str, Job], order: Mapping[str, Any], writing: int) -> None:
    status = 1
    try:
        os.environ[CRASH_AT] = str(order.get("crash_at") or "")
        status, told = _done(jobs, order)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(told)
    finally:
        # Not sys.exit: the server's own ending is not the child's to run.
        os._exit(status)


def _done(jobs: Mapping[str, Job], order: Mapping[str, Any]) -> tuple[int, bytes]:
    try:
        given = {"killed": False, "value": jobs[order["job"]](order)}
        return 0, orjson.dumps(given, default=str)
    except BaseException:  # noqa: BLE001 - told to the tests' side, which raises it
        error = traceback.format_exc().encode(errors="backslashreplace").decode()
        return 1, orjson.dumps({"killed": False, "error": error})


def how_it_ended(status: int) -> str:
    """Say it in words: ``status`` is an exit status, or a signal's number below zero."""
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"ended with {status}"


class CrashServer:
    """The tests' side of a server of jobs."""

    def __init__(self, module: str, root: Path) -> None:
        # A file and not a pipe: nobody reads it while the server works.
        self._said = TemporaryFile()  # noqa: SIM115 - closed by stop()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-X", "faulthandler", "-m", module],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env={**os.environ, "PYTHONPATH": str(root)},
        )

    def order(self, job: str, given: Mapping[str, Any], *, crash_at: int | None = None) -> Ended:
        """Have ``job`` done in a fresh process; raise ``CrashTestError`` when it fails."""
        wanted = orjson.dumps({"job": job, "crash_at": crash_at, **given})
        told = orjson.loads(self._answer(wanted) or self._why(job))
        if "error" in told:
            raise CrashTestError(f"{job} failed at {crash_at}:\n{told['error']}")
        value = told.get("value")
        steps = value.pop("steps", ()) if isinstance(value, dict) else ()
        return Ended(told["killed"], tuple(steps), value)

    def stop(self) -> None:
        """End the server."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        self._process.wait(30)
        self._said.close()

    def _answer(self, wanted: bytes) -> bytes:
        asking, answering = self._process.stdin, self._process.stdout
        if asking is None or answering is None:
            raise CrashTestError("the server of jobs has no pipes")
        with suppress(BrokenPipeError):
            asking.write(wanted + b"\n")
            asking.flush()
        return answering.readline()

    def _why(self, job: str) -> NoReturn:
        status = self._process.wait(30)
        self._said.seek(0)
        said = self._said.read()[-_TOLD:].decode(errors="replace")
        raise CrashTestError(
            f"before {job} was done the server of jobs {how_it_ended(status)}, saying:\n{said}"
        )


def chosen_points(
    steps: Sequence[str], every: int, *, share: int = 0, of: int = 1
) -> tuple[int, ...]:
    """Choose the first of each statement, all that is no statement, and every ``every``-th step.

    Where something was written, sent or renamed, things get lost or doubled: all of those are
    chosen. Of the points that only follow reading, which leave the same system behind as the one
    before, this gives the share ``share`` (counted from 0) of ``of``.
    """
    seen: set[str] = set()
    points: list[int] = []
    quiet: list[int] = []
    written, before = False, ""
    for number, step in enumerate(steps, 1):
        kind, _, detail = step.partition(" ")
        reads = kind == "statement" and detail.partition(" ")[0] in _READING
        happens = not reads and (kind != "commit" or written)
        if before in {"send", "rename"} or (happens and (step not in seen or kind != "statement")):
            points.append(number)
        elif number % every == 0 or kind == "commit" or step not in seen:
            quiet.append(number)
        written = kind != "commit" and (written or not reads)
        seen.add(step)
        before = kind
    return tuple(sorted([*points, *quiet[share::of]]))

"""How long it takes until a process can work, and how much memory it has."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import TYPE_CHECKING, Final

from tests.bench.figures import Figure
from tests.bench.place import databases_for, open_place
from tests.bench.shop import open_shop

if TYPE_CHECKING:
    from tests.bench.place import Engine, Place

#: Seconds that a process has to become ready before it counts as broken.
PATIENCE: Final = 60
#: Seconds that a process has to finish what it is doing.
_ENDS_IN: Final = 40


def setting_up(engine: Engine) -> Iterator[Figure]:
    """Time a web process until it is ready to answer, with its memory."""
    with databases_for(engine) as (databases, folder), open_place(databases, folder, engine) as at:
        open_shop(at)
        # The first start leaves the bytecode that every later one finds.
        with serving(at):
            pass
        begin = perf_counter()
        with serving(at) as process:
            ready = _once("process_ready", engine, begin, f"{web_memory(process.pid)} MiB resident")
        yield ready


@contextmanager
def serving(place: Place) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the place as the supervisor would, until the block ends."""
    with _running(place, "core.web.serve") as process:
        _wait_until_ready(place, process)
        yield process


@contextmanager
def working(place: Place) -> Iterator[subprocess.Popen[bytes]]:
    """Let a worker process work off what the sales leave, until the block ends."""
    with _running(place, "core.worker") as process:
        yield process


@contextmanager
def _running(place: Place, module: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        env=place.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_ENDS_IN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(place: Place, process: subprocess.Popen[bytes]) -> None:
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline and process.poll() is None:
        asked = HTTPConnection("127.0.0.1", place.settings.port, timeout=5)
        with suppress(OSError), closing(asked):
            asked.request("GET", "/readyz")
            if asked.getresponse().status == 200:
                return
        sleep(0.02)
    raise RuntimeError("the web process did not become ready")


def web_memory(master: int) -> int:
    """Give the resident MiB of the web process below gunicorn's master; 0 where unknown."""
    children = Path(f"/proc/{master}/task/{master}/children")
    if not children.exists():
        return 0
    return resident([master, *(int(pid) for pid in children.read_text().split())][-1])


def resident(pid: int) -> int:
    """Give the resident MiB of a process (Linux); 0 where unknown."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)


def _once(name: str, engine: str, begin: float, note: str) -> Figure:
    took = (perf_counter() - begin) * 1000
    return Figure(
        name=name, engine=engine, p50_ms=took, p95_ms=took, p99_ms=took, per_s=0, note=note
    )

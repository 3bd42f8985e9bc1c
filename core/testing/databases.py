"""Databases for one test: copies of a template that was migrated once, dropped when the run ends.

On PostgreSQL the rows are seen through a role that is neither owner nor superuser nor BYPASSRLS,
made for the run even where the server trusts everybody.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import ClassVar, Final, Protocol

import psycopg
from psycopg import sql

from core.testing.services import PostgresServer, ServiceError, once

PREFIX: Final = "guadua_test_"
STALE_AFTER: Final = timedelta(days=1)
_STAMP: Final = re.compile(rf"^{PREFIX}(\d{{14}})_")
#: Any number of ours: whoever makes roles or templates holds this advisory lock.
_LOCK: Final = 0x67756164
_LONGEST: Final = 63
#: How many databases are dropped at a time. Each DROP DATABASE waits until the whole server has
#: written to disk what it holds in memory; those under way at the same time share that wait.
LOT: Final = 16

#: Fills a fresh template: gets the owner's and the application's URL, leaves no connection open.
Fill = Callable[[str, str], None]


class TestDatabases(Protocol):
    """What both engines offer to a test; ``db`` is a short name, private to this process."""

    __test__: ClassVar[bool] = False

    def owner_url(self, db: str) -> str:
        """Tell the URL for schema changes."""
        ...

    def application_url(self, db: str) -> str:
        """Tell the URL that the program under test gets."""
        ...

    def create(self, db: str) -> None:
        """Make an empty database."""
        ...

    def template(self, name: str, fill: Fill) -> None:
        """Make a template once per run, whichever process comes first."""
        ...

    def copy(self, template: str, db: str) -> None:
        """Make a database like the template."""
        ...

    def drop(self, db: str) -> None:
        """Remove a database, whoever is connected to it."""
        ...


def run_name(now: datetime, token: str) -> str:
    """Name a run; the time in it tells later runs when its leftovers are stale."""
    return f"{PREFIX}{now.astimezone(UTC):%Y%m%d%H%M%S}_{token}"


def is_stale(name: str, now: datetime) -> bool:
    """Say whether something is named after a run that began more than a day ago."""
    stamp = _STAMP.match(name)
    if not stamp:
        return False
    made = datetime.strptime(stamp[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return now - made > STALE_AFTER


class TestCluster:
    """Roles and databases of one test run on a PostgreSQL server."""

    __test__: ClassVar[bool] = False

    def __init__(
        self, server: PostgresServer, run: str, *, worker: str = "main", durable: bool = True
    ) -> None:
        """Make the roles; unless ``durable``, no commit of theirs waits for the disk.

        What is committed outlives the client's end all the same, but not the server's: enough for
        every test, too little for a measurement.
        """
        self.server = server
        self.run = run
        self.owner_role = f"{run}_owner"
        self.application_role = f"{run}_app"
        self._worker = worker
        # Every process of the run must find the same one, and no other run may guess it.
        self._password = sha256(run.encode()).hexdigest()
        self._templates: set[str] = set()
        self._gone: list[str] = []
        self._serial = count()
        self._make_roles(durable=durable)

    def owner_url(self, db: str) -> str:
        """Tell the URL of the role that owns the tables and has BYPASSRLS."""
        return self._url(db, self.owner_role)

    def application_url(self, db: str) -> str:
        """Tell the URL of the role that row-level security binds."""
        return self._url(db, self.application_role)

    def create(self, db: str) -> None:
        """Make an empty database that belongs to the owner role."""
        self._create(self.database(db), like="template1")

    def copy(self, template: str, db: str) -> None:
        """Make a database with all that the template has."""
        if template not in self._templates:
            raise ServiceError(f"there is no template {template}: call template() first")
        self._create(self.database(db), like=self.database(template))

    def template(self, name: str, fill: Fill) -> None:
        """Make and fill a template once per run; the processes of the run share it."""
        self._templates.add(name)
        database = self.database(name)
        with self._alone() as connection:
            if _is_closed(connection, database):
                return
            _drop_database(connection, database)  # a process killed while it filled it
            self._create(database, like="template1")
            try:
                fill(self.owner_url(name), self.application_url(name))
            except BaseException:
                self.drop(name)
                raise
            _close(connection, database)

    def drop(self, db: str) -> None:
        """Remove a database and whoever is connected to it; none is fine.

        Its name is free at once. The server gets rid of it together with others, at the latest
        when the run ends.
        """
        gone = f"{self.run}_{self._worker}_gone{next(self._serial)}"
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(self.database(db)), sql.Identifier(gone)
        )
        with self.server.connect() as connection, suppress(psycopg.errors.InvalidCatalogName):
            _close(connection, self.database(db))
            connection.execute(rename)
            self._gone.append(gone)
        if len(self._gone) >= LOT:
            _drop_together(self.server, self._gone)
            self._gone.clear()

    def database(self, db: str) -> str:
        """Tell the full name on the server."""
        name = f"{self.run}_{db}" if db in self._templates else f"{self.run}_{self._worker}_{db}"
        if len(name) > _LONGEST:
            raise ServiceError(f"{name} is longer than {_LONGEST} letters")
        return name

    def _url(self, db: str, role: str) -> str:
        url = self.server.url.set(
            username=role, password=self._password, database=self.database(db)
        )
        return url.render_as_string(hide_password=False)

    def _create(self, database: str, *, like: str) -> None:
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(database), sql.Identifier(self.owner_role), sql.Identifier(like)
        )
        with self.server.connect() as connection:
            connection.execute(statement)

    def _make_roles(self, *, durable: bool) -> None:
        make = "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE {} PASSWORD {}"
        rights = {self.owner_role: "BYPASSRLS", self.application_role: "NOBYPASSRLS"}
        with self._alone() as connection:
            for role, right in rights.items():
                if not _role_exists(connection, role):
                    names = sql.Identifier(role), sql.SQL(right), sql.Literal(self._password)
                    connection.execute(sql.SQL(make).format(*names))
                    if not durable:
                        loosen = sql.SQL("ALTER ROLE {} SET synchronous_commit = off")
                        connection.execute(loosen.format(names[0]))

    @contextmanager
    def _alone(self) -> Iterator[psycopg.Connection]:
        with self.server.connect() as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
            yield connection


class SqliteFolder:
    """The same for SQLite: files in a folder of the run."""

    __test__: ClassVar[bool] = False

    def __init__(self, folder: Path, *, worker: str = "main") -> None:
        self._folder = folder
        self._worker = worker
        self._templates: set[str] = set()

    def path(self, db: str) -> Path:
        """Tell where the file is."""
        name = db if db in self._templates else f"{self._worker}_{db}"
        return self._folder / f"{name}.db"

    def owner_url(self, db: str) -> str:
        """Tell the URL; SQLite knows no roles."""
        return f"sqlite:///{self.path(db).as_posix()}"

    application_url = owner_url

    def create(self, db: str) -> None:
        """Make an empty database; one of that name is refused."""
        self.path(db).touch(exist_ok=False)

    def template(self, name: str, fill: Fill) -> None:
        """Make and fill a template once per run; the processes of the run share it."""
        self._templates.add(name)

        def work() -> str:
            url = self.owner_url(name)
            try:
                fill(url, url)
                self._settle(self.path(name))
            except BaseException:
                self.drop(name)
                raise
            return url

        once(self._folder, f"template-{name}", work)

    def copy(self, template: str, db: str) -> None:
        """Copy the template's file."""
        if template not in self._templates:
            raise ServiceError(f"there is no template {template}: call template() first")
        self.create(db)
        shutil.copyfile(self.path(template), self.path(db))

    def drop(self, db: str) -> None:
        """Remove the files; none is fine."""
        for suffix in ("", "-wal", "-shm", "-journal"):
            path = self.path(db)
            path.with_name(path.name + suffix).unlink(missing_ok=True)

    @staticmethod
    def _settle(path: Path) -> None:
        # What is still in the write-ahead log would not be copied.
        with closing(sqlite3.connect(path, timeout=0.2)) as connection:
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise ServiceError(f"{path.name} is still open: close it before it is copied")


def drop_run(server: PostgresServer, run: str) -> None:
    """Remove the databases and roles of a run."""
    _drop_named(server, lambda name: name.startswith(f"{run}_"))


def drop_stale(server: PostgresServer, now: datetime) -> None:
    """Remove what runs that were killed more than a day ago left behind."""
    _drop_named(server, lambda name: is_stale(name, now))


def _drop_named(server: PostgresServer, ours: Callable[[str], bool]) -> None:
    pattern = PREFIX.replace("_", r"\_") + "%"
    with server.connect() as connection:
        # Two that drop the same database or role at the same time: the server fails one of them.
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        databases = "SELECT datname FROM pg_database WHERE datname LIKE %s"
        found = connection.execute(databases, (pattern,)).fetchall()
        _drop_together(server, [name for (name,) in found if ours(name)])
        roles = "SELECT rolname FROM pg_roles WHERE rolname LIKE %s"
        for (name,) in connection.execute(roles, (pattern,)).fetchall():
            if ours(name):
                connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def _drop_together(server: PostgresServer, names: Sequence[str]) -> None:
    def drop(name: str) -> None:
        with server.connect() as connection:
            _drop_database(connection, name)

    with ThreadPoolExecutor(LOT) as several:
        for dropped in [several.submit(drop, name) for name in names]:
            dropped.result()


def _drop_database(connection: psycopg.Connection, name: str) -> None:
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


def _is_closed(connection: psycopg.Connection, database: str) -> bool:
    query = "SELECT 1 FROM pg_database WHERE datname = %s AND NOT datallowconn"
    return connection.execute(query, (database,)).fetchone() is not None


def _role_exists(connection: psycopg.Connection, role: str) -> bool:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
    return found.fetchone() is not None


def _close(connection: psycopg.Connection, database: str) -> None:
    # With somebody connected it cannot be copied nor renamed: lock the door and send them out.
    connection.execute(
        sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false").format(sql.Identifier(database))
    )
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (database,)
    )

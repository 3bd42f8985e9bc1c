from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from core.clock import SystemClock
from core.testing.databases import (
    LOT,
    SqliteFolder,
    TestCluster,
    TestDatabases,
    drop_run,
    drop_stale,
    run_name,
)
from core.testing.services import ServiceError


def run_sql(url: str, *statements: str) -> list[tuple[object, ...]]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            result = connection.execute(text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []


def fill(owner: str, application: str) -> None:
    run_sql(owner, "CREATE TABLE thing (id INTEGER)", "INSERT INTO thing VALUES (7)")


@pytest.fixture
def db(databases: TestDatabases) -> Iterator[str]:
    name = f"t{token_hex(2)}"
    yield name
    databases.drop(name)


@pytest.fixture
def other_run(postgres_cluster: TestCluster) -> Iterator[TestCluster]:
    """Give a run that was killed almost a day ago: none that ends meanwhile takes it away."""
    name = run_name(SystemClock().now() - timedelta(hours=23), token_hex(3))
    yield TestCluster(postgres_cluster.server, name)
    drop_run(postgres_cluster.server, name)


@pytest.fixture
def own_run(postgres_cluster: TestCluster) -> Iterator[TestCluster]:
    """Give a run of today, which no other process takes for left behind."""
    name = run_name(SystemClock().now(), token_hex(3))
    yield TestCluster(postgres_cluster.server, name)
    drop_run(postgres_cluster.server, name)


def databases_of(cluster: TestCluster) -> set[str]:
    query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
    with cluster.server.connect() as connection:
        return {name for (name,) in connection.execute(query, (cluster.run,))}


def test_of_dropped_databases_the_server_keeps_less_than_a_lot(
    own_run: TestCluster,
) -> None:
    for _ in range(LOT):
        own_run.create("again")
        own_run.drop("again")
    assert databases_of(own_run) == set()
    own_run.drop("never there")


def test_a_copy_has_what_the_template_has(databases: TestDatabases, db: str) -> None:
    databases.template("filled", fill)
    databases.copy("filled", db)
    assert run_sql(databases.owner_url(db), "SELECT id FROM thing") == [(7,)]


def test_what_one_test_writes_the_next_copy_does_not_see(databases: TestDatabases, db: str) -> None:
    databases.template("filled", fill)
    databases.copy("filled", db)
    run_sql(databases.owner_url(db), "INSERT INTO thing VALUES (8)")
    databases.drop(db)
    databases.copy("filled", db)
    assert run_sql(databases.owner_url(db), "SELECT id FROM thing") == [(7,)]


def test_a_template_is_filled_once(databases: TestDatabases) -> None:
    calls: list[str] = []

    def count(owner: str, application: str) -> None:
        calls.append(owner)
        fill(owner, application)

    name = f"c{token_hex(2)}"
    databases.template(name, count)
    databases.template(name, count)
    assert calls == [databases.owner_url(name)]


def test_a_template_whose_filling_failed_is_not_kept(databases: TestDatabases, db: str) -> None:
    def fail(owner: str, application: str) -> None:
        fill(owner, application)
        raise RuntimeError("the migration is wrong")

    name = f"f{token_hex(2)}"
    with pytest.raises(RuntimeError, match="the migration is wrong"):
        databases.template(name, fail)
    databases.template(name, fill)
    databases.copy(name, db)
    assert run_sql(databases.owner_url(db), "SELECT id FROM thing") == [(7,)]


def test_copying_an_unknown_template_is_refused(databases: TestDatabases) -> None:
    with pytest.raises(ServiceError, match="call template"):
        databases.copy("nowhere", "x")


def test_a_database_is_dropped_under_an_open_connection(
    postgres_cluster: TestCluster,
) -> None:
    postgres_cluster.create("busy")
    url = postgres_cluster.owner_url("busy").replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        postgres_cluster.drop("busy")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    assert postgres_cluster.database("busy") not in databases_of(postgres_cluster)


def test_a_connection_left_open_by_the_filling_does_not_block_copies(
    postgres_cluster: TestCluster,
) -> None:
    leaked: list[psycopg.Connection] = []

    def leak(owner: str, application: str) -> None:
        leaked.append(psycopg.connect(owner.replace("+psycopg", "")))

    postgres_cluster.template("leaky", leak)
    postgres_cluster.copy("leaky", "fresh")
    postgres_cluster.drop("fresh")
    leaked[0].close()


def test_row_level_security_binds_the_application_and_not_the_owner(
    postgres_cluster: TestCluster,
) -> None:
    postgres_cluster.create("rls")
    owner, application = postgres_cluster.owner_url("rls"), postgres_cluster.application_url("rls")
    run_sql(
        owner,
        "CREATE TABLE secret (id INTEGER)",
        "ALTER TABLE secret ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE secret FORCE ROW LEVEL SECURITY",
        "CREATE POLICY nobody ON secret USING (false)",
        "GRANT SELECT ON secret TO PUBLIC",
    )
    rights = run_sql(
        application,
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
        " WHERE rolname = current_user",
    )
    assert rights == [(False, False, False, False)]
    run_sql(owner, "INSERT INTO secret VALUES (1)")
    assert run_sql(owner, "SELECT id FROM secret") == [(1,)]
    assert run_sql(application, "SELECT id FROM secret") == []
    with pytest.raises(DBAPIError, match="permission denied"):
        run_sql(application, "CREATE TABLE mine (id INTEGER)")
    postgres_cluster.drop("rls")


def test_a_killed_run_is_cleaned_up_a_day_later_and_the_present_one_is_not(
    postgres_cluster: TestCluster, other_run: TestCluster
) -> None:
    other_run.create("left")
    postgres_cluster.create("mine")
    drop_stale(postgres_cluster.server, SystemClock().now())
    assert databases_of(other_run)
    drop_stale(postgres_cluster.server, SystemClock().now() + timedelta(hours=2))
    assert not databases_of(other_run)
    assert databases_of(postgres_cluster)
    with postgres_cluster.server.connect() as connection:
        query = "SELECT 1 FROM pg_roles WHERE rolname = %s"
        assert connection.execute(query, (other_run.owner_role,)).fetchone() is None
    postgres_cluster.drop("mine")


def test_a_name_too_long_for_postgres_is_refused(postgres_cluster: TestCluster) -> None:
    with pytest.raises(ServiceError, match="longer than 63"):
        postgres_cluster.create("x" * 60)


@pytest.mark.services
def test_a_sqlite_copy_has_what_was_still_in_the_log(tmp_path: Path) -> None:
    folder = SqliteFolder(tmp_path)

    def in_wal(owner: str, application: str) -> None:
        run_sql(owner, "PRAGMA journal_mode = WAL", "CREATE TABLE thing (id INTEGER)")
        run_sql(owner, "INSERT INTO thing VALUES (9)")

    folder.template("wal", in_wal)
    folder.copy("wal", "copy")
    assert run_sql(folder.owner_url("copy"), "SELECT id FROM thing") == [(9,)]


@pytest.mark.services
def test_a_sqlite_template_still_being_written_is_refused(tmp_path: Path) -> None:
    folder = SqliteFolder(tmp_path)
    path = folder.path("open")

    def leave_open(owner: str, application: str) -> None:
        run_sql(owner, "PRAGMA journal_mode = WAL", "CREATE TABLE thing (id INTEGER)")
        reader = sqlite3.connect(tmp_path / "open.db", isolation_level=None)
        still_open.append(reader)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM thing").fetchall()
        run_sql(owner, "INSERT INTO thing VALUES (9)")

    still_open: list[sqlite3.Connection] = []
    with pytest.raises(ServiceError, match="still open"):
        folder.template("open", leave_open)
    with closing(still_open[0]):
        assert path.name == "main_open.db"

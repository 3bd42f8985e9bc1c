"""Statements in one packet, prepared where they come again, on a connection that lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from sqlalchemy.engine import make_url

from core.db import wire
from core.db.wire import Statements, Wire, keep_prepared
from core.testing.databases import TestCluster

pytestmark = pytest.mark.services


@pytest.fixture
def connection(postgres_cluster: TestCluster) -> Iterator[psycopg.Connection]:
    postgres_cluster.create("wire")
    url = make_url(postgres_cluster.owner_url("wire")).set(drivername="postgresql")
    with closing(psycopg.connect(url.render_as_string(False), autocommit=True)) as opened:
        keep_prepared(opened)
        yield opened
    postgres_cluster.drop("wire")


def prepared(connection: psycopg.Connection) -> set[str]:
    found = connection.execute("SELECT name FROM pg_prepared_statements").fetchall()
    return {name for (name,) in found}


def test_every_statement_gets_its_own_answer(connection: psycopg.Connection) -> None:
    with closing(Wire(connection, Statements())) as sent:
        one = sent.send("SELECT $1 + 1", [41])
        none = sent.send("SELECT 1 WHERE false")
        sent.exchange()
        assert (one.rows, none.first()) == ([(42,)], None)


def test_a_statement_is_prepared_when_it_comes_again(connection: psycopg.Connection) -> None:
    known = Statements()
    for _ in range(wire.PREPARED_AT - 1):
        with closing(Wire(connection, known)) as sent:
            sent.send("SELECT $1", [1])
            sent.exchange()
    assert not prepared(connection)
    with closing(Wire(connection, known)) as sent:
        again = [sent.send("SELECT $1", [n]) for n in range(3)]
        sent.exchange()
    assert [reply.rows for reply in again] == [[(0,)], [(1,)], [(2,)]]
    assert prepared(connection) == {"g1"}


def test_what_the_server_did_not_prepare_is_prepared_later(
    connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "PREPARED_AT", 1)
    known = Statements()
    with closing(Wire(connection, known)) as sent:
        sent.send("SELECT 1 / $1", [0])
        sent.send("SELECT $1", [7])
        with pytest.raises(psycopg.errors.DivisionByZero):
            sent.exchange()
    with closing(Wire(connection, known)) as sent:
        again = sent.send("SELECT $1", [7])
        sent.exchange()
    assert again.rows == [(7,)]


def test_the_least_used_statements_are_given_up(
    connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "PREPARED_AT", 1)
    monkeypatch.setattr(wire, "KEPT", 3)
    known = Statements()
    for n in range(6):
        with closing(Wire(connection, known)) as sent:
            sent.send(f"SELECT $1 + {n}", [1])
            sent.exchange()
    assert prepared(connection) == {"g4", "g5", "g6"}


def test_what_is_prepared_outlives_a_rollback(connection: psycopg.Connection) -> None:
    connection.autocommit = False
    for _ in range(8):
        connection.execute("SELECT %s", [1])
    connection.rollback()
    connection.execute("SELECT %s", [1])
    assert prepared(connection)


def test_whole_numbers_travel_as_one_type(connection: psycopg.Connection) -> None:
    with closing(Wire(connection, Statements())) as sent:
        kinds = [sent.send("SELECT pg_typeof($1)::text", [n]) for n in (1, 2**40)]
        sent.exchange()
    assert {reply.rows[0] for reply in kinds} == {("bigint",)}

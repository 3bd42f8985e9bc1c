"""Seventeen ways to reach another business's rows, each tried for real on both engines."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, insert, select, text, union_all, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from core.ids import uuid7
from core.tenancy import TenantError, TenantSession
from core.tenancy.tests.toys import Toy, ToyLine
from core.testing.house import House

pytestmark = pytest.mark.services

OWN = UUID("01980000-0000-7000-8000-000000000001")
THEIRS = UUID("01980000-0000-7000-8000-000000000002")
toy_table: Any = Toy.__table__
line_table: Any = ToyLine.__table__


@pytest.fixture
def stocked(house: House) -> House:
    for tenant, key in ((house.bakery, OWN), (house.pharmacy, THEIRS)):
        with house.unit(tenant) as session:
            session.add(Toy(id=key, name=f"toy of {tenant.id}", price=Decimal("10")))
            session.flush()
            session.add(ToyLine(id=key, toy_id=key))
    return house


def lazy_load(session: TenantSession) -> Any:
    line = session.get_one(ToyLine, (1, OWN))
    line.toy_id = THEIRS
    session.expire(line, ["toy"])
    with session.no_autoflush:
        return line.toy


def beside(session: TenantSession, work: Callable[[Any], Any]) -> Any:
    engine: Any = session.get_bind()
    with engine.connect() as connection:
        return work(connection)


def touched(result: Any) -> int:
    rows: int = result.rowcount
    return rows


def theirs(rows: Any) -> list[Any]:
    return [row for row in rows if row.tenant_id == 2]


#: Reading doors: whatever comes back must be nothing of theirs.
READS: dict[str, Callable[[TenantSession], Any]] = {
    "select without filter": lambda s: theirs(s.scalars(select(Toy))),
    "get by their key": lambda s: s.get(Toy, (2, THEIRS)),
    "where id is theirs": lambda s: s.scalars(select(Toy).where(Toy.id == THEIRS)).first(),
    "column select": lambda s: s.execute(select(Toy.name).where(Toy.id == THEIRS)).first(),
    "count": lambda s: (s.scalar(select(func.count()).select_from(Toy)) or 0) > 1,
    "subquery": lambda s: s.scalars(
        select(ToyLine).where(ToyLine.toy_id.in_(select(Toy.id).where(Toy.tenant_id == 2)))
    ).first(),
    "union": lambda s: len(s.execute(union_all(select(Toy.id), select(Toy.id))).all()) > 2,
    "lazy load": lazy_load,
    "update": lambda s: touched(s.execute(update(Toy).where(Toy.id == THEIRS).values(name="x"))),
    "delete": lambda s: touched(s.execute(delete(ToyLine).where(ToyLine.id == THEIRS))),
}

#: Doors that are shut with an error.
SHUT: dict[str, Callable[[TenantSession], Any]] = {
    "bare table select": lambda s: s.execute(
        select(toy_table).where(toy_table.c.id == THEIRS)
    ).first(),
    "bare table in a subquery": lambda s: s.scalars(
        select(Toy).where(Toy.id.in_(select(toy_table.c.id)))
    ).all(),
    "text": lambda s: s.execute(text("SELECT * FROM toy_toy")).first(),
    "text as entity": lambda s: s.scalars(
        select(Toy).from_statement(text("SELECT * FROM toy_toy"))
    ).first(),
    "bare update": lambda s: s.execute(update(toy_table).values(name="x")),
    "update beside parameters": lambda s: s.execute(update(Toy), [{"id": THEIRS, "name": "x"}]),
    "giving a row away": lambda s: s.execute(update(Toy).values(tenant_id=2)),
    "bulk insert": lambda s: s.execute(
        insert(Toy), [{"tenant_id": 2, "id": uuid7(), "name": "x", "price": Decimal(1)}]
    ),
    "bulk mappings": lambda s: s.bulk_insert_mappings(Toy, [{"tenant_id": 2}]),
    "connection": lambda s: s.connection(),
    "connection of the engine": lambda s: beside(s, lambda c: c.execute(select(toy_table))),
    "driver SQL of the engine": lambda s: beside(s, lambda c: c.exec_driver_sql("SELECT 1")),
    "another tenant by set_config": lambda s: s.execute(
        select(Toy.id, func.set_config("app.tenant", "2", True))
    ),
    "platform table": lambda s: s.execute(text("SELECT * FROM core_tenant")),
}


@pytest.mark.parametrize("door", READS)
def test_nothing_of_theirs_comes_through(stocked: House, door: str) -> None:
    with stocked.session(stocked.bakery) as session:
        assert not READS[door](session)
        session.rollback()


@pytest.mark.parametrize("door", SHUT)
def test_the_door_is_shut(stocked: House, door: str) -> None:
    with stocked.session(stocked.bakery) as session, pytest.raises(TenantError):
        SHUT[door](session)


def test_adding_a_row_for_them_is_refused(stocked: House) -> None:
    with stocked.session(stocked.bakery) as session:
        session.add(Toy(tenant_id=2, name="x", price=Decimal(1)))
        with pytest.raises(TenantError):
            session.flush()


def test_pointing_at_their_row_is_refused_by_the_key(stocked: House) -> None:
    with stocked.session(stocked.bakery) as session:
        session.add(ToyLine(toy_id=THEIRS))
        with pytest.raises(IntegrityError):
            session.flush()


def test_a_session_that_reads_does_not_write(stocked: House) -> None:
    with stocked.unit(stocked.bakery, writes=False) as session:
        session.add(Toy(name="x", price=Decimal(1)))
        with pytest.raises(TenantError):
            session.flush()
        session.rollback()


def test_postgresql_answers_with_an_error_where_no_tenant_is_set(stocked: House) -> None:
    if stocked.database.kind != "postgresql":
        return
    stocked.database.dispose()
    raw = stocked.database.engine.raw_connection()
    cursor = raw.cursor()
    with pytest.raises(Exception, match=r"app\.tenant") as unset:
        cursor.execute("SELECT * FROM toy_toy")
    assert getattr(unset.value, "sqlstate", "") == "42704"
    raw.rollback()
    cursor.execute("BEGIN")
    cursor.execute("SELECT set_config('app.tenant', '1', true)")
    cursor.execute("COMMIT")
    with pytest.raises(Exception, match="bigint") as reused:
        cursor.execute("SELECT * FROM toy_toy")
    assert getattr(reused.value, "sqlstate", "") == "22P02"
    raw.invalidate()


def test_row_level_security_holds_where_every_python_wall_is_gone(stocked: House) -> None:
    if stocked.database.kind != "postgresql":
        return
    raw = stocked.database.engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute("SELECT set_config('app.tenant', '1', true)")
    cursor.execute("SELECT tenant_id FROM toy_toy")
    assert cursor.fetchall() == [(1,)]
    cursor.execute("UPDATE toy_toy SET name = 'x' WHERE tenant_id = 2")
    assert cursor.rowcount == 0
    with pytest.raises(Exception, match="row-level security"):
        cursor.execute(
            "INSERT INTO toy_toy (tenant_id, id, name, price) VALUES (2, gen_random_uuid(), 'x', 1)"
        )
    raw.invalidate()


def test_a_violation_shows_nothing_of_theirs(stocked: House) -> None:
    with stocked.session(stocked.bakery) as session:
        session.add(Toy(id=THEIRS, name="same id, other business", price=Decimal(1)))
        session.flush()
        session.rollback()


def test_errors_are_the_drivers_own(stocked: House) -> None:
    with stocked.session(stocked.bakery) as session:
        session.add(Toy(id=OWN, name="twice", price=Decimal(1)))
        with pytest.raises(DBAPIError):
            session.flush()

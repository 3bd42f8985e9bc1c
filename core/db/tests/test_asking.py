"""What passes by the engine guard was checked once, and is what was checked."""

from __future__ import annotations

import sqlite3
from typing import Any

import psycopg
import pytest
from sqlalchemy import (
    Text,
    bindparam,
    column,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
    update,
)

from core.auth import lookup
from core.db.asking import Question
from core.tenancy import Epoch, Establishment, Tenant, TenantError
from core.testing.house import House

NAMED = select(Tenant.name).where(Tenant.id == bindparam("id"))


def named(row: Any) -> Any:
    return row.name


def test_it_answers_one_row_or_none_and_never_one_of_several(house: House) -> None:
    question = Question(NAMED)
    assert named(question.ask(house.database, id=house.bakery.id)) == "Panadería Trigal"
    assert question.ask(house.database, id=0) is None
    with pytest.raises(LookupError):
        Question(select(Tenant.name)).ask(house.database)


OTHER_SHAPES: dict[str, Any] = {
    "a business's table": select(Establishment.name),
    "its table without its class": select(Establishment.__table__),
    "beside a table of the platform": select(Tenant.name, Establishment.name),
    "joined": select(Tenant.name).join(Establishment, Establishment.tenant_id == Tenant.id),
    "in a condition": select(Tenant.name).where(Tenant.id.in_(select(Establishment.tenant_id))),
    "as a scalar": select(select(Establishment.name).limit(1).scalar_subquery().label("name")),
    "in a subquery": select(select(Establishment.name).subquery().c.name),
    "in a common table expression": select(select(Establishment.name).cte("those").c.name),
    "under another name": select(Establishment.__table__.alias("core_tenant").c.name),
    "named without being known": select(column("name")).select_from(table("core_establishment")),
    "as text": text("SELECT name FROM core_establishment").columns(name=Text),
    "its place as text": select(column("name")).select_from(text("core_establishment")),
    "its column as text": select(literal_column("(SELECT name FROM core_establishment)")),
    "its condition as text": select(Tenant.name).where(text("1 = 1")),
    "no SELECT but an UPDATE": update(Tenant).values(name="Mine").returning(Tenant.name),
    "no SELECT but an INSERT": insert(Epoch).values(tenant_id=1).returning(Epoch.value),
}


@pytest.mark.parametrize("statement", OTHER_SHAPES.values(), ids=OTHER_SHAPES.keys())
def test_a_statement_of_another_shape_is_refused_each_time(house: House, statement: Any) -> None:
    question = Question(statement)
    for _ in range(2):
        with pytest.raises(TenantError):
            question.ask(house.database)


@pytest.mark.parametrize(
    "values",
    [{}, {"id": 1, "name": "x"}, {"name": "x"}, {"id_1": 1}, {"ID": 1}],
    ids=["none", "one more", "another", "one that SQLAlchemy would make up", "in capitals"],
)
def test_it_is_asked_with_exactly_its_own_values(house: House, values: dict[str, Any]) -> None:
    question = Question(NAMED)
    question.ask(house.database, id=house.bakery.id)
    with pytest.raises(TenantError, match="id"):
        question.ask(house.database, **values)


def test_what_the_statement_says_itself_cannot_be_said_otherwise(house: House) -> None:
    question = Question(select(Tenant.name).where(Tenant.id == house.bakery.id))
    question.ask(house.database)
    [spoken] = question._spoken.values()
    [(name, fixed)] = spoken.fixed.items()
    assert fixed == house.bakery.id
    with pytest.raises(TenantError):
        question.ask(house.database, **{name: house.pharmacy.id})
    with pytest.raises(TypeError):
        spoken.fixed[name] = house.pharmacy.id  # type: ignore[index]
    assert named(question.ask(house.database)) == "Panadería Trigal"


@pytest.mark.parametrize("value", ["1 OR 1=1", "x'; DROP TABLE core_tenant; --"])
def test_a_value_is_never_read_as_sql(house: House, value: str) -> None:
    question = Question(select(Tenant.name).where(Tenant.name == bindparam("name")))
    assert question.ask(house.database, name=value) is None
    assert named(question.ask(house.database, name="Droguería Salud")) == "Droguería Salud"


@pytest.mark.parametrize("value", [func.count(), select(Establishment.id)])
def test_an_expression_is_no_value(house: House, value: Any) -> None:
    question = Question(select(Tenant.name).where(Tenant.name == bindparam("name")))
    with pytest.raises((sqlite3.Error, psycopg.Error)):
        question.ask(house.database, name=value)


def test_the_compiled_text_is_kept_whatever_becomes_of_the_statement(house: House) -> None:
    question = Question(NAMED)
    question.ask(house.database, id=1)
    question._statement = select(Establishment.name)
    assert named(question.ask(house.database, id=1)) == "Panadería Trigal"


def test_the_questions_of_every_request_have_the_right_shape(house: House) -> None:
    for question in (lookup._LOGIN, lookup._TOKEN):
        spoken = question._speak(house.database.engine.dialect)
        assert spoken.asked in ({"login"}, {"prefix"})

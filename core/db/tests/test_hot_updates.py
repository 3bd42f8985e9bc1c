"""Rows changed together: one statement for all of them, each with its own values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from core.db import trace
from core.db.engine import open_database
from core.db.hot_postgresql import hot_postgres
from core.db.hot_rows import together
from core.db.plan import Decision, Lock, Locked, Plan, Rows, Update
from core.db.write_plan import write_plan
from core.ids import uuid7
from core.tenancy.tests.toys import Toy
from core.testing.databases import TestCluster
from core.testing.house import House

toy_table: Any = Toy.__table__
TOYS = [uuid7() for _ in range(3)]


def shelf(key: UUID) -> Lock:
    made = (("name", "a toy, 'quoted'"), ("price", Decimal(0)))
    return Lock(toy_table, (("id", key),), ("name", "price"), "insert", made)


def change(key: UUID, **values: Any) -> Update:
    return Update(toy_table, (("id", key),), tuple(values.items()))


@dataclass(frozen=True)
class Reprice:
    """Gives every toy a price of its own, and the first one twice."""

    key: UUID = field(default_factory=uuid7)
    scope: str = "toy.reprice"
    fingerprint: bytes = b"f" * 32
    epoch: int = 1

    def locks(self) -> Sequence[Lock]:
        return [shelf(key) for key in TOYS]

    def decide(self, locked: Locked) -> Decision:
        assert len(locked.rows) == len(TOYS)
        rows = Rows()
        for price, key in enumerate(TOYS, start=1):
            rows.update(shelf(key), price=Decimal(price), name=f"toy {price}")
        rows.update(shelf(TOYS[0]), price=Decimal("7.5"), name="toy seven")
        return Decision(rows, {})

    def refresh(self, epoch: int) -> Plan:
        raise AssertionError(epoch)


@pytest.mark.services
def test_rows_changed_by_one_statement_keep_their_own_values(house: House) -> None:
    said: list[str] = []
    listener = lambda _kind, detail: said.append(detail)  # noqa: E731
    trace.listeners.append(listener)
    try:
        with house.session(house.bakery) as session:
            write_plan(session, Reprice())
    finally:
        trace.listeners.remove(listener)
    assert len([sql for sql in said if sql.startswith("UPDATE")]) == 2
    with house.unit(house.bakery, writes=False) as session:
        found = {row.id: (row.name, row.price) for row in session.scalars(select(Toy))}
    assert [found[key] for key in TOYS] == [
        ("toy seven", Decimal("7.5")),
        ("toy 2", Decimal(2)),
        ("toy 3", Decimal(3)),
    ]


@pytest.mark.services
def test_a_row_of_another_business_stays_as_it_is(house: House) -> None:
    for business in (house.bakery, house.pharmacy):
        with house.session(business) as session:
            write_plan(session, Reprice())
    with house.unit(house.bakery, writes=True) as session:
        session.get_one(Toy, (house.bakery.id, TOYS[1])).price = Decimal(50)
    with house.session(house.pharmacy) as session:
        write_plan(session, Reprice())
    with house.unit(house.bakery, writes=False) as session:
        assert session.get_one(Toy, (house.bakery.id, TOYS[1])).price == Decimal(50)


def test_only_neighbours_that_set_the_same_columns_are_joined() -> None:
    one, two, three = TOYS
    groups = together(
        [
            change(one, price=Decimal(1)),
            change(two, price=Decimal(2)),
            change(three, name="else"),
            change(one, price=Decimal(3)),
            change(one, price=Decimal(4)),
        ]
    )
    assert [[update.key[-1][1] for update in group] for group in groups] == [
        [one, two],
        [three],
        [one],
        [one],
    ]


@pytest.mark.services
def test_a_hot_write_plans_by_index_and_leaves_its_connection_as_it_was(
    postgres_cluster: TestCluster,
) -> None:
    asked = "SELECT current_setting('enable_seqscan'), current_setting('plan_cache_mode')"
    postgres_cluster.create("plans")
    database = open_database(postgres_cluster.application_url("plans"))
    with hot_postgres(database.engine, 1) as hot:
        hot._begin()
        inside = hot._run(asked)
        hot.commit()
        after = hot._run(asked)
        hot._wire.exchange()
    database.dispose()
    assert inside.first() == ("off", "force_generic_plan")
    assert after.first() == ("on", "auto")

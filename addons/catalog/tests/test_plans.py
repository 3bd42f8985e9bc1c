"""Every declared order, filter and search of the catalogue is answered by an index, on each engine.

Plans are those of the application's role: behind row-level security few operators use an index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, UniqueConstraint, create_engine, event, text

from addons.catalog.resources import CATEGORIES, PRODUCTS, UNITS
from addons.catalog.rules import complete_gtin
from addons.catalog.services import (
    ProductDraft,
    create_category,
    create_product,
    product_by_barcode,
)
from core.clock import StoppedClock
from core.db.engine import driver_url, open_owner
from core.db.plan import table_of
from core.resources import Belongs, Choice, Resource
from core.resources.reading import Asked, read_page, sortable
from core.testing.addons import house_with_addons
from core.testing.databases import TestDatabases
from core.testing.fixtures import MONDAY
from core.testing.house import House
from core.testing.resources import EVERYWHERE

pytestmark = pytest.mark.services

WORDS = "ix_core_search_word_tenant_id_resource_word_record_id"
STOCKED = 80
DECLARED: tuple[Resource[Any], ...] = (PRODUCTS, CATEGORIES, UNITS)


@dataclass(frozen=True)
class Case:
    """A question to a list, the index that must answer it, and what its condition names."""

    resource: Resource[Any]
    asked: Asked
    index: str
    #: Empty where the index gives the order.
    named: str = ""

    @property
    def label(self) -> str:
        """Name it where it fails."""
        return f"{self.resource.name} {self.asked}: {self.index}"


def cases() -> Iterator[Case]:
    for resource in DECLARED:
        for sort in sortable(resource, EVERYWHERE):
            for said in (sort, f"-{sort}"):
                yield Case(resource, Asked(sort=said), f"ix_{resource.table}_tenant_id_{sort}_id")
        for one in resource.filters:
            name = str(one.attribute.key)
            if isinstance(one, Belongs):
                asked = Asked(filters={name: "00000000-0000-7000-8000-000000000000"})
                yield Case(resource, asked, f"ix_{resource.table}_tenant_id_{name}", name)
            else:
                assert isinstance(one, Choice), "say here which index a period reads"
                asked = Asked(filters={name: next(iter(one.options))})
                order = resource.order_by.key
                yield Case(resource, asked, f"ix_{resource.table}_tenant_id_{order}_id")
        if resource.search is not None:
            for said in ("ar", "arroz", "arroz dia", "ÁRROZ"):
                yield Case(resource, Asked(search=said), WORDS, "word")


def is_unique(case: Case) -> bool:
    """Tell whether a uniqueness has an index that gives the same order."""
    columns = [
        [column.name for column in one.columns]
        for one in table_of(case.resource.model).constraints
        if isinstance(one, UniqueConstraint)
    ]
    return ["tenant_id", case.asked.sort.removeprefix("-")] in columns


@pytest.fixture(scope="module")
def house(databases: TestDatabases) -> Iterator[House]:
    with house_with_addons(databases, StoppedClock(MONDAY)) as opened:
        for tenant in (opened.bakery, opened.pharmacy):
            with opened.unit(tenant) as session:
                family = create_category(session, "Granos")
                for n in range(STOCKED):
                    draft = ProductDraft(
                        code=f"A{n}",
                        name=f"{('Arroz', 'Lenteja', 'Café', 'Panela')[n % 4]} Diana {n} kg",
                        price=Decimal(1000 + n),
                        category_id=family.id if n % 40 == 0 else None,
                        barcodes=((complete_gtin(f"770{n:04}"), Decimal(1)),),
                    )
                    create_product(session, draft)
        with owning(opened) as connection:
            connection.execute(text("ANALYZE"))
        yield opened


def test_every_order_filter_and_search_uses_an_index(house: House) -> None:
    for case in cases():
        assert answered(house, case), f"{case.label}\n{plan_of(house, case)}"


def test_without_its_index_each_is_seen(house: House) -> None:
    judged = [case for case in cases() if not is_unique(case)]
    for index in sorted({case.index for case in judged}):
        with without(house, index):
            for case in judged:
                if case.index == index:
                    told = plan_of(house, case)
                    assert not answered(house, case), f"{case.label}\n{told}"


def test_a_scan_reads_the_index_of_codes(house: House) -> None:
    sent = _sent(house, lambda session: product_by_barcode(session, "A7"))
    plans = [_explained(house, *one) for one in sent if "catalog_" in one[0]]
    assert len(plans) == 2
    for told in plans:
        assert "code" in _conditions(told), told


def answered(house: House, case: Case) -> bool:
    told = plan_of(house, case)
    if case.named:
        return case.named in _conditions(told)
    # What is left to sort behind an index are records with an equal value.
    return not re.search(r"(?<!Incremental )Sort  \(|TEMP B-TREE FOR ORDER BY", told)


def plan_of(house: House, case: Case) -> str:
    sent = _sent(house, lambda session: read_page(case.resource, session, EVERYWHERE, case.asked))
    kind = "count(" if case.named else "ORDER BY"
    statement, values = next(one for one in sent if kind in one[0])
    return _explained(house, statement, values)


@contextmanager
def owning(house: House) -> Iterator[Connection]:
    owner = open_owner(house.owner_url)
    with owner.begin() as connection:
        yield connection
    owner.dispose()


@contextmanager
def without(house: House, index: str) -> Iterator[None]:
    """Drop an index for the length of a block."""
    asked = (
        "SELECT sql FROM sqlite_master WHERE name = :name"
        if house.database.kind == "sqlite"
        else "SELECT indexdef FROM pg_indexes WHERE indexname = :name"
    )
    with owning(house) as connection:
        made: str = connection.execute(text(asked), {"name": index}).scalar_one()
        connection.execute(text(f"DROP INDEX {index}"))
    try:
        yield
    finally:
        with owning(house) as connection:
            connection.execute(text(made))


def _sent(house: House, ask: Any) -> list[tuple[str, Any]]:
    sent: list[tuple[str, Any]] = []

    def hear(*said: Any) -> None:
        sent.append((said[2], said[3]))

    event.listen(house.database.engine, "before_cursor_execute", hear)
    try:
        with house.unit(house.bakery, writes=False) as session:
            ask(session)
    finally:
        event.remove(house.database.engine, "before_cursor_execute", hear)
    return sent


def _explained(house: House, statement: str, values: Any) -> str:
    engine = create_engine(driver_url(house.database.engine.url.render_as_string(False)))
    try:
        with engine.begin() as connection:
            if house.database.kind == "sqlite":
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                return "\n".join(row[3] for row in rows)
            own = {"own": str(house.bakery.id)}
            connection.execute(text("SELECT set_config('app.tenant', :own, true)"), own)
            for way in ("seqscan", "bitmapscan", "sort"):
                connection.execute(text(f"SET LOCAL enable_{way} = off"))
            rows = connection.exec_driver_sql(f"EXPLAIN {statement}", values)
            return "\n".join(row[0] for row in rows)
    finally:
        engine.dispose()


def _conditions(told: str) -> set[str]:
    """Give the columns that conditions of indexes name."""
    found = re.findall(r"Index Cond: (.+)|USING .*INDEX \w+ \((.+)\)", told)
    return set(re.findall(r"(\w+)\)?(?:::\w+)? ?(?:=|>=|>|<)", " ".join(map(" ".join, found))))

"""Searching the list of products gives every match once, whichever way it is read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from addons.catalog.models import Product
from addons.catalog.resources import PRODUCTS
from addons.catalog.rules import complete_gtin
from addons.catalog.services import ProductDraft, create_product, product_by_barcode
from core.clock import StoppedClock
from core.resources import ordering, reading
from core.resources.reading import Asked, read_page
from core.testing.addons import house_with_addons
from core.testing.databases import TestDatabases
from core.testing.fixtures import MONDAY
from core.testing.house import House
from core.testing.resources import EVERYWHERE

pytestmark = pytest.mark.services

#: Two words in common, one at the end of the alphabet, one in every second name.
NAMES = [f"Arroz {n:02} {'blanco' if n % 2 else 'integral'}" for n in range(12)]
NAMES += [f"Zapato {n:02} blanco" for n in range(8)]


@pytest.fixture(scope="module")
def house(databases: TestDatabases) -> Iterator[House]:
    with house_with_addons(databases, StoppedClock(MONDAY)) as opened:
        for tenant in (opened.bakery, opened.pharmacy):
            with opened.unit(tenant) as session:
                for n, name in enumerate(NAMES):
                    draft = ProductDraft(code=f"A{n}", name=name, price=Decimal(9000 - n % 5))
                    create_product(session, draft)
        yield opened


@pytest.mark.parametrize("sort", ["name", "-name", "price", "-price"])
@pytest.mark.parametrize("cap", [1, 1000], ids=["many", "few"])
@pytest.mark.parametrize("text", ["ZAP", "blanco", "za bla", "arroz", "integral", "arroz zapato"])
def test_pages_of_a_search_have_every_match_once(
    house: House, monkeypatch: pytest.MonkeyPatch, text: str, cap: int, sort: str
) -> None:
    monkeypatch.setattr(reading, "CAP", cap)
    monkeypatch.setattr(ordering, "STRETCH", 5)
    words = text.lower().split()
    wanted = {n for n in NAMES if all(f" {w}" in f" {n.lower()}" for w in words)}
    with house.unit(house.bakery, writes=False) as session:
        seen: list[Product] = []
        asked = Asked(search=text, sort=sort)
        while True:
            found = read_page(PRODUCTS, session, EVERYWHERE, asked, size=3)
            assert found.total == min(cap, len(wanted))
            seen += found.records
            if not found.next:
                break
            asked = Asked(search=text, sort=sort, after=found.next)
        assert {one.name for one in seen} == wanted
        assert len(seen) == len(wanted)
        order = select(Product.id).order_by(*_order(sort))
        places = {key: place for place, key in enumerate(session.scalars(order))}
        assert [places[one.id] for one in seen] == sorted(places[one.id] for one in seen)
        if len(seen) > 3:
            back = Asked(search=text, sort=sort, before=found.previous)
            before = read_page(PRODUCTS, session, EVERYWHERE, back, size=3).records
            last = len(found.records)
            assert [one.id for one in before] == [one.id for one in seen[-last - 3 : -last]]


def _order(sort: str) -> tuple[Any, ...]:
    column = getattr(Product, sort.removeprefix("-"))
    return (column.desc(), Product.id.desc()) if sort[0] == "-" else (column, Product.id)


def test_a_scan_finds_the_product_of_its_own_business(house: House) -> None:
    pack = complete_gtin("770123456789")
    for tenant, name in ((house.pharmacy, "Algodón"), (house.bakery, "Panela")):
        with house.unit(tenant) as session:
            draft = ProductDraft(
                code="P1", name=name, price=Decimal(1), barcodes=((pack, Decimal(6)),)
            )
            create_product(session, draft)
    with house.unit(house.bakery, writes=False) as session:
        for code, units in ((pack, Decimal(6)), ("P1", Decimal(1))):
            found = product_by_barcode(session, code)
            assert found is not None
            assert (found[0].name, found[1]) == ("Panela", units)
        assert product_by_barcode(session, complete_gtin("770999999999")) is None

"""Cards by key, levels, valuation, and what verify finds when somebody tampers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from addons.inventory import hooks
from addons.inventory.invariants import INVARIANTS
from addons.inventory.models import Balance, Location
from addons.inventory.places import create_warehouse
from addons.inventory.queries import kardex, key_of, low_stock, stock_page, valuation, warehouses
from addons.inventory.tests.stock_house import (
    Shop,
    allow_negative,
    line,
    receive,
    sale,
    sell,
)
from addons.ledger.services import COST, INVENTORY, EntryDraft, Posting, post_entry
from core.ids import uuid7
from core.sale import StockLevel
from core.tenancy import Establishment

pytestmark = pytest.mark.services
D = Decimal


def broken(shop: Shop) -> set[str]:
    with shop.house.unit(shop.tenant, writes=False) as session:
        return {
            finding.invariant for invariant in INVARIANTS for finding in invariant.check(session)
        }


def tamper(shop: Shop, **values: Any) -> None:
    with shop.house.unit(shop.tenant) as session:
        mine = update(Balance).where(Balance.product_id == shop.rice)
        session.execute(mine.values(**values))


def test_a_card_reads_the_same_in_pages_of_any_size(shop: Shop) -> None:
    receive(shop, shop.rice, "9", "100")
    for _ in range(3):
        sell(shop, sale(shop, line(shop.rice, "2")))
        receive(shop, shop.rice, "1", "130")
    with shop.house.unit(shop.tenant, writes=False) as session:
        whole = kardex(session, shop.rice, shop.warehouse)
        assert [row.quantity for row in reversed(whole)] == [9, 7, 8, 6, 7, 5, 6]
        assert (whole[-1].value, whole[-1].came, whole[-2].left) == (D(900), D(9), D(2))
        pieces, after = [], None
        while page := kardex(session, shop.rice, shop.warehouse, after=after, limit=2):
            pieces += page
            after = key_of(page[-1])
        assert pieces == whole
        assert after is not None
        assert (after.quantity, after.value) == (D(0), D(0))


def test_each_business_sees_its_own_stock(shop: Shop, pharmacy: Shop) -> None:
    receive(shop, shop.rice, "9", "100")
    with shop.house.unit(pharmacy.tenant, writes=False) as session:
        assert kardex(session, shop.rice, shop.warehouse) == []
        assert valuation(session) == {}
        assert [row.quantity for row in stock_page(session, pharmacy.warehouse)] == [0, 0]
    with shop.house.unit(shop.tenant, writes=False) as session:
        assert valuation(session) == {shop.warehouse: 900}
        assert [place.id for place in warehouses(session)] == [shop.warehouse]


def test_low_stock_lists_the_least_first(shop: Shop) -> None:
    receive(shop, shop.rice, "9", "100")
    receive(shop, shop.panela, "2", "100")
    with shop.house.unit(shop.tenant, writes=False) as session:
        assert low_stock(session, shop.warehouse) == []
        low = low_stock(session, shop.warehouse, at_most=D(10))
        assert [(row.product.name, row.quantity) for row in low] == [
            ("Panela", D(2)),
            ("Arroz", D(9)),
        ]


def test_tills_are_told_what_there_is_to_sell(shop: Shop, pharmacy: Shop) -> None:
    receive(shop, shop.rice, "9", "100")
    with shop.house.unit(shop.tenant, writes=False) as session:
        levels = hooks.stock_levels(
            session=session,
            establishment_id=shop.establishment,
            product_ids=[shop.rice, shop.panela, pharmacy.rice],
        )
        assert {level.product_id: level.available for level in levels} == {
            shop.rice: D(9),
            shop.panela: D(0),
        }
        nowhere = hooks.stock_levels(
            session=session, establishment_id=pharmacy.establishment, product_ids=[shop.rice]
        )
        assert list(nowhere) == []


def test_tills_are_told_where_selling_below_zero_is_refused(shop: Shop, pharmacy: Shop) -> None:
    receive(shop, shop.rice, "9", "100")
    with shop.house.unit(shop.tenant) as session:
        branch = Establishment(code="002", name="Sucursal")
        session.add(branch)
        session.flush()
        create_warehouse(session, branch, "B002", "Bodega sucursal", negative="allow")
        other = branch.id
    with shop.house.unit(shop.tenant, writes=False) as session:
        told = {
            place: hooks.stock_levels(
                session=session, establishment_id=place, product_ids=[shop.rice, pharmacy.rice]
            )
            for place in (shop.establishment, other)
        }
    assert told == {
        shop.establishment: [StockLevel(shop.rice, D(9), blocks=True)],
        other: [StockLevel(shop.rice, D(0), blocks=False)],
    }


def test_nothing_is_broken_after_a_day_of_work(shop: Shop) -> None:
    allow_negative(shop)
    receive(shop, shop.rice, "3", "33.333333")
    sell(shop, sale(shop, line(shop.rice, "1"), line(shop.rice, "7", 2)))
    receive(shop, shop.rice, "10", "41.7")
    assert broken(shop) == set()


def test_a_changed_quantity_is_found(shop: Shop) -> None:
    receive(shop, shop.rice, "3", "10")
    tamper(shop, quantity=D(4))
    assert broken(shop) == {"I1", "I2"}


def test_a_changed_value_is_found(shop: Shop) -> None:
    receive(shop, shop.rice, "3", "10")
    tamper(shop, value=D("30.01"))
    assert broken(shop) == {"I3", "I6"}


def test_a_value_without_stock_is_found(shop: Shop) -> None:
    receive(shop, shop.rice, "3", "10")
    sell(shop, sale(shop, line(shop.rice, "3")))
    tamper(shop, value=D("0.01"))
    assert broken(shop) == {"I3", "I6"}


def test_a_blocked_warehouse_below_zero_without_a_printed_sale_is_found(shop: Shop) -> None:
    receive(shop, shop.rice, "3", "10")
    sell(shop, sale(shop, line(shop.rice, "4"), origin="printed"))
    assert broken(shop) == set()
    with shop.house.unit(shop.tenant) as session:
        row = session.scalars(select(Location).where(Location.kind == "warehouse")).one()
        session.add(
            Balance(
                product_id=shop.panela,
                location_id=row.id,
                quantity=D(-1),
                value=D(0),
                last_cost=D(0),
            )
        )
    assert "I5" in broken(shop)


def test_a_cost_posted_that_nothing_left_for_is_found(shop: Shop) -> None:
    receive(shop, shop.rice, "3", "10")
    with shop.house.unit(shop.tenant) as session:
        now = shop.house.clock.now()
        draft = EntryDraft(
            id=uuid7(),
            establishment_id=shop.establishment,
            source="inventory.sale",
            source_id=uuid7(),
            reference="X",
            business_date=now.date(),
            occurred_at=now,
            postings=(Posting(COST, debit=D(5)), Posting(INVENTORY, credit=D(5))),
        )
        post_entry(session, draft)
    assert broken(shop) == {"I4", "I6"}

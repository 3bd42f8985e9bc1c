"""What a sale does to the stock, through the one hot write, on both engines."""

from __future__ import annotations

from decimal import Decimal
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from addons.inventory.models import Move
from addons.inventory.tests.stock_house import (
    RefusedError,
    Shop,
    allow_negative,
    balance,
    line,
    receive,
    roles,
    sale,
    sell,
)
from core.db import trace
from core.tenancy import Establishment

pytestmark = pytest.mark.services
D = Decimal


def moves(shop: Shop) -> list[Move]:
    with shop.house.unit(shop.tenant, writes=False) as session:
        query = select(Move).where(Move.source == "inventory.sale").order_by(Move.id)
        return list(session.scalars(query))


def test_five_leave_at_the_average_of_two_receipts(shop: Shop, pharmacy: Shop) -> None:
    receive(shop, shop.rice, "10", "100")
    receive(shop, shop.rice, "10", "200")
    sold = sale(shop, line(shop.rice, "5"))
    assert sell(shop, sold).body == {"objections": []}
    assert balance(shop, shop.rice) == (D(15), D(2250))
    (move,) = moves(shop)
    assert (move.value, move.unit_cost, move.flagged) == (D("750.00"), D(150), False)
    assert (move.source_id, move.reference, move.from_id) == (sold.id, "T7", shop.warehouse)
    assert roles(shop, "inventory.sale") == {"cost_of_sales": 750, "inventory": -750}
    assert moves(pharmacy) == []


def test_the_second_line_of_a_product_costs_what_the_first_left(shop: Shop) -> None:
    receive(shop, shop.rice, "3", "33.333333")
    sell(shop, sale(shop, line(shop.rice, "1"), line(shop.rice, "2", 2)))
    assert [move.value for move in moves(shop)] == [D("33.33"), D("66.67")]
    assert balance(shop, shop.rice) == (D(0), D(0))


def test_a_service_leaves_no_stock(shop: Shop) -> None:
    sell(shop, sale(shop, line(shop.rice, "1", stocked=False)))
    assert moves(shop) == []
    assert roles(shop, "inventory.sale") == {}


def test_a_live_sale_of_more_than_there_is_is_refused(shop: Shop) -> None:
    receive(shop, shop.rice, "9", "100")
    with pytest.raises(RefusedError) as refused:
        sell(shop, sale(shop, line(shop.rice, "6"), line(shop.rice, "4", 2)))
    (objection,) = refused.value.objections
    assert objection.code == "inventory.not_enough"
    assert objection.context["available"] == "9.000000"
    assert objection.context["asked"] == "10"
    assert balance(shop, shop.rice) == (D(9), D(900))
    assert moves(shop) == []


def test_a_product_never_received_has_nothing_to_sell(shop: Shop) -> None:
    with pytest.raises(RefusedError, match="Arroz"):
        sell(shop, sale(shop, line(shop.rice, "1")))


def test_a_printed_sale_goes_through_flagged_and_the_next_receipt_corrects_it(shop: Shop) -> None:
    receive(shop, shop.rice, "2", "100")
    printed = sale(shop, line(shop.rice, "5"), origin="printed")
    assert sell(shop, printed).body == {"objections": ["inventory.not_enough"]}
    (move,) = moves(shop)
    assert (move.value, move.flagged) == (D(500), True)
    assert balance(shop, shop.rice) == (D(-3), D(-300))
    receive(shop, shop.rice, "10", "120")
    assert balance(shop, shop.rice) == (D(7), D(840))
    assert roles(shop, "inventory.receipt") == {
        "inventory": 200 + 1140,
        "goods_received": -1400,
        "cost_of_sales": 60,
    }


def test_a_warehouse_that_allows_it_sells_below_zero(shop: Shop) -> None:
    allow_negative(shop)
    assert sell(shop, sale(shop, line(shop.rice, "1"))).body == {"objections": []}
    assert balance(shop, shop.rice) == (D(-1), D(0))
    assert moves(shop)[0].flagged


def test_an_establishment_without_a_warehouse_sells_nothing_live(shop: Shop) -> None:
    with shop.house.unit(shop.tenant) as session:
        branch = Establishment(code="002", name="Norte")
        session.add(branch)
        session.flush()
    other = Shop(shop.house, shop.tenant, branch.id, shop.warehouse, shop.rice, shop.panela)
    with pytest.raises(RefusedError) as refused:
        sell(other, sale(other, line(shop.rice, "1")))
    assert refused.value.objections[0].code == "inventory.no_warehouse"
    printed = sell(other, sale(other, line(shop.rice, "1"), origin="printed"))
    assert printed.body == {"objections": ["inventory.no_warehouse"]}
    assert moves(shop) == []


def test_two_tills_cannot_both_sell_the_last_unit(shop: Shop) -> None:
    receive(shop, shop.rice, "1", "100")
    start, outcomes = Barrier(2), []

    def till() -> None:
        start.wait()
        try:
            outcomes.append(sell(shop, sale(shop, line(shop.rice, "1"))).body["objections"])
        except RefusedError as refused:
            outcomes.append(refused.objections[0].code)

    threads = [Thread(target=till) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(map(str, outcomes)) == ["[]", "inventory.not_enough"]
    assert balance(shop, shop.rice) == (D(0), D(0))


def test_all_balances_of_a_sale_are_locked_by_one_statement(shop: Shop) -> None:
    receive(shop, shop.rice, "5", "100")
    receive(shop, shop.panela, "5", "100")
    seen: list[str] = []

    def listen(_kind: str, detail: str) -> None:
        seen.append(detail)

    trace.listeners.append(listen)
    try:
        sell(shop, sale(shop, line(shop.rice, "1"), line(shop.panela, "1", 2)))
    finally:
        trace.listeners.remove(listen)
    locks = [sql for sql in seen if sql.startswith("SELECT") and "inventory_balance" in sql]
    assert len(locks) == (1 if shop.house.database.kind == "postgresql" else 2)

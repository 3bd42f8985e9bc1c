"""Receipts, counts, transfers and reversals, on both engines and beside another business."""

from __future__ import annotations

from decimal import Decimal
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy import func, select

from addons.catalog.services import ProductDraft, create_product
from addons.inventory.errors import BadStockError, NotEnoughStockError, ReversalError
from addons.inventory.invariants import INVARIANTS
from addons.inventory.models import Balance, Location, Move
from addons.inventory.services import (
    Arrival,
    adjust_stock,
    create_warehouse,
    ensure_places,
    open_stock,
    receive_stock,
    reverse_move,
    stock_of,
    transfer_stock,
)
from addons.inventory.tests.stock_house import (
    Shop,
    allow_negative,
    balance,
    line,
    receive,
    roles,
    sale,
    sell,
)
from core.errors import NotFoundError
from core.ids import uuid7
from core.tenancy import Establishment

pytestmark = pytest.mark.services
D = Decimal


def findings(shop: Shop) -> list[str]:
    with shop.house.unit(shop.tenant, writes=False) as session:
        return [
            f"{finding.invariant} {finding.text}"
            for invariant in INVARIANTS
            for finding in invariant.check(session)
        ]


def last_move(shop: Shop) -> UUID:
    with shop.house.unit(shop.tenant, writes=False) as session:
        return session.scalars(select(Move.id).order_by(Move.id.desc())).first() or uuid7()


def second_warehouse(shop: Shop) -> UUID:
    with shop.house.unit(shop.tenant) as session:
        place = session.scalars(select(Establishment)).one()
        return create_warehouse(session, place, "B2", "Bodega norte").id


def reverse(shop: Shop, move: UUID, quantity: str | None = None) -> UUID:
    with shop.house.unit(shop.tenant) as session:
        part = None if quantity is None else D(quantity)
        return reverse_move(session, move, reason="devolución", quantity=part)


def test_enabling_twice_makes_one_warehouse_and_five_outsides(shop: Shop) -> None:
    with shop.house.unit(shop.tenant) as session:
        ensure_places(session)
        kinds = session.scalars(select(Location.kind).order_by(Location.kind)).all()
        assert kinds == ["customer", "loss", "production", "supplier", "transit", "warehouse"]
        assert session.scalars(select(Location).where(Location.is_default.is_(True))).one()


def test_only_the_first_warehouse_of_an_establishment_serves_its_tills(shop: Shop) -> None:
    second = second_warehouse(shop)
    with shop.house.unit(shop.tenant) as session:
        assert not session.get_one(Location, (session.tenant_id, second)).is_default
        place = session.scalars(select(Establishment)).one()
        with pytest.raises(BadStockError) as refused:
            create_warehouse(session, place, "B2", " ")
        assert set(refused.value.fields) == {"code", "name"}


def test_what_the_business_had_before_comes_from_its_opening_balance(shop: Shop) -> None:
    with shop.house.unit(shop.tenant) as session:
        arrivals = [Arrival(shop.rice, D(4), D("2.5")), Arrival(shop.panela, D(1), D(9))]
        open_stock(session, shop.warehouse, arrivals, reference="INI")
        there = stock_of(session, [shop.rice, shop.panela], shop.warehouse)
        assert there == {shop.rice: D(4), shop.panela: D(1)}
    assert roles(shop, "inventory.opening") == {"inventory": D(19), "opening": D(-19)}
    assert findings(shop) == []


def test_two_arrivals_of_a_product_on_one_document_add_up(shop: Shop) -> None:
    with shop.house.unit(shop.tenant) as session:
        arrivals = [Arrival(shop.rice, D(1), D(10)), Arrival(shop.rice, D(1), D(20))]
        receive_stock(session, shop.warehouse, arrivals, reference="R-1")
    assert balance(shop, shop.rice) == (D(2), D(30))


@pytest.mark.parametrize(
    ("quantity", "cost"), [("0", "1"), ("-1", "1"), ("1.5", "1"), ("1", "-0.01")]
)
def test_an_arrival_that_cannot_be_is_refused(shop: Shop, quantity: str, cost: str) -> None:
    with pytest.raises(BadStockError):
        receive(shop, shop.rice, quantity, cost)
    assert findings(shop) == []


def test_a_service_and_a_product_of_another_business_keep_no_stock(
    shop: Shop, pharmacy: Shop
) -> None:
    with shop.house.unit(shop.tenant) as session:
        draft = ProductDraft(code="S1", name="Domicilio", price=D(1), stocked=False)
        service = create_product(session, draft).id
    for product in (service, pharmacy.rice):
        with pytest.raises(BadStockError):
            receive(shop, product, "1", "1")


def test_the_warehouse_of_another_business_does_not_exist(shop: Shop, pharmacy: Shop) -> None:
    with shop.house.unit(shop.tenant) as session, pytest.raises(NotFoundError):
        receive_stock(session, pharmacy.warehouse, [Arrival(shop.rice, D(1), D(1))], reference="R")


def test_a_count_writes_the_difference_with_its_reason(shop: Shop) -> None:
    receive(shop, shop.rice, "10", "100")
    receive(shop, shop.panela, "4", "50")
    with shop.house.unit(shop.tenant) as session:
        counted = {shop.rice: D(8), shop.panela: D(5)}
        adjust_stock(session, shop.warehouse, counted, reason="Inventario físico")
    assert balance(shop, shop.rice) == (D(8), D(800))
    assert balance(shop, shop.panela) == (D(5), D(250))
    assert roles(shop, "inventory.count") == {"inventory": D(-150), "stock_difference": D(150)}
    assert findings(shop) == []


def test_a_count_that_finds_what_there_is_moves_nothing(shop: Shop) -> None:
    receive(shop, shop.rice, "10", "100")
    with shop.house.unit(shop.tenant) as session:
        adjust_stock(session, shop.warehouse, {shop.rice: D(10)}, reason="Inventario")
        assert session.scalar(select(func.count()).select_from(Move)) == 1
        with pytest.raises(BadStockError):
            adjust_stock(session, shop.warehouse, {shop.rice: D(9)}, reason=" ")
        with pytest.raises(BadStockError):
            adjust_stock(session, shop.warehouse, {shop.rice: D(-1)}, reason="Inventario")


def test_a_count_above_stock_below_zero_leaves_a_clean_balance(shop: Shop) -> None:
    allow_negative(shop)
    receive(shop, shop.rice, "1", "100")
    sell(shop, sale(shop, line(shop.rice, "4")))
    with shop.house.unit(shop.tenant) as session:
        adjust_stock(session, shop.warehouse, {shop.rice: D(0)}, reason="Inventario")
    assert balance(shop, shop.rice) == (D(0), D(0))
    assert findings(shop) == []


def test_a_transfer_keeps_the_cost_and_posts_nothing(shop: Shop) -> None:
    other = second_warehouse(shop)
    receive(shop, shop.rice, "3", "33.333333")
    with shop.house.unit(shop.tenant) as session:
        transfer_stock(session, shop.warehouse, other, {shop.rice: D(1)}, reference="T-1")
        there = stock_of(session, [shop.rice, shop.panela], other)
        assert there == {shop.rice: D(1), shop.panela: D(0)}
        worth = select(Balance.location_id, Balance.value).where(Balance.product_id == shop.rice)
        assert dict(session.execute(worth).all()) == {
            shop.warehouse: D("66.67"),
            other: D("33.33"),
        }
    assert roles(shop, "inventory.transfer") == {}
    assert findings(shop) == []


def test_a_transfer_of_more_than_there_is_is_refused(shop: Shop) -> None:
    other = second_warehouse(shop)
    receive(shop, shop.rice, "3", "10")
    with shop.house.unit(shop.tenant) as session:
        with pytest.raises(NotEnoughStockError, match="3"):
            transfer_stock(session, shop.warehouse, other, {shop.rice: D(4)}, reference="T-1")
        with pytest.raises(BadStockError):
            transfer_stock(session, other, other, {shop.rice: D(1)}, reference="T-1")


def test_what_was_sold_comes_back_at_the_cost_it_left_with(shop: Shop) -> None:
    receive(shop, shop.rice, "7", "14.29")
    sell(shop, sale(shop, line(shop.rice, "3")))
    sold = last_move(shop)
    receive(shop, shop.rice, "1", "900")
    reverse(shop, sold, "1")
    reverse(shop, sold)
    assert balance(shop, shop.rice) == (D(8), D("1000.03"))
    with pytest.raises(ReversalError):
        reverse(shop, sold)
    assert roles(shop, "inventory.reversal") == {
        "cost_of_sales": D("-42.87"),
        "inventory": D("42.87"),
    }
    assert findings(shop) == []


def test_a_receipt_goes_back_to_the_supplier_at_its_own_cost(shop: Shop) -> None:
    receive(shop, shop.rice, "10", "1")
    receive(shop, shop.rice, "1", "1000")
    dear = last_move(shop)
    sell(shop, sale(shop, line(shop.rice, "10")))
    reverse(shop, dear)
    assert balance(shop, shop.rice) == (D(0), D(0))
    assert roles(shop, "inventory.reversal") == {
        "goods_received": D(1000),
        "inventory": D("-91.82"),
        "cost_of_sales": D("-908.18"),
    }
    assert findings(shop) == []


def test_counts_and_transfers_can_be_undone(shop: Shop) -> None:
    other = second_warehouse(shop)
    receive(shop, shop.rice, "10", "7")
    for counted in (12, 9):
        with shop.house.unit(shop.tenant) as session:
            adjust_stock(session, shop.warehouse, {shop.rice: D(counted)}, reason="Inventario")
        reverse(shop, last_move(shop))
    with shop.house.unit(shop.tenant) as session:
        transfer_stock(session, shop.warehouse, other, {shop.rice: D(4)}, reference="T-1")
    back = reverse(shop, last_move(shop))
    with shop.house.unit(shop.tenant, writes=False) as session:
        there = stock_of(session, [shop.rice], shop.warehouse)
        assert there == {shop.rice: D(10)}
        assert stock_of(session, [shop.rice], other) == {shop.rice: D(0)}
    assert findings(shop) == []
    with pytest.raises(ReversalError):
        reverse(shop, back)


def test_what_is_gone_cannot_be_sent_back(shop: Shop, pharmacy: Shop) -> None:
    receive(shop, shop.rice, "2", "10")
    receipt = last_move(shop)
    sell(shop, sale(shop, line(shop.rice, "1")))
    with pytest.raises(NotEnoughStockError):
        reverse(shop, receipt)
    with pytest.raises(ReversalError):
        reverse(shop, receipt, "3")
    with pytest.raises(NotFoundError):
        reverse(pharmacy, receipt)
    with shop.house.unit(shop.tenant) as session, pytest.raises(BadStockError):
        reverse_move(session, receipt, reason="")


def test_receipts_and_sales_at_once_lose_nothing(shop: Shop) -> None:
    receive(shop, shop.rice, "20", "10")
    start, errors = Barrier(4), []

    def work(number: int) -> None:
        start.wait()
        try:
            for _ in range(3):
                if number % 2:
                    receive(shop, shop.rice, "2", "10")
                else:
                    sell(shop, sale(shop, line(shop.rice, "1")))
        except BaseException as error:
            errors.append(error)
            raise

    threads = [Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert balance(shop, shop.rice) == (D(26), D(260))
    assert findings(shop) == []


def test_a_product_first_received_by_two_at_once_has_one_balance(shop: Shop) -> None:
    start = Barrier(2)

    def work() -> None:
        start.wait()
        receive(shop, shop.panela, "1", "10")

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert balance(shop, shop.panela) == (D(2), D(20))

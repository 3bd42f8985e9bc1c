"""A stranger's first day: thirty baskets, a drawer that is short, and every figure right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

import pytest
from playwright.sync_api import Browser
from sqlalchemy import func, select

from addons.catalog.models import Barcode, Product
from addons.edi.models import Document, NumberRange
from addons.inventory.models import Balance, Location, Move
from addons.ledger.queries import balance_by_role
from addons.pos.models import DrawerSession, Payment, Sale, Till
from core.tenancy import Establishment, TenantSession
from core.verify import verify
from tests.e2e.authority import Held, held
from tests.e2e.demo import Demo
from tests.e2e.hands import logged_in

pytestmark = pytest.mark.browser

BASKETS = 30
METHODS = ("cash", "card", "transfer")
SHORT = 1500


@dataclass(frozen=True)
class Shelf:
    """What is scanned, what it costs, and how much of it there is."""

    product: Product
    code: str
    quantity: Decimal
    value: Decimal


def unit(demo: Demo) -> TenantSession:
    return TenantSession(
        demo.place.database, tenant=demo.minimarket.ref, clock=demo.place.clock, writes=False
    )


def shelves(demo: Demo) -> list[Shelf]:
    with unit(demo) as session:
        place = session.scalars(select(Establishment).where(Establishment.code == "001")).one()
        warehouse = session.scalars(
            select(Location).where(
                Location.kind == "warehouse", Location.establishment_id == place.id
            )
        ).one()
        rows = session.execute(
            select(Product, Barcode.code, Balance.quantity, Balance.value)
            .join(Barcode, Barcode.product_id == Product.id)
            .join(Balance, Balance.product_id == Product.id)
            .where(Balance.location_id == warehouse.id, Balance.quantity >= 20)
            .order_by(Product.code)
        ).all()
    return [Shelf(*row) for row in rows]


def baskets(stock: list[Shelf]) -> list[list[Shelf]]:
    chance = Random(20261121)
    return [chance.sample(stock, k=1 + number % 5) for number in range(BASKETS)]


def test_a_day_at_the_till_leaves_every_figure_right(demo: Demo, browser: Browser) -> None:
    stock = shelves(demo)
    day = baskets(stock)
    with logged_in(browser, demo.url, "yuliana@demo.guadua") as cashier:
        cashier.open_till("Caja 1")
        for number, basket in enumerate(day):
            cashier.sell([shelf.code for shelf in basket], method=1 + number % 3)
        due = [sum((shelf.product.price for shelf in basket), Decimal(0)) for basket in day]
        cash = int(100_000 + sum(due[::3]))
        cashier.close_short(cash, SHORT)
        assert cashier.faults == []
    documents = held(demo, BASKETS)
    paid = {method: sum(due[at::3], Decimal(0)) for at, method in enumerate(METHODS)}
    with unit(demo) as session:
        assert_closing(session, Decimal(cash), paid, sum(due, Decimal(0)))
        assert_stock(session, stock, Counter(s.product.id for basket in day for s in basket))
        assert_ledger(session, paid)
        assert_documents(session, documents, sum(due, Decimal(0)))
    demo.place.equip("web")
    assert list(verify(demo.place.database, demo.place.clock, demo.place.registry)) == []


def assert_closing(
    session: TenantSession, cash: Decimal, paid: dict[str, Decimal], total: Decimal
) -> None:
    drawer = session.scalars(select(DrawerSession)).one()
    assert (drawer.state, drawer.expected, drawer.counted, drawer.difference) == (
        "closed",
        cash,
        cash - SHORT,
        Decimal(-SHORT),
    )
    sums = select(Payment.method, func.sum(Payment.amount)).group_by(Payment.method)
    assert dict(session.execute(sums).all()) == paid
    sales = session.scalars(select(Sale).order_by(Sale.number)).all()
    assert sum(sale.total for sale in sales) == total
    numbers = [sale.number for sale in sales]
    assert numbers == list(range(numbers[0], numbers[0] + BASKETS))


def assert_stock(session: TenantSession, stock: list[Shelf], sold: Counter[object]) -> None:
    """Every card is lower by what was sold, at the average cost it had."""
    for shelf in stock:
        count = sold[shelf.product.id]
        left = session.scalars(
            select(Balance)
            .join(Location, Location.id == Balance.location_id)
            .join(Establishment, Establishment.id == Location.establishment_id)
            .where(Balance.product_id == shelf.product.id, Establishment.code == "001")
        ).one()
        assert left.quantity == shelf.quantity - count, shelf.product.name
        if count:
            assert abs(left.value / left.quantity - shelf.value / shelf.quantity) < 1
    moves = session.scalars(select(func.count(Move.id)).where(Move.kind == "issue")).one()
    assert moves == sum(sold.values())


def assert_ledger(session: TenantSession, paid: dict[str, Decimal]) -> None:
    days = session.scalars(select(Sale.business_date)).all()
    balances = balance_by_role(session, since=min(days), until=max(days))
    assert sum(balances.values()) == 0
    assert balances["money", "cash"] == paid["cash"] - SHORT
    assert balances["money", "card"] == paid["card"]
    assert balances["money", "transfer"] == paid["transfer"]
    assert balances["drawer_difference", ""] == SHORT
    taxes = sum(value for (role, _detail), value in balances.items() if role == "tax")
    assert -taxes == session.scalar(select(func.sum(Sale.taxes_total)))


def assert_documents(session: TenantSession, documents: Sequence[Held], total: Decimal) -> None:
    """The authority holds each sale's document once, under our code, for our total."""
    ours = session.execute(
        select(Document.prefix, Document.number, Document.code, Sale.total)
        .join(Sale, Sale.id == Document.source_id)
        .where(Document.source == "pos.sale", Sale.total == Document.total)
    ).all()
    assert len(ours) == BASKETS
    assert sorted((one.number, one.code, one.payable) for one in documents) == sorted(
        (f"{prefix}{number}", code, amount) for prefix, number, code, amount in ours
    )
    assert {one.verdicts for one in documents} == {("accepted",)}
    assert sum(one.payable for one in documents) == total
    # The first till's own range, from its first number on.
    assert {prefix for prefix, *_ in ours} == {"POSA"}
    assert {number for _, number, *_ in ours} == set(range(1, BASKETS + 1))


def test_each_till_numbers_from_a_range_of_its_own(demo: Demo) -> None:
    with unit(demo) as session:
        ranges = dict(
            session.execute(
                select(NumberRange.till_id, NumberRange.prefix).where(
                    NumberRange.till_id.is_not(None)
                )
            ).all()
        )
        tills = session.scalars(select(Till).order_by(Till.code)).all()
    assert [ranges[till.id] for till in tills] == ["POSA", "POSB", "POSC"]


def test_a_cashier_of_one_establishment_neither_sees_nor_sells_at_the_other(
    demo: Demo, browser: Browser
) -> None:
    with unit(demo) as session:
        tills = {till.code: till for till in session.scalars(select(Till))}
        sale = session.scalars(select(Sale)).first()
    assert sale is not None
    with logged_in(browser, demo.url, "andres@demo.guadua") as cashier:
        page = cashier.page
        page.goto(f"{demo.url}/pos/")
        assert page.locator("a[href^='/pos/till/']").count() == 1
        missing = "00000000-0000-7000-8000-000000000000"
        own, foreign = str(tills["C3"].id), str(tills["C1"].id)
        assert page.request.get(f"{demo.url}/pos/till/{own}").status == 200
        for path in (
            "/pos/till/{}",
            "/pos/api/v1/tills/{}/bootstrap",
            "/pos/api/v1/tills/{}/catalog",
        ):
            answers = [page.request.get(demo.url + path.format(key)) for key in (foreign, missing)]
            assert [answer.status for answer in answers] == [404, 404]
        assert page.request.get(f"{demo.url}/pos/api/v1/sales/{sale.id}").status == 404

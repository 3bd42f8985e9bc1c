from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from threading import Thread

import pytest
from sqlalchemy import func, select

from addons.catalog.models import Product
from addons.ledger.queries import balance_by_role
from addons.pos.errors import PriceChangedError, SaleRefusedError
from addons.pos.flows import complete_sale
from addons.pos.models import Payment, Sale, SaleLine
from addons.pos.pricing import Ticket
from core.db.idempotency import IdempotencyConflictError
from core.errors import NotFoundError, PlatformError
from core.ids import uuid7
from core.tenancy.cache import bump_epoch
from tests.scenarios.shop import Shop

pytestmark = pytest.mark.services

DAY = date(2026, 3, 16)
OPENED = Decimal("2750000")


def test_a_sale_posts_its_lines_taxes_payments_and_balanced_ledger(shop: Shop) -> None:
    answer = shop.sell(shop.ticket(("GAS", "2"), ("CAF", "1"), ("LEC", "3"), ("AGU", "0.75")))
    assert answer.body["full_number"] == "R1"
    assert answer.body["total"] == "54450.00"
    with shop.house.unit(shop.tenant, writes=False) as session:
        sale = session.scalars(select(Sale)).one()
        assert (sale.total, sale.taxes_total) == (Decimal("54450"), Decimal("2750.98"))
        assert sale.business_date == DAY
        assert session.scalar(select(func.count(SaleLine.id))) == 4
        balances = balance_by_role(session, since=DAY, until=DAY)
    assert balances == {
        ("money", "cash"): Decimal("54450"),
        ("income", "iva_19"): Decimal("-8739.50"),
        ("income", "iva_5"): Decimal("-21809.52"),
        ("income", "exempt"): Decimal("-13800"),
        ("income", "excluded"): Decimal("-7350"),
        ("tax", "01:19"): Decimal("-1660.50"),
        ("tax", "01:5"): Decimal("-1090.48"),
        ("cost_of_sales", ""): Decimal("36000"),
        ("inventory", ""): OPENED - Decimal("36000"),
        ("opening", ""): -OPENED,
    }


def test_a_sale_sent_twice_counts_once(shop: Shop) -> None:
    ticket = shop.ticket(("GAS", "1"))
    first, second = shop.sell(ticket), shop.sell(ticket)
    assert (first.replayed, second.replayed) == (False, True)
    assert first.body == second.body
    with shop.house.unit(shop.tenant, writes=False) as session:
        assert session.scalar(select(func.count(Sale.id))) == 1


def test_a_sale_sent_again_when_it_could_not_be_sold_any_more_answers_the_same(shop: Shop) -> None:
    ticket = shop.ticket(("GAS", "1"))
    first = shop.sell(ticket)
    with shop.house.unit(shop.tenant) as session:
        session.get_one(Product, (shop.tenant.id, shop.products["GAS"])).price = Decimal("5500")
        bump_epoch(session)
    with pytest.raises(PriceChangedError, match=r"\$\s5\.500,00"):
        shop.sell(shop.ticket(("GAS", "1")))
    with pytest.raises(IdempotencyConflictError):
        shop.sell(shop.ticket(("GAS", "2"), key=ticket.id))
    again = shop.sell(ticket)
    assert again.replayed
    assert again.body == first.body


def test_the_same_ticket_with_other_contents_is_refused(shop: Shop) -> None:
    first = shop.ticket(("GAS", "1"))
    shop.sell(first)
    with pytest.raises(IdempotencyConflictError):
        shop.sell(shop.ticket(("LEC", "1"), key=first.id))


def test_mixed_payments_are_kept_apart(shop: Shop) -> None:
    shop.sell(shop.ticket(("CAF", "1"), pays=(("cash", "2900"), ("card", "20000"))))
    with shop.house.unit(shop.tenant, writes=False) as session:
        paid = dict(session.execute(select(Payment.method, Payment.amount)).all())
    assert paid == {"cash": Decimal("2900"), "card": Decimal("20000")}


def test_what_is_not_there_is_not_sold(shop: Shop) -> None:
    with pytest.raises(SaleRefusedError, match="100"):
        shop.sell(shop.ticket(("GAS", "101")))
    shop.sell(shop.ticket(("GAS", "100")))
    with pytest.raises(SaleRefusedError):
        shop.sell(shop.ticket(("GAS", "1")))


def test_a_refused_sale_keeps_nobody_waiting(shop: Shop) -> None:
    ticket = shop.ticket(("GAS", "1"))
    line = ticket.draft.lines[0].model_copy(update={"product_id": uuid7()})
    unknown = replace(ticket, draft=ticket.draft.model_copy(update={"lines": (line,)}))
    with shop.house.session(shop.tenant) as session:
        with pytest.raises(PlatformError):
            complete_sale(session, shop.registry, unknown)
        assert not session.in_transaction()


def test_a_sale_to_nobody_that_is_known_is_refused(shop: Shop) -> None:
    ticket = shop.ticket(("GAS", "1"))
    stranger = ticket.draft.model_copy(update={"customer_id": uuid7()})
    with pytest.raises(NotFoundError):
        shop.sell(replace(ticket, draft=stranger))
    assert shop.sell(ticket).body["full_number"] == "R1"


def test_two_tills_do_not_sell_the_last_unit_twice(shop: Shop) -> None:
    shop.sell(shop.ticket(("GAS", "99")))
    tickets = [shop.ticket(("GAS", "1")) for _ in range(6)]
    outcomes: list[str] = []

    def work(ticket: Ticket) -> None:
        try:
            shop.sell(ticket)
        except SaleRefusedError:
            outcomes.append("refused")
        else:
            outcomes.append("sold")

    crowd = [Thread(target=work, args=(ticket,)) for ticket in tickets]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 5 + ["sold"]


def test_every_invariant_holds_afterwards(shop: Shop) -> None:
    for _ in range(3):
        shop.sell(shop.ticket(("GAS", "2"), ("AGU", "0.35"), ("CAF", "1")))
    with shop.house.unit(shop.tenant, writes=False) as session:
        for addon, invariant in shop.registry.everywhere.register_invariants():
            assert not invariant.check(session), (addon, invariant.code)

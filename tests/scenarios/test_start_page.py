"""What the start page and the till are told by the addons."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from addons.pos.settings import WAIT, wait_seconds
from core.addons.parts import Figure
from core.clock import StoppedClock
from core.settings.services import change_setting
from tests.scenarios.shop import Shop

pytestmark = pytest.mark.services


def sold(shop: Shop) -> Figure:
    with shop.house.unit(shop.tenant, writes=False) as session:
        hooks = shop.registry.enabled(session.enabled)
        (figure,) = [f for f in hooks.figure_items(session=session) if f.icon == "cash"]
    return figure


def test_the_owner_sees_what_was_sold_on_this_business_date(
    shop: Shop, clock: StoppedClock
) -> None:
    assert sold(shop).value == "$\u00a00"
    for _ in range(2):
        shop.sell(shop.ticket(("GAS", "1")))
    figure = sold(shop)
    assert figure.value == "$\u00a010.400"
    assert str(figure.meaning).startswith("2 ")
    clock.advance(timedelta(days=1))
    assert sold(shop).value == "$\u00a00"


def test_the_till_is_told_what_is_left_of_each_product(shop: Shop) -> None:
    shop.sell(shop.ticket(("GAS", "3"), ("AGU", "0.5")))
    with shop.house.unit(shop.tenant, writes=False) as session:
        hooks = shop.registry.enabled(session.enabled)
        levels = hooks.stock_levels(
            session=session,
            establishment_id=shop.establishment,
            product_ids=[shop.products["GAS"], shop.products["AGU"]],
        )
        elsewhere = hooks.stock_levels(
            session=session,
            establishment_id=shop.house.cashier,
            product_ids=list(shop.products.values()),
        )
    left = {level.product_id: level.available for level in levels}
    assert left == {shop.products["GAS"]: Decimal(97), shop.products["AGU"]: Decimal("99.5")}
    assert elsewhere == []


@pytest.mark.parametrize(("decided", "waited"), [("0", 1), ("7.9", 7), ("90", 30)])
def test_a_till_waits_as_long_as_its_establishment_decided(
    shop: Shop, decided: str, waited: int
) -> None:
    with shop.house.unit(shop.tenant) as session:
        assert wait_seconds(session, shop.establishment) == 3
        change_setting(session, WAIT, Decimal(decided), shop.establishment)
    with shop.house.unit(shop.tenant, writes=False) as session:
        assert wait_seconds(session, shop.establishment) == waited

"""What sells most comes first at the tills of an establishment, and only there."""

from __future__ import annotations

from uuid import UUID

import pytest

from addons.pos import frequent
from addons.pos.frequent import frequent_products
from core.testing.house import House
from tests.scenarios.shop import Shop

pytestmark = pytest.mark.services


def first(shop: Shop, establishment: UUID | None = None) -> list[str]:
    codes = {key: code for code, key in shop.products.items()}
    with shop.house.unit(shop.tenant, writes=False) as session:
        return [
            codes[key] for key in frequent_products(session, establishment or shop.establishment)
        ]


def test_tickets_count_and_not_units(shop: Shop) -> None:
    assert first(shop) == []
    shop.sell(shop.ticket(("GAS", "9"), ("AGU", "0.5")))
    shop.sell(shop.ticket(("AGU", "0.25")))
    assert first(shop) == ["AGU", "GAS"]


def test_another_establishment_and_another_business_sell_their_own(
    house: House, shop: Shop
) -> None:
    shop.sell(shop.ticket(("GAS", "1")))
    assert first(shop) == ["GAS"]
    assert first(shop, house.cashier) == []
    with house.unit(house.pharmacy, writes=False) as session:
        assert frequent_products(session, shop.establishment) == []


def test_what_sold_long_ago_gives_way(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frequent, "SALES", 2)
    for code in ("GAS", "AGU", "AGU"):
        shop.sell(shop.ticket((code, "1")))
    assert first(shop) == ["AGU"]

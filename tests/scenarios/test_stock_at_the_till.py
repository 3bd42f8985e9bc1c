"""What a till is told of the stock, where selling below zero is refused and where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from addons.catalog.services import Product
from addons.inventory.places import create_warehouse
from addons.pos.services import create_till
from core.ids import uuid7
from core.tenancy import Establishment
from core.testing.web import Browser, open_site
from tests.scenarios.shop import Shop

pytestmark = pytest.mark.services


@pytest.fixture
def browser(shop: Shop, tmp_path: Path) -> Browser:
    house = replace(shop.house, enabled=frozenset())
    site = open_site(house, tmp_path, shop.registry)
    site.enable(shop.tenant, *shop.registry.running)
    return site.browser("owner@bakery.co")


@pytest.fixture
def lenient_till(shop: Shop) -> UUID:
    """Give a till of a second establishment, whose warehouse may go below zero."""
    with shop.house.unit(shop.tenant) as session:
        branch = Establishment(code="002", name="Sucursal")
        session.add(branch)
        session.flush()
        create_warehouse(session, branch, "B002", "Bodega sucursal", negative="allow")
        return create_till(session, branch, code="C2", name="Caja 2", prefix="S").id


def catalogue(browser: Browser, till: UUID) -> Mapping[str, Mapping[str, Any]]:
    page = browser.get(f"/pos/api/v1/tills/{till}/catalog", headers={"X-Tenant": browser.tenant})
    assert page.status_code == 200, page.text
    found: Any = page.json
    return {product["code"]: product for product in found["products"]}


def asked(browser: Browser, till: UUID, product: UUID) -> Any:
    path = f"/pos/api/v1/tills/{till}/stock/{product}"
    return browser.get(path, headers={"X-Tenant": browser.tenant}).json


def test_each_till_is_told_whether_its_establishment_blocks(
    shop: Shop, lenient_till: UUID, browser: Browser
) -> None:
    told = [
        (product["stock"], product["blocks"])
        for till in (shop.till, lenient_till)
        for product in [catalogue(browser, till)["GAS"]]
    ]
    assert told == [("100", True), ("0", False)]


def test_the_question_before_a_warning_is_answered_with_the_present_figure(
    shop: Shop, lenient_till: UUID, browser: Browser
) -> None:
    gas = shop.products["GAS"]
    shop.sell(shop.ticket(("GAS", "3")))
    assert asked(browser, shop.till, gas) == {"stock": "97", "blocks": True}
    assert asked(browser, lenient_till, gas) == {"stock": "0", "blocks": False}


def test_a_product_of_another_business_is_answered_like_nobodys(
    shop: Shop, browser: Browser
) -> None:
    house = shop.house
    other = next(tenant for tenant in (house.bakery, house.pharmacy) if tenant != shop.tenant)
    with house.unit(other, writes=False) as session:
        theirs = session.scalars(select(Product.id)).first()
    assert theirs is not None
    nobodys = asked(browser, shop.till, uuid7())
    assert asked(browser, shop.till, theirs) == nobodys == {"stock": None, "blocks": False}

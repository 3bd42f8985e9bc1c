"""What a business sees is the same whether or not another one lives in the same database."""

from __future__ import annotations

import pytest

from core.testing.house import House
from core.testing.web import Browser, Site
from tests.scenarios.shop import Shop
from tests.tenancy.conftest import stocked
from tests.tenancy.matrix import Said, doors, plain, rows_of

pytestmark = pytest.mark.services


def everything_seen(site: Site, shop: Shop, sale: str) -> dict[str, Said]:
    """Open every page and every export of the bakery, with ids of its own."""
    browser: Browser = site.browser("owner@bakery.co")
    own = {
        "till_id": shop.till,
        "session_id": shop.drawer,
        "sale_id": sale,
        "product_id": shop.products["GAS"],
        "name": "pos",
        "path": "app.css",
        "uid": shop.tenant.uid,
    }
    seen = {}
    for door in doors(site.app):
        # Health and figures are of the installation, not of a business.
        public = site.platform.access[door.rule.endpoint].audience == "public"
        if door.method != "GET" or public:
            continue
        address = str(door.rule)
        for name in door.rule.arguments:
            for kind in ("uuid:", "path:", ""):
                address = address.replace(f"<{kind}{name}>", str(own.get(name, shop.till)))
        seen[address] = plain(browser.get(address), browser.token)
    return seen


def test_pages_are_the_same_when_the_other_business_has_lived(site: Site, house: House) -> None:
    bakery = stocked(house, house.bakery, (("GAS", "1"),))
    sale = bakery.sell(bakery.ticket(("CAF", "1"))).body["id"]
    before = everything_seen(site, bakery, sale)
    rows = rows_of(house, house.bakery.id)
    pharmacy = stocked(house, house.pharmacy, (("GAS", "3"), ("LEC", "2"), ("AGU", "0.5")))
    site.person("new@pharmacy.co", (house.pharmacy, "cashier"))
    with house.unit(pharmacy.tenant) as session:
        session.info["guadua_bumps_epoch"] = True
    after = everything_seen(site, bakery, sale)
    assert {a: s.status for a, s in before.items()} == {a: s.status for a, s in after.items()}
    assert [address for address in before if before[address] != after[address]] == []
    assert len(before) > 15
    assert sum(said.status == 200 for said in before.values()) > 10
    # A log-in of the reader is all that was written meanwhile, and not in the bakery's rows.
    assert rows_of(house, house.bakery.id) == rows


def test_the_next_number_does_not_tell_what_the_other_sold(site: Site, house: House) -> None:
    bakery = stocked(house, house.bakery, (("GAS", "1"),))
    stocked(house, house.pharmacy, (("GAS", "1"), ("GAS", "1"), ("GAS", "1")))
    assert bakery.sell(bakery.ticket(("GAS", "1"))).body["full_number"] == "R2"

"""The pages of the stock, as the owner, a cashier and a stranger open them."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from sqlalchemy import select

from addons.inventory.models import Location
from addons.inventory.services import adjust_stock
from addons.inventory.tests.web_house import product
from core.testing.web import Site

pytestmark = pytest.mark.services
D = Decimal


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_stock_shows_what_there_is_and_what_it_is_worth(site: Site) -> None:
    rice = product(site, site.house.bakery, "A1", "Arroz")
    product(site, site.house.pharmacy, "P1", "Jarabe")
    answer = site.browser("owner@bakery.co").get("/inventory/stock")
    assert answer.status_code == 200
    assert f"/inventory/kardex/{rice}" in answer.text
    assert "10.004,00" in answer.text
    assert "Jarabe" not in answer.text


def test_a_cashier_sees_quantities_and_no_costs(site: Site) -> None:
    rice = product(site, site.house.bakery, "A1", "Arroz")
    browser = site.browser("cashier@bakery.co")
    for path in ("/inventory/stock", f"/inventory/kardex/{rice}"):
        page = browser.get(path).text
        assert "Arroz" in page
        assert "1.250,50" not in page
        assert "10.004,00" not in page
    for path in ("/inventory/stock.csv", f"/inventory/kardex/{rice}.csv"):
        assert "1250.5" not in browser.get(path).text


def test_the_card_shows_every_move_with_the_balance_after_it(site: Site) -> None:
    rice = product(site, site.house.bakery, "A1", "Arroz")
    with site.house.unit(site.house.bakery) as session:
        warehouse = session.scalars(select(Location).where(Location.kind == "warehouse")).one()
        adjust_stock(session, warehouse.id, {rice: D(5)}, reason="Inventario físico")
    page = site.browser("owner@bakery.co").get(f"/inventory/kardex/{rice}").text
    assert "Inventario físico" in page
    assert page.index("Inventario físico") < page.index("FC-1")
    assert "6.252,50" in page


def test_a_card_of_another_business_does_not_exist(site: Site) -> None:
    syrup = product(site, site.house.pharmacy, "P1", "Jarabe")
    browser = site.browser("owner@bakery.co")
    for path in (f"/inventory/kardex/{syrup}", f"/inventory/kardex/{syrup}.csv"):
        assert browser.get(path).status_code == 404


def test_a_stranger_is_led_to_the_log_in_page(site: Site) -> None:
    assert site.browser().get("/inventory/stock").status_code in {302, 303}


def test_pages_lead_forward_and_back_by_key(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("addons.inventory.screens.PAGE", 2)
    for number in range(5):
        product(site, site.house.bakery, f"A{number}", f"Arroz {number}")
    browser, seen = site.browser("owner@bakery.co"), []
    path: str | None = "/inventory/stock"
    while path:
        page = browser.get(path).text
        seen += [number for number in range(5) if f"Arroz {number}<" in page]
        path, last = link(page, "]"), page
    assert seen == [0, 1, 2, 3, 4]
    back = link(last, "[")
    assert back is not None
    assert "Arroz 3<" in browser.get(back).text


def link(page: str, key: str) -> str | None:
    """Give the address that the key leads to."""
    before, found, _after = page.partition(f'data-hotkey="{key}"')
    if not found:
        return None
    return before.rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")


@pytest.mark.parametrize("after", ["x", "W10", "WyJhIiwiYiJd", "WyJhIiwiYiIsImMiLCJkIl0"])
def test_a_damaged_address_is_refused(site: Site, after: str) -> None:
    rice = product(site, site.house.bakery, "A1", "Arroz")
    browser = site.browser("owner@bakery.co")
    for path in ("/inventory/stock", f"/inventory/kardex/{rice}"):
        assert browser.get(f"{path}?after={after}").status_code == 422


def test_search_finds_a_product_by_the_beginning_of_a_word(site: Site) -> None:
    product(site, site.house.bakery, "A1", "Arroz blanco")
    product(site, site.house.bakery, "P1", "Panela")
    page = site.browser("owner@bakery.co").get("/inventory/stock?q=bla").text
    assert "Arroz blanco" in page
    assert "Panela" not in page


def test_files_are_complete_and_run_no_formula(site: Site) -> None:
    rice = product(site, site.house.bakery, "A1", "=HYPERLINK(1)")
    browser = site.browser("owner@bakery.co")
    stock = rows(browser.get("/inventory/stock.csv").text)
    assert stock[1] == ["A1", "'=HYPERLINK(1)", "8.000000", "1250.500000", "10004.00", "un"]
    answer = browser.get(f"/inventory/kardex/{rice}.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="kardex-A1-B001.csv"'
    assert rows(answer.text)[1][1:] == [
        "FC-1", "Entrada", "", "8.000000", "", "8.000000", "10004.00", "1250.500000", "10004.00",
    ]  # fmt: skip

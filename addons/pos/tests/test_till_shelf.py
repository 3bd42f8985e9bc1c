"""What the till shows first: what sells most, or a little of everything."""

# ruff: noqa: F811 - fixtures are imported by name so that they stay the browser tests' own

from __future__ import annotations

import pytest

from addons.pos.tests.till_backend import Backend
from addons.pos.tests.till_driver import BREAD, Cashier, text
from addons.pos.tests.till_fixtures import backend, closed_till, shop, till  # noqa: F401

pytestmark = pytest.mark.browser


def tiles(till: Cashier) -> list[str]:
    return till.page.locator(".p-prod .n").all_inner_texts()


def test_without_sales_the_shelf_shows_one_of_each_category_in_turn(till: Cashier) -> None:
    assert till.page.locator(".p-cat").first.inner_text() == "Todo"
    assert tiles(till)[:8] == [
        "Pan tajado 450 g",
        "Leche entera 1 l",
        "Arroz blanco 1 kg",
        "Aguacate hass",
        "Gaseosa cola 1,5 l",
        "Jabón en barra 300 g",
        "Huevos AA cubeta × 30",
        "Panela cuadrada 500 g",
    ]
    assert len(tiles(till)) == 18


def test_what_sells_most_comes_first_and_the_rest_follows(
    closed_till: Cashier, backend: Backend
) -> None:
    backend.business.frequent = ["p9", "gone", "p3"]
    closed_till.go()
    closed_till.open_drawer()
    assert closed_till.page.locator(".p-cat").first.inner_text() == "Frecuentes"
    assert tiles(closed_till)[:3] == [
        "Café molido 500 g",
        "Arroz blanco 1 kg",
        "Pan tajado 450 g",
    ]
    assert len(tiles(closed_till)) == 18


def test_a_sale_takes_from_what_the_tiles_say_is_left(till: Cashier) -> None:
    coffee = till.page.locator(".p-prod", has_text="Café molido").locator("small")
    bread = till.page.locator(".p-prod", has_text="Pan tajado").locator("small")
    assert (text(coffee), text(bread)) == ("Quedan 4", "36 un")
    for code in (f"4*{BREAD}", "4*7702032114509"):
        till.scan(code)
    till.pay_exact()
    till.new_sale()
    assert (text(coffee), text(bread)) == ("Agotado", "32 un")

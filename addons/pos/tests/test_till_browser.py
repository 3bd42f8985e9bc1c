"""Selling in a real browser: reads, keys and touches become the lines of a ticket."""

# ruff: noqa: F811 - fixtures are imported by name so that they stay the browser tests' own

from __future__ import annotations

import pytest

from addons.pos.tests.till_driver import AVOCADO_750_G, BREAD, MILK, RICE, SODA, Cashier, text
from addons.pos.tests.till_fixtures import backend, closed_till, shop, till  # noqa: F401

pytestmark = pytest.mark.browser


def test_a_basket_read_by_the_scanner_adds_up_to_the_shelf_prices(till: Cashier) -> None:
    for code in (BREAD, f"2*{RICE}", SODA, SODA, AVOCADO_750_G, f"3*{MILK}"):
        till.scan(code)
    assert till.lines == [
        "Pan tajado 450 g $ 7.900",
        "Arroz blanco 1 kg $ 9.800",
        "Gaseosa cola 1,5 l $ 10.400",
        "Aguacate hass $ 7.350",
        "Leche entera 1 l $ 13.800",
    ]
    assert till.total == "$ 49.250"


@pytest.mark.parametrize(
    "focus", ["input[type=search]", ".p-cat >> nth=2", ".p-pay >> nth=0", ".p-lines"]
)
def test_a_scan_sells_wherever_the_focus_is_and_stays_in_no_field(
    till: Cashier, focus: str
) -> None:
    till.scan(MILK)
    till.page.locator(focus).focus()
    till.scan(BREAD)
    assert till.total == "$ 12.500"
    assert till.page.locator("input[type=search]").input_value() == ""
    assert till.page.locator("body").get_attribute("data-screen") == "sale"


def test_a_scan_into_a_half_written_search_leaves_the_search_as_it_was(till: Cashier) -> None:
    search = till.page.locator("input[type=search]")
    search.fill("que")
    search.focus()
    till.page.wait_for_timeout(200)
    till.scan(BREAD)
    assert search.input_value() == "que"
    assert till.total == "$ 7.900"


def test_a_scan_is_heard_over_an_open_dialog(till: Cashier) -> None:
    till.key("F3")
    till.page.locator("dialog[open] input").focus()
    till.scan(BREAD)
    assert till.page.locator("dialog[open] input").input_value() == ""
    assert till.total == "$ 7.900"


def test_two_scans_two_hundred_milliseconds_apart_are_two_lines(till: Cashier) -> None:
    till.scan(BREAD, pause=200)
    till.scan(MILK, pause=200)
    till.scan(BREAD, pause=200)
    assert till.lines == ["Pan tajado 450 g $ 15.800", "Leche entera 1 l $ 4.600"]


def test_an_unknown_code_says_so_and_what_to_do(till: Cashier) -> None:
    till.scan("7700000000001")
    notice = text(till.page.locator(".p-notice"))
    assert "7700000000001" in notice
    assert "Búsquelo por nombre (F2)" in notice
    till.scan(BREAD)
    assert till.page.locator(".p-notice").inner_text() == ""
    assert till.total == "$ 7.900"


def test_a_quantity_typed_by_hand_multiplies_the_next_scan(till: Cashier) -> None:
    till.page.locator("input[type=search]").focus()
    till.key("4", "*")
    till.scan(MILK)
    assert till.total == "$ 18.400"
    till.page.locator(".p-lines").focus()
    till.key("2", "*")
    till.scan(BREAD)
    assert till.lines == ["Leche entera 1 l $ 18.400", "Pan tajado 450 g $ 15.800"]


def test_half_a_unit_of_what_is_sold_whole_is_refused(till: Cashier) -> None:
    till.scan(f"1,5*{BREAD}")
    assert "unidades enteras" in text(till.page.locator(".p-notice"))
    assert till.lines == []


def test_search_finds_without_accents_and_enter_sells_the_first(till: Cashier) -> None:
    till.key("F2")
    till.page.keyboard.type("frijol", delay=120)
    till.page.wait_for_timeout(250)
    assert till.page.locator(".p-grid .n").all_inner_texts() == ["Fríjol cargamanto 500 g"]
    till.key("Enter")
    assert till.total == "$ 7.600"


def test_weight_is_entered_by_plu_without_a_window_over_the_sale(till: Cashier) -> None:
    till.key("F9")
    till.page.locator(".p-weigh input").fill("131")
    till.key("Enter")
    till.key("1", ",", "2", "4", "Enter")
    assert till.lines == ["Banano criollo $ 3.596"]
    assert till.page.locator("dialog").count() == 0


def test_the_key_pad_changes_quantity_discount_and_price_of_the_line_in_hand(till: Cashier) -> None:
    till.scan(MILK)
    till.touch("5")
    assert till.total == "$ 23.000"
    till.touch("Desc.")
    for key in ("1", "0", "0", "0"):
        till.touch(key)
    assert till.total == "$ 22.000"
    till.touch("Precio")
    for key in ("5", "0", "0", "0"):
        till.touch(key)
    assert till.total == "$ 24.000"


def test_a_discount_above_what_the_line_is_worth_is_refused(till: Cashier) -> None:
    till.scan(MILK)
    till.touch("Desc.")
    for key in ("9", "9", "9", "9"):
        till.touch(key)
    assert "mayor que el valor" in text(till.page.locator(".p-notice"))
    assert till.total == "$ 3.601"


def test_discounts_and_prices_need_their_permission(closed_till: Cashier) -> None:
    closed_till.backend.business.permissions = []
    closed_till.go()
    closed_till.open_drawer()
    closed_till.scan(MILK)
    for key in ("Desc.", "Precio"):
        assert closed_till.page.get_by_role("button", name=key, exact=True).count() == 0
    closed_till.key("F1")
    closed_till.page.wait_for_selector("body[data-screen=keyboard]")
    closed_till.page.keyboard.type("/300", delay=120)
    closed_till.key("Enter")
    assert "no tiene permiso" in text(closed_till.page.locator(".p-notice"))
    assert closed_till.total == "$ 4.600"


@pytest.mark.parametrize("step", ["another line", "the next ticket"])
def test_a_discount_is_of_the_line_it_was_chosen_for(till: Cashier, step: str) -> None:
    till.scan(MILK)
    till.touch("Desc.")
    for key in ("6", "0", "0"):
        till.touch(key)
    assert till.total == "$ 4.000"
    if step == "the next ticket":
        till.key("F6")
    till.scan(BREAD)
    till.touch("2")
    expected = {"another line": "$ 19.800", "the next ticket": "$ 15.800"}
    assert till.total == expected[step]


def test_a_ticket_on_hold_comes_back_with_two_keys(till: Cashier) -> None:
    till.scan(MILK)
    till.key("F6")
    assert till.lines == []
    till.key("F7", "Enter")
    assert till.lines == ["Leche entera 1 l $ 4.600"]


def test_a_whole_sale_by_keyboard_touches_no_mouse(till: Cashier) -> None:
    till.key("F1")
    till.page.wait_for_selector("body[data-screen=keyboard]")
    till.page.keyboard.type(f"3*{MILK}", delay=120)
    till.key("Enter")
    till.page.keyboard.type("jabon", delay=120)
    till.key("Enter", "+", "2", "Enter", "/", "3", "0", "0", "Enter")
    assert till.total == "$ 22.800"
    till.key("ArrowUp", "Delete")
    assert till.total == "$ 9.000"
    till.pay_exact()
    till.wait_stored(1)
    (line,) = till.only_sale["lines"]
    assert (line["quantity"], line["discount"]) == ("3", "300")


def test_the_whole_phone_sale_fits_in_the_hand(closed_till: Cashier) -> None:
    closed_till.page.set_viewport_size({"width": 390, "height": 844})
    closed_till.open_drawer()
    page = closed_till.page
    page.locator(".p-prod").nth(1).click()
    page.locator(".p-prod").nth(0).click()
    page.locator(".p-phonebar .btn").click()
    assert closed_till.lines == ["Leche entera 1 l $ 4.600", "Pan tajado 450 g $ 7.900"]
    page.locator(".p-phonebar .p-pay").click()
    page.locator("[data-focus=finish]").click()
    closed_till.wait_stored(1)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390

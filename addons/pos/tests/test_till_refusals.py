"""Money is not taken for what the server will refuse, and a refused sale does not look finished."""

# ruff: noqa: F811 - fixtures are imported by name so that they stay the browser tests' own

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import BrowserContext, expect

from addons.pos.tests.till_backend import NO_ANSWER, Backend
from addons.pos.tests.till_driver import AVOCADO_750_G, BREAD, MILK, SODA, Cashier, cashier_in, text
from addons.pos.tests.till_fixtures import backend, closed_till, shop, till  # noqa: F401

pytestmark = pytest.mark.browser

EGGS: Final = "7707331000216"
COFFEE: Final = "7702032114509"
#: Longer than any hand answers a warning in.
THINKING: Final = 450
TONES: Final = """() => {
  globalThis.tones = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) {
    globalThis.tones.push(this.frequency.value);
    return start.apply(this, when);
  };
}"""
PRINTS: Final = (
    "() => { globalThis.prints = 0; globalThis.print = () => { globalThis.prints += 1; }; }"
)


def warning(till: Cashier) -> str:
    till.page.locator(".p-doubt").wait_for()
    said = text(till.page.locator(".p-doubt > div"))
    till.page.wait_for_timeout(THINKING)
    return said


def no_warning(till: Cashier) -> None:
    expect(till.page.locator(".p-doubt")).to_have_count(0)


def marks(till: Cashier) -> list[str]:
    found = till.page.locator(".p-short")
    assert found.locator("svg").count() == found.count()
    return [text(mark) for mark in found.all()]


def wait_total(till: Cashier, total: str) -> None:
    expect(till.page.locator(".p-tot .p-total")).to_have_text(total.replace("$ ", "$\u00a0"))


def test_more_than_what_is_left_is_not_added_until_it_is_read_again(till: Cashier) -> None:
    till.scan(f"4*{COFFEE}")
    assert till.backend.business.questions == []
    till.scan(COFFEE)
    assert warning(till) == (
        "Café molido 500 g: quedan 4 un y el tiquete llevaría 5 un. No se agregó. "
        "Si está seguro, léalo otra vez."
    )
    assert till.total == "$ 91.600"
    assert marks(till) == []
    till.scan(COFFEE)
    wait_total(till, "$ 114.500")
    no_warning(till)
    assert marks(till) == ["Más de lo que queda: 4 un"]
    till.scan(COFFEE)
    wait_total(till, "$ 137.400")
    assert till.backend.business.questions == ["p9"]


def test_the_server_is_asked_before_anybody_is_warned(till: Cashier) -> None:
    till.backend.business.stock = {"p7": ("12", True)}
    till.scan(f"12*{EGGS}")
    wait_total(till, "$ 238.800")
    assert till.backend.business.questions == ["p7"]
    assert marks(till) == []
    no_warning(till)
    assert text(till.page.locator(".p-prod", has_text="Huevos").locator("small")) == "12 un"


def test_where_the_establishment_allows_it_nobody_is_warned(
    closed_till: Cashier, backend: Backend
) -> None:
    backend.business.stock = {"p7": ("-3", False)}
    closed_till.open_drawer()
    closed_till.scan(EGGS)
    wait_total(closed_till, "$ 19.900")
    assert marks(closed_till) == []


def test_without_a_server_the_figure_at_hand_decides(till: Cashier) -> None:
    till.backend.business.broken = True
    till.scan(EGGS)
    assert "quedan 0 un" in warning(till)
    till.key("Enter")
    assert till.lines == ["Huevos AA cubeta × 30 $ 19.900"]
    assert marks(till) == ["Más de lo que queda: 0 un"]


def test_a_server_that_does_not_answer_keeps_nobody_waiting(till: Cashier) -> None:
    till.backend.business.answers_stock.clear()
    till.scan(EGGS)
    till.scan(BREAD)
    assert "quedan 0 un" in warning(till)
    assert till.lines == ["Pan tajado 450 g $ 7.900"]
    till.backend.business.answers_stock.set()


def test_what_was_scanned_while_the_server_is_asked_is_paid_for(till: Cashier) -> None:
    till.backend.business.stock = {"p7": ("12", True)}
    till.scan(EGGS, pause=0)
    till.scan(EGGS, pause=0)
    till.pay("Enter")
    till.wait_stored(1)
    (line,) = till.only_sale["lines"]
    assert (line["product_id"], line["quantity"]) == ("p7", "2")


def test_two_units_read_before_anybody_can_react_are_one_warning(till: Cashier) -> None:
    till.backend.business.settings = {"sounds": True}
    till.go()
    till.page.evaluate(TONES)
    till.scan(EGGS, pause=0)
    till.scan(EGGS, pause=0)
    assert "llevaría 2 un" in warning(till)
    assert till.lines == []
    assert till.page.evaluate("() => globalThis.tones") == [220]
    till.scan(EGGS)
    wait_total(till, "$ 39.800")


def test_a_warning_outlives_the_next_product_and_escape_ends_it(till: Cashier) -> None:
    till.scan(EGGS)
    warning(till)
    till.scan(MILK)
    assert "Huevos" in warning(till)
    till.key("Escape")
    no_warning(till)
    assert till.lines == ["Leche entera 1 l $ 4.600"]
    till.key("Enter")
    assert till.lines == ["Leche entera 1 l $ 4.600"]


def test_the_stepper_asks_too_and_a_typed_quantity_is_said_at_once(till: Cashier) -> None:
    till.scan(f"4*{COFFEE}")
    till.touch("Uno más")
    assert "llevaría 5 un" in warning(till)
    assert till.total == "$ 91.600"
    till.touch("Uno más")
    wait_total(till, "$ 114.500")
    till.key("F6")
    till.scan(COFFEE)
    till.touch("9")
    till.page.get_by_text("el tiquete lleva 9").wait_for()
    assert till.total == "$ 206.100"
    assert marks(till) == ["Más de lo que queda: 4 un"]


def test_what_is_weighed_above_what_is_left_is_added_on_enter(till: Cashier) -> None:
    till.key("F9")
    till.page.locator(".p-weigh input").fill("131")
    till.key("Enter", "7", "0", "Enter")
    assert "quedan 65,2 kg y el tiquete llevaría 70 kg" in warning(till)
    assert till.lines == []
    till.key("Enter")
    assert till.lines == ["Banano criollo $ 203.000"]
    assert marks(till) == ["Más de lo que queda: 65,2 kg"]


def test_enter_on_the_line_of_the_keyboard_insists_and_does_not_pay(till: Cashier) -> None:
    till.key("F1")
    till.page.wait_for_selector("body[data-screen=keyboard]")
    till.page.keyboard.type(EGGS, delay=120)
    till.key("Enter")
    warning(till)
    till.key("Enter")
    wait_total(till, "$ 19.900")
    assert till.page.locator("body").get_attribute("data-screen") == "keyboard"
    assert marks(till) == ["Más de lo que queda: 0 un"]


def test_on_a_phone_the_warning_is_whole_and_touched_again_it_is_sold(
    closed_till: Cashier,
) -> None:
    closed_till.page.set_viewport_size({"width": 390, "height": 844})
    closed_till.open_drawer()
    tile = closed_till.page.locator(".p-prod", has_text="Huevos")
    tile.click()
    warning(closed_till)
    assert closed_till.page.evaluate("() => document.documentElement.scrollWidth") <= 390
    closed_till.page.get_by_role("button", name="Agregar así").click()
    no_warning(closed_till)
    assert text(closed_till.page.locator(".p-phonebar .p-pay")).endswith("$ 19.900")


def refused_sale(till: Cashier) -> None:
    """Sell what the server refuses, with a change, a discount, a weight and a customer."""
    till.backend.business.refused = {"p2"}
    till.page.evaluate(PRINTS)
    till.scan(AVOCADO_750_G)
    till.scan(f"3*{MILK}")
    till.touch("Desc.")
    till.key("8", "0", "0")
    till.key("F3")
    till.page.locator("#customer-q").fill("rosalba")
    till.page.locator("dialog .p-m", has_text="Rosalba").click()
    till.pay("5", "0", "0", "0", "0", "Enter")
    till.page.locator(".p-refusal").wait_for()


def test_a_refused_sale_says_why_and_what_to_give_back(till: Cashier) -> None:
    refused_sale(till)
    said = text(till.page.locator(".p-refusal"))
    assert "La venta no se hizo" in said
    assert "Un producto de la venta ya no existe." in said
    assert text(till.page.locator(".p-refusal .p-huge")) == "$ 50.000"
    assert "Si ya entregó las vueltas de $ 29.650, devuelva $ 20.350." in said
    for key in ("Enter", "Escape"):
        till.key(key)
    till.scan(BREAD)
    assert "Decida primero" in text(till.page.locator(".p-notice"))
    assert till.page.locator(".p-refusal").is_visible()


def test_a_refused_sale_is_corrected_whole_under_a_key_of_its_own(till: Cashier) -> None:
    refused_sale(till)
    (refused,) = till.outbox()
    till.key("1")
    till.page.wait_for_selector("body[data-screen=sale]")
    assert till.lines == ["Aguacate hass $ 7.350", "Leche entera 1 l $ 13.000"]
    assert "Rosalba Núñez" in text(till.page.locator(".p-customer"))
    till.backend.business.refused = set()
    till.pay_exact()
    till.wait_stored(1)
    withdrawn, stored = till.outbox()
    assert (withdrawn["uuid"], withdrawn["state"]) == (refused["uuid"], "withdrawn")
    assert withdrawn["body"] == refused["body"]
    assert withdrawn["error"]["message"] == "Un producto de la venta ya no existe."
    assert withdrawn["withdrawn_by"] == {"id": "u1", "name": "Yuliana Pérez"}
    assert withdrawn["withdrawn_at"] >= withdrawn["created_at"]
    assert withdrawn["replaced_by"] == stored["uuid"] != refused["uuid"]
    doc = till.only_sale
    assert doc["customer_id"] == "c1"
    assert [(line["quantity"], line["discount"]) for line in doc["lines"]] == [
        ("0.75", "0"),
        ("3", "800"),
    ]


def test_a_refusal_that_comes_while_the_next_sale_is_pressed_is_decided_first(
    till: Cashier,
) -> None:
    business = till.backend.business
    business.next_sync = [503]
    till.scan(BREAD)
    till.pay_exact()
    till.page.locator("[data-focus=next]").hover()
    till.page.mouse.down()
    business.refused = {"p1"}
    for _ in range(60):
        if [row["state"] for row in till.outbox()] == ["review"]:
            break
        till.page.wait_for_timeout(50)
    till.page.mouse.up()
    till.page.locator(".p-refusal").wait_for()
    assert till.page.locator("body").get_attribute("data-screen") == "receipt"


def test_a_withdrawn_sale_is_never_sent_again_and_has_no_copy(
    till: Cashier, shop: BrowserContext
) -> None:
    refused_sale(till)
    (refused,) = till.outbox()
    till.key("1")
    till.page.wait_for_selector("body[data-screen=sale]")
    till.page.close()
    again = cashier_in(shop, till.backend)
    again.go()
    assert again.lines == ["Aguacate hass $ 7.350", "Leche entera 1 l $ 13.000"]
    assert "por revisar" not in text(again.page.locator(".p-bar"))
    till.backend.business.refused = set()
    again.pay_exact()
    again.wait_stored(1)
    sent = [uuid for post in till.backend.business.posts for uuid in post]
    assert sent.count(refused["uuid"]) == 1
    again.new_sale()
    again.page.get_by_role("button", name="Más opciones").click()
    again.touch("Últimos tiquetes y copias")
    expect(again.page.locator("dialog .p-m")).to_have_count(1)


def test_a_refused_sale_may_be_left_to_review_and_is_not_printed(till: Cashier) -> None:
    refused_sale(till)
    till.page.wait_for_timeout(2500)
    till.key("2")
    till.page.wait_for_selector("body[data-screen=sale]")
    assert till.lines == []
    assert "1 por revisar" in text(till.page.locator(".p-bar"))
    assert [row["state"] for row in till.outbox()] == ["review"]
    till.page.get_by_role("button", name="Más opciones").click()
    till.touch("Últimos tiquetes y copias")
    till.page.locator("dialog .p-m").click()
    till.page.wait_for_selector("body[data-screen=receipt]")
    assert till.page.get_by_role("button", name="Imprimir").count() == 0
    assert till.page.locator(".t-80").count() == 0
    assert till.page.evaluate("() => globalThis.prints") == 0


def test_a_sale_that_the_server_had_taken_is_not_sold_twice(till: Cashier) -> None:
    business = till.backend.business
    business.next_sync = [NO_ANSWER, 422]
    till.scan(BREAD)
    till.pay_exact()
    till.page.locator(".p-refusal").wait_for()
    till.key("1")
    till.page.get_by_text("sí había recibido la venta").wait_for()
    till.wait_stored(1)
    assert till.page.locator("[data-focus=next]").is_visible()
    assert len(business.sales) == 1


def test_without_a_server_a_refused_sale_is_not_taken_back(till: Cashier) -> None:
    refused_sale(till)
    till.backend.business.broken = True
    till.key("1")
    till.page.get_by_text("El servidor no responde").wait_for()
    assert till.page.locator(".p-refusal").is_visible()
    assert [row["state"] for row in till.outbox()] == ["review"]


def test_a_refusal_after_the_wait_is_set_aside_as_ever(till: Cashier) -> None:
    business = till.backend.business
    business.broken = True
    business.refused = {"p6"}
    till.scan(SODA)
    till.pay_exact()
    till.page.wait_for_timeout(2500)
    business.broken = False
    till.page.get_by_text("Por revisar: el servidor no la recibió").wait_for()
    assert till.page.locator(".p-refusal").count() == 0
    assert till.page.locator("[data-focus=next]").is_visible()

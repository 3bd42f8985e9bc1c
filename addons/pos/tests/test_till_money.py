"""Money at the till in a real browser: payments, change, the drawer, the paper."""

# ruff: noqa: F811 - fixtures are imported by name so that they stay the browser tests' own

from __future__ import annotations

from decimal import Decimal

import pytest

from addons.pos.tests.till_driver import BREAD, MILK, SOAP, Cashier, text
from addons.pos.tests.till_fixtures import backend, closed_till, shop, till  # noqa: F401

pytestmark = pytest.mark.browser


def test_the_drawer_opens_with_its_float_before_anything_is_sold(closed_till: Cashier) -> None:
    closed_till.scan(BREAD)
    assert "Abra la caja" in text(closed_till.page.locator(".p-notice"))
    closed_till.open_drawer("$ 150.000")
    session = closed_till.backend.business.session
    assert session is not None
    assert session["float"] == "150000"
    assert closed_till.lines == []


def test_cash_is_paid_with_change_in_notes_and_coins(till: Cashier) -> None:
    till.scan(BREAD)
    till.pay()
    till.touch("$ 10.000")
    assert "2.100" in text(till.page.locator(".p-change"))
    assert text(till.page.locator(".p-change .g-2nd")) == "1 de 2.000 · 1 de 100"
    till.key("Enter")
    till.page.wait_for_selector("body[data-screen=receipt]")
    assert text(till.page.locator(".p-huge")) == "$ 2.100"
    till.wait_stored(1)
    (payment,) = till.only_sale["payments"]
    assert (payment["method"], payment["amount"], payment["tendered"]) == ("cash", "7900", "10000")


def test_digits_choose_the_method_and_then_write_the_amount(till: Cashier) -> None:
    till.scan(BREAD)
    till.pay("2", "Escape", "1", "2", "0", "0", "0", "0")
    assert text(till.page.locator(".p-change .p-huge")) == "$ 12.100"
    till.key("Enter")
    till.wait_stored(1)


@pytest.mark.parametrize(("digit", "method"), [("2", "card"), ("3", "transfer")])
def test_card_and_transfer_keep_their_reference(till: Cashier, digit: str, method: str) -> None:
    till.scan(BREAD)
    till.pay(digit)
    till.page.locator(".p-ref input").fill("M7264510")
    till.key("Enter")
    till.wait_stored(1)
    (payment,) = till.only_sale["payments"]
    assert (payment["method"], payment["amount"], payment["reference"]) == (
        method,
        "7900",
        "M7264510",
    )


def test_a_card_cannot_be_charged_more_than_what_is_due(till: Cashier) -> None:
    till.scan(BREAD)
    till.pay("2", "9", "0", "0", "0")
    assert till.page.locator("[data-focus=finish]").is_disabled()
    till.key("Enter")
    assert till.page.locator("body").get_attribute("data-screen") == "pay"


def test_a_mixed_payment_covers_the_total_exactly_once(till: Cashier) -> None:
    till.scan(f"3*{MILK}")
    till.scan(BREAD)
    till.pay("3", "8", "0", "0", "0", "Enter")
    assert "13.700" in text(till.page.locator(".p-payline.on"))
    till.key("1", "2", "0", "0", "0", "0", "Enter")
    till.wait_stored(1)
    payments = till.only_sale["payments"]
    assert [(p["method"], p["amount"], p["tendered"]) for p in payments] == [
        ("transfer", "8000", "8000"),
        ("cash", "13700", "20000"),
    ]
    assert sum(Decimal(p["amount"]) for p in payments) == Decimal(21700)


def test_a_line_taken_away_and_cash_moved_with_its_reason(till: Cashier) -> None:
    till.scan(BREAD)
    till.scan(SOAP)
    till.page.get_by_role("button", name="Quitar Jabón en barra 300 g").click()
    assert till.lines == ["Pan tajado 450 g $ 7.900"]
    till.key("F10")
    till.page.locator("#move-amount").fill("20.000")
    till.touch("Registrar")
    assert "motivo" in text(till.page.locator("dialog .g-err"))
    till.page.locator("#move-reason").fill("Domicilio")
    till.touch("Registrar")
    till.page.wait_for_selector("dialog", state="detached")
    (moved,) = till.backend.business.movements
    assert (moved["kind"], moved["amount"], moved["reason"]) == ("out", "20000", "Domicilio")


def test_a_customer_goes_with_the_sale(till: Cashier) -> None:
    till.scan(BREAD)
    till.key("F3")
    till.page.locator("#customer-q").fill("rosalba")
    till.page.get_by_role("button", name="Rosalba Núñez").click()
    till.pay_exact()
    till.wait_stored(1)
    assert till.only_sale["customer_id"] == "c1"
    assert "Rosalba Núñez" in text(till.page.locator(".t-80"))


def test_a_drawer_fifteen_hundred_short_says_so_and_closes(till: Cashier) -> None:
    till.scan(BREAD)
    till.pay_exact()
    till.wait_stored(1)
    till.new_sale()
    till.page.get_by_role("button", name="Más opciones").click()
    till.touch("Cerrar la caja")
    page = till.page
    page.wait_for_selector("body[data-screen=close]")
    assert "206.400" not in page.inner_text("body")
    assert "207.900" not in page.inner_text("body").replace("\u00a0", " ")
    for value, count in (("100000", "2"), ("5000", "1"), ("1000", "1"), ("200", "2")):
        page.locator(f"[data-focus=n-{value}]").fill(count)
        page.locator(f"[data-focus=n-{value}]").blur()
    page.locator("[data-focus=compare]").click()
    page.wait_for_selector(".p-diff")
    assert text(page.locator(".p-diff .p-huge")) == "$ 1.500"
    assert "Faltan en efectivo" in text(page.locator(".p-diff"))
    page.locator("#why").fill("Vueltas mal dadas")
    page.locator("[data-focus=close]").click()
    page.get_by_role("button", name="Abrir otro turno").wait_for()
    (closing,) = till.backend.business.closings
    assert closing["counted_total"] == "206400"
    assert closing["note"] == "Vueltas mal dadas"
    assert {"denomination": "100000", "count": 2} in closing["counted"]


def test_a_copy_says_so(till: Cashier) -> None:
    till.scan(BREAD)
    till.pay("1", "1", "0", "0", "0", "0", "Enter")
    till.page.wait_for_selector("body[data-screen=receipt]")
    assert "Devuelva" in text(till.page.locator(".p-after"))
    till.wait_stored(1)
    till.new_sale()
    till.page.get_by_role("button", name="Más opciones").click()
    till.touch("Últimos tiquetes y copias")
    till.page.locator("dialog .p-m").click()
    paper = text(till.page.locator(".t-80"))
    assert paper.startswith("COPIA")
    assert "POSE-1096" in paper
    # The change was given then: a copy asks nobody to give it again.
    after = text(till.page.locator(".p-after"))
    assert "Devuelva" not in after
    assert "$\u00a07.900" in till.page.locator(".p-after .p-huge").inner_text()
    till.page.get_by_text("Validado por la DIAN").wait_for()


def test_the_first_print_is_the_ticket_and_the_next_ones_are_copies(
    closed_till: Cashier,
) -> None:
    closed_till.page.add_init_script(
        "window.printed = []; window.print = () => "
        "printed.push(document.querySelector('.t-80').innerText);"
    )
    closed_till.go()
    closed_till.open_drawer()
    closed_till.scan(BREAD)
    closed_till.pay_exact()
    closed_till.page.wait_for_function("() => printed.length === 1")
    closed_till.touch("Imprimir copia")
    first, second = closed_till.page.evaluate("() => printed")
    assert "COPIA" not in first
    assert "POSE-1096" in first
    assert second.startswith("COPIA")


def test_on_paper_there_is_only_the_ticket_72_millimetres_wide(till: Cashier) -> None:
    till.scan(BREAD)
    till.pay_exact()
    till.page.get_by_text("Validado por la DIAN").wait_for()
    till.page.emulate_media(media="print")
    paper = till.page.locator(".t-80").bounding_box()
    assert paper is not None
    assert round(paper["width"] / 96 * 25.4) == 72
    assert not till.page.locator(".p-bar").is_visible()
    assert not till.page.locator(".p-after").is_visible()
    qr = till.page.locator(".t-qr").bounding_box()
    assert qr is not None
    assert qr["width"] / 96 * 25.4 >= 20


def test_the_cash_part_is_rounded_down_for_the_customer_only_where_the_shop_asks(
    closed_till: Cashier,
) -> None:
    closed_till.backend.business.settings = {"cash_rounding": "50"}
    closed_till.go()
    closed_till.open_drawer()
    closed_till.scan("0,333*131")
    assert closed_till.total == "$ 965,70"
    closed_till.pay()
    assert "$ 950" in text(closed_till.page.locator(".p-payline.on"))
    closed_till.key("2")
    assert "$ 965,70" in text(closed_till.page.locator(".p-payline.on"))

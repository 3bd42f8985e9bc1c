"""A till whose server is not always there: every paid sale arrives, and counts once."""

# ruff: noqa: F811 - fixtures are imported by name so that they stay the browser tests' own

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from addons.pos.tests.till_backend import NO_ANSWER
from addons.pos.tests.till_driver import BREAD, MILK, SOAP, SODA, Cashier, cashier_in, text
from addons.pos.tests.till_fixtures import backend, closed_till, shop, till  # noqa: F401

pytestmark = pytest.mark.browser


def test_a_second_tab_only_looks_and_takes_over_when_the_first_goes(
    till: Cashier, shop: BrowserContext
) -> None:
    till.scan(BREAD)
    other = cashier_in(shop, till.backend)
    other.go()
    assert "Solo lectura" in text(other.page.locator(".p-bar"))
    other.scan(MILK)
    assert "otra pestaña" in text(other.page.locator(".p-notice"))
    till.page.close()
    other.page.wait_for_function(
        "() => !document.querySelector('.p-bar').innerText.includes('Solo lectura')"
    )
    assert other.lines == ["Pan tajado 450 g $ 7.900"]
    other.pay_exact()
    other.wait_stored(1)


def test_a_ticket_on_hold_and_the_open_one_survive_a_reload(till: Cashier) -> None:
    till.scan(BREAD)
    till.key("F6")
    till.scan(MILK)
    till.page.wait_for_timeout(150)
    till.go()
    assert till.lines == ["Leche entera 1 l $ 4.600"]
    till.key("F7")
    till.page.locator("dialog[open] .p-m").click()
    till.page.wait_for_timeout(150)
    assert till.lines == ["Pan tajado 450 g $ 7.900"]
    assert "1 en espera" in text(till.page.locator(".p-right"))


def test_the_answer_of_another_business_stops_the_till(till: Cashier) -> None:
    till.scan(BREAD)
    till.backend.business.switched = True
    till.pay("Enter")
    till.page.get_by_text("Usted cambió de negocio").wait_for()
    assert [row["state"] for row in till.outbox()] == ["waiting"]


def test_a_lost_answer_is_followed_by_the_same_sale_and_counted_once(till: Cashier) -> None:
    till.backend.business.next_sync = [NO_ANSWER]
    till.scan(BREAD)
    till.pay_exact()
    till.wait_stored(1)
    first, second = till.backend.business.posts
    assert first == second
    assert len(till.backend.business.sales) == 1


@pytest.mark.parametrize("moment", ["before_sending", "before_the_answer"])
def test_a_page_killed_between_paying_and_sending_sends_once_after_the_reload(
    till: Cashier, shop: BrowserContext, moment: str
) -> None:
    business = till.backend.business
    business.next_sync = [503] if moment == "before_sending" else [NO_ANSWER]
    till.scan(BREAD)
    till.pay_exact()
    (kept,) = till.outbox()
    till.page.close()
    again = cashier_in(shop, till.backend)
    again.go()
    again.wait_stored(1)
    assert list(business.sales) == [kept["uuid"]]
    assert {uuid for post in business.posts for uuid in post} == {kept["uuid"]}
    assert again.lines == []


def test_a_server_that_fails_twice_gets_the_sale_the_third_time(till: Cashier) -> None:
    business = till.backend.business
    business.next_sync = [500, 500]
    till.scan(BREAD)
    till.pay_exact()
    till.page.wait_for_function(
        "() => document.querySelector('.p-bar').innerText.includes('1 por enviar')"
    )
    till.wait_stored(1)
    assert len(business.posts) == 3
    assert len({tuple(post) for post in business.posts}) == 1
    till.page.wait_for_function(
        "() => document.querySelector('.p-bar').innerText.includes('Todo enviado')"
    )


def test_a_rejected_sale_is_set_aside_and_blocks_no_other(till: Cashier) -> None:
    business = till.backend.business
    business.refused = {"p2"}
    till.scan(MILK)
    till.pay_exact()
    till.page.locator("[data-focus=leave]").click()
    till.scan(BREAD)
    till.pay_exact()
    till.wait_stored(1)
    assert [row["state"] for row in till.outbox()] == ["review", "stored"]
    till.page.locator(".p-chip", has_text="1 por revisar").click()
    assert "ya no existe" in text(till.page.locator("dialog"))
    business.refused = set()
    till.touch("Enviar otra vez")
    till.wait_stored(2)
    assert len(business.sales) == 2


def test_a_batch_the_server_cannot_read_goes_one_by_one_until_the_bad_one_is_found(
    till: Cashier,
) -> None:
    business = till.backend.business
    business.broken = True
    for code in (MILK, BREAD):
        till.scan(code)
        till.pay_exact()
        till.new_sale()
    business.broken = False
    business.next_sync = [422, 422]
    till.wait_stored(1)
    assert sorted(row["state"] for row in till.outbox()) == ["review", "stored"]


def test_sales_without_a_server_are_kept_said_and_sent_when_it_is_back(till: Cashier) -> None:
    business = till.backend.business
    business.broken = True
    for code in (BREAD, MILK, SODA):
        till.scan(code)
        till.pay_exact()
        till.new_sale()
    till.page.wait_for_function(
        "() => document.querySelector('.p-bar').innerText.includes('3 por enviar')"
    )
    till.go()
    assert "no responde" in text(till.page.locator(".p-notice"))
    till.scan(SOAP)
    till.pay_exact()
    assert "COMPROBANTE PROVISIONAL" in text(till.page.locator(".t-80"))
    business.broken = False
    till.wait_stored(4)
    assert [sale["doc"]["total"] for sale in business.sales.values()] == [
        "7900",
        "4600",
        "5200",
        "3100",
    ]
    assert "POSE-1099" in text(till.page.locator(".t-80"))


def test_the_ticket_waits_for_validation_only_as_long_as_it_was_told(till: Cashier) -> None:
    till.backend.business.accepts_after = 2
    till.scan(BREAD)
    till.pay_exact()
    till.page.get_by_text("Validado por la DIAN").wait_for()
    assert "Pendiente de validación DIAN" not in text(till.page.locator(".t-80"))
    till.new_sale()
    till.backend.business.accepts_after = 999
    till.scan(BREAD)
    till.pay_exact()
    till.wait_stored(2)
    till.page.wait_for_timeout(2500)
    assert "Pendiente de validación DIAN" in text(till.page.locator(".t-80"))


def test_the_till_sells_from_what_it_kept_when_the_catalogue_does_not_answer(
    till: Cashier,
) -> None:
    till.page.wait_for_timeout(300)
    till.backend.business.broken = True
    till.go()
    till.scan(BREAD)
    assert till.total == "$ 7.900"


def test_a_button_pressed_while_the_answers_come_does_what_it_says(till: Cashier) -> None:
    till.backend.business.accepts_after = 99
    till.scan(BREAD)
    till.pay_exact()
    till.wait_stored(1)
    asked = till.backend.business.asked
    further = till.page.locator("[data-focus=next]")
    further.hover()
    till.page.mouse.down()
    before = sum(asked.values())
    for _ in range(60):
        if sum(asked.values()) > before + 1:
            break
        till.page.wait_for_timeout(50)
    till.page.mouse.up()
    expect(till.page.locator("body")).to_have_attribute("data-screen", "sale")

"""Every screen of the till, light and dark, at the counter and on a phone: accessible and whole.

The pictures land in ``var/till/`` to be looked at.
"""

# ruff: noqa: F811 - fixtures are imported by name so that they stay the browser tests' own

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from addons.pos.tests.till_backend import Backend
from addons.pos.tests.till_driver import AVOCADO_750_G, BREAD, MILK, RICE, SODA, Cashier, cashier_in
from addons.pos.tests.till_fixtures import backend  # noqa: F401

pytestmark = pytest.mark.browser

PICTURES: Final = Path(__file__).resolve().parents[3] / "var" / "till"
SIZES: Final = {"counter": (1280, 800), "phone": (390, 844)}
BAR: Final = "document.querySelector('.p-bar').innerText"
BASKET: Final = (BREAD, f"2*{RICE}", f"2*{SODA}", "7709102200317", AVOCADO_750_G, f"3*{MILK}")

OVERFLOWING: Final = """() => {
  const lists = ".p-cats, .p-keys, .visually-hidden";
  const wide = document.documentElement.scrollWidth > innerWidth;
  const found = wide ? ["the page is wider than its window"] : [];
  for (const node of document.querySelectorAll("button, .g-num, h1, .p-huge")) {
    const box = node.getBoundingClientRect();
    const out = box.right > innerWidth + 1 || box.left < -1;
    if (out && box.width > 1 && node.checkVisibility() && !node.closest(lists))
      found.push(node.outerHTML.slice(0, 120));
  }
  return found;
}"""

SMALL: Final = """() => [
  ...document.querySelectorAll(".p-stage button, .p-stage input, dialog button")]
  .filter((node) => node.checkVisibility())
  .map((node) => [node.getBoundingClientRect(), node])
  .filter(([box]) => box.width < 43.5 || box.height < 47.5)
  .map(([box, node]) => `${box.width}x${box.height} ${node.outerHTML.slice(0, 100)}`)"""


Station = Callable[[Cashier], None]


def selling(till: Cashier) -> None:
    till.open_drawer()
    for code in BASKET:
        till.scan(code, pause=30)


def unknown_code(till: Cashier) -> None:
    till.scan("7700000000001")


def too_few(till: Cashier) -> None:
    till.scan("7707331000216")
    till.page.locator(".p-doubt").wait_for()
    till.page.wait_for_timeout(500)


def weighing(till: Cashier) -> None:
    till.page.locator(".p-weigh input").fill("131")
    till.key("Enter", "1", ",", "2", "4")


def ticket(till: Cashier) -> None:
    till.key("Escape")
    if till.page.locator(".p-phonebar .btn").is_visible():
        till.page.locator(".p-phonebar .btn").click()
    else:
        till.page.get_by_role("button", name="Teclado").first.click()


def more_options(till: Cashier) -> None:
    till.page.get_by_role("button", name="Más opciones").click()


def cash_movement(till: Cashier) -> None:
    till.touch("Cerrar esta ventana")
    till.key("F10")


def paying(till: Cashier) -> None:
    till.touch("Cerrar esta ventana")
    till.pay()


def paying_mixed(till: Cashier) -> None:
    till.key("Escape", "3", "2", "0", "0", "0", "0", "+", "1", "5", "0", "0", "0", "0")


def receipt(till: Cashier) -> None:
    till.key("Enter")
    till.page.get_by_text("Validado por la DIAN").wait_for()


def line_above_stock(till: Cashier) -> None:
    till.new_sale()
    too_few(till)
    till.key("Enter")
    till.page.locator(".p-short").wait_for(state="attached")
    sheet = till.page.locator(".p-phonebar .btn")
    if sheet.is_visible():
        sheet.click()


def refused(till: Cashier) -> None:
    till.backend.business.refused = {"p7"}
    till.pay("5", "0", "0", "0", "0", "Enter")
    till.page.locator(".p-refusal").wait_for()


def receipt_without_server(till: Cashier) -> None:
    till.page.locator("[data-focus=leave]").click()
    till.backend.business.broken = True
    till.scan(BREAD)
    till.pay_exact()
    till.page.wait_for_function(f"() => {BAR}.includes('por enviar')")
    # Longer than the receipt waits: what is refused later is set aside without a word.
    till.page.wait_for_timeout(2500)


def to_review(till: Cashier) -> None:
    till.backend.business.refused = {"p1"}
    till.backend.business.broken = False
    till.page.locator(".p-chip.bad").click()


def counting(till: Cashier) -> None:
    till.touch("Cerrar esta ventana")
    till.new_sale()
    sheet = till.page.locator(".p-phonebar .btn")
    if sheet.is_visible():
        sheet.click()
    more_options(till)
    till.touch("Cerrar la caja")
    till.page.wait_for_selector("body[data-screen=close]")


def comparing(till: Cashier) -> None:
    for value, count in (("100000", "2"), ("20000", "1"), ("10000", "1"), ("200", "2")):
        till.page.locator(f"[data-focus=n-{value}]").fill(count)
        till.page.locator(f"[data-focus=n-{value}]").blur()
    till.page.locator("[data-focus=compare]").click()
    till.page.wait_for_selector(".p-diff")


def closed(till: Cashier) -> None:
    till.page.locator("[data-focus=close]").click()
    till.page.get_by_role("button", name="Abrir otro turno").wait_for()


def keyboard(till: Cashier) -> None:
    till.backend.business.settings = {"keyboard": True, "left_handed": True}
    till.backend.business.mode = "contingency"
    till.go()
    selling(till)
    entry = till.page.locator(".p-kin")
    if entry.is_visible():
        entry.fill(f"3*{MILK}")


#: One working day, station by station: each goes on from where the one before it stopped.
DAY: Final[dict[str, Station]] = {
    "opening": Cashier.go,
    "selling": selling,
    "unknown-code": unknown_code,
    "too-few": too_few,
    "choosing-weighed": lambda till: till.key("Escape", "F9"),
    "weighing": weighing,
    "ticket": ticket,
    "more-options": more_options,
    "cash-movement": cash_movement,
    "paying": paying,
    "paying-by-card": lambda till: till.key("2"),
    "paying-mixed": paying_mixed,
    "receipt": receipt,
    "line-above-stock": line_above_stock,
    "refused": refused,
    "receipt-without-server": receipt_without_server,
    "to-review": to_review,
    "counting": counting,
    "comparing": comparing,
    "closed": closed,
    "other-modes": keyboard,
}


def faults_of(till: Cashier, station: str, size: str) -> list[str]:
    """Look at a station in both themes: keep its picture, tell what is wrong with it."""
    found: list[str] = []
    for theme in ("light", "dark"):
        till.page.evaluate(
            "(theme) => { document.documentElement.dataset.bsTheme = theme; }", theme
        )
        till.page.wait_for_timeout(40)
        till.page.screenshot(path=PICTURES / f"{station}-{size}-{theme}.png")
        report = Axe().run(till.page).response
        found += [
            f"{theme} {fault['id']}: {fault['nodes'][0]['html'][:160]}"
            for fault in report["violations"]
            if fault["impact"] in {"serious", "critical"}
        ]
    found += till.page.evaluate(OVERFLOWING) + till.page.evaluate(SMALL)
    return [f"{station}: {fault}" for fault in found]


@pytest.mark.parametrize("size", SIZES)
def test_every_screen_is_whole_and_accessible_in_light_and_dark(
    browser: Browser, backend: Backend, size: str
) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="es-CO", reduced_motion="reduce"
    )
    till = cashier_in(context, backend)
    PICTURES.mkdir(parents=True, exist_ok=True)
    found: list[str] = []
    for station, reach in DAY.items():
        reach(till)
        found += faults_of(till, station, size)
    context.close()
    assert found + till.faults == []

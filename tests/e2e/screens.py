"""Takes the pictures of docs/screens: ``python -m tests.e2e.screens``.

Each screen of the demonstration at 1280×800 and 390×844, light and dark, after a sale.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from addons.catalog.models import Barcode, Product
from core.demo import PASSWORD
from core.tenancy import TenantSession
from core.testing.services import CHROMIUM_FLAGS, Missing, find_chromium
from tests.e2e.demo import ROOT, Demo, served_demo
from tests.e2e.hands import Person, logged_in

TARGET: Final = ROOT / "docs" / "screens"
SIZES: Final = ((1280, 800), (390, 844))
THEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
#: Picture's name and address; what is read by the owner.
PAGES: Final = (
    ("home", "/"),
    ("tills", "/pos/"),
    ("sales", "/pos/sales"),
    ("products", "/catalog/products"),
    ("product-new", "/catalog/products/new"),
    ("stock", "/inventory/stock"),
    ("ledger", "/ledger/entries"),
    ("documents", "/edi/documents"),
    ("apps", "/admin/apps"),
)
#: Sold before the pictures are taken, and again in them: a shelf of best sellers, and a ticket.
SOLD: Final = (
    "Leche entera 1 l", "Arroz blanco 500 g", "Panela cuadrada 500 g",
    "Jabón en barra 300 g", "Papel higiénico doble hoja × 4", "Aceite de girasol 3 l",
    "Huevos AA cubeta × 30", "Café molido 500 g", "Gaseosa cola 1,5 l", "Agua sin gas 600 ml",
    "Queso campesino 500 g",
)  # fmt: skip


def main() -> None:
    """Serve a fresh demonstration, sell once, and look at everything."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch)
        chromium = find_chromium(folder)
        if isinstance(chromium, Missing):
            raise SystemExit(chromium.reason)
        browser = playwright.chromium.launch(
            executable_path=str(chromium), args=list(CHROMIUM_FLAGS)
        )
        with served_demo(folder) as demo:
            codes = _codes(demo)
            _open_a_drawer(browser, demo, codes)
            for size in SIZES:
                for theme in THEMES:
                    _till(browser, demo, size, theme, codes[2:6])
                    _office(browser, demo, size, theme)
        browser.close()


def _open_a_drawer(browser: Browser, demo: Demo, codes: list[str]) -> None:
    with logged_in(browser, demo.url, "yuliana@demo.guadua") as cashier:
        cashier.open_till("Caja 1")
        for number in range(len(codes)):
            cashier.sell(codes[number : number + 3], method=1 + number % 3)


def _codes(demo: Demo) -> list[str]:
    """Give the barcode of each product that is sold here, in that order."""
    query = (
        select(Product.name, Barcode.code)
        .join(Barcode, Barcode.product_id == Product.id)
        .where(Product.name.in_(SOLD))
    )
    with TenantSession(
        demo.place.database, tenant=demo.minimarket.ref, clock=demo.place.clock, writes=False
    ) as session:
        found = dict(session.execute(query).all())
    return [found[name] for name in SOLD if name in found]


def _till(
    browser: Browser,
    demo: Demo,
    size: tuple[int, int],
    theme: Literal["light", "dark"],
    codes: list[str],
) -> None:
    with _person(browser, demo, "yuliana@demo.guadua", size, theme) as page:
        page.goto(f"{demo.url}/pos/")
        page.locator("a[href^='/pos/till/']", has_text="Caja 1").click()
        page.wait_for_selector(".p-prod")
        cashier = Person(page, demo.url)
        for code in codes:
            cashier.scan(code)
        _shoot(page, "till-sale", size, theme)
        page.keyboard.press("F12")
        page.wait_for_selector("body[data-screen=pay]")
        page.locator(".p-quick button").last.click()
        _shoot(page, "till-pay", size, theme)
        page.keyboard.press("Enter")
        page.wait_for_selector("body[data-screen=receipt]")
        page.get_by_text("Validado por la DIAN").wait_for()
        _shoot(page, "till-receipt", size, theme)


def _office(
    browser: Browser, demo: Demo, size: tuple[int, int], theme: Literal["light", "dark"]
) -> None:
    with _person(browser, demo, "marta@demo.guadua", size, theme) as page:
        if "/switch" in page.url:
            page.get_by_text("Minimercado La Guadua").first.click()
            page.wait_for_url(f"{demo.url}/")
        for name, path in PAGES:
            page.goto(demo.url + path)
            page.wait_for_load_state("networkidle")
            _shoot(page, name, size, theme)


@contextmanager
def _person(
    browser: Browser,
    demo: Demo,
    email: str,
    size: tuple[int, int],
    theme: Literal["light", "dark"],
) -> Iterator[Page]:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="es-CO", color_scheme=theme
    )
    page = context.new_page()
    page.goto(f"{demo.url}/login")
    if email.startswith("marta"):
        _shoot(page, "login", size, theme)
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.wait_for_load_state("networkidle")
    try:
        yield page
    finally:
        context.close()


def _shoot(page: Page, name: str, size: tuple[int, int], theme: str) -> None:
    page.wait_for_timeout(150)
    page.screenshot(path=TARGET / f"{name}-{size[0]}x{size[1]}-{theme}.png")


if __name__ == "__main__":
    main()

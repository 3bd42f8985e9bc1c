"""The hands of the people of the demonstration, over a real browser and a real server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, Response

from core.demo import PASSWORD
from core.testing.wedge import read_code


@dataclass
class Person:
    """Somebody logged in, and every fault their browser showed."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def scan(self, code: str) -> None:
        """Read a code, and leave the till a moment to show it."""
        read_code(self.page, code)
        self.page.wait_for_timeout(40)

    def open_till(self, name: str) -> None:
        """Go to a till and open its drawer with one hundred thousand pesos."""
        self.page.goto(f"{self.url}/pos/")
        self.page.locator("a[href^='/pos/till/']", has_text=name).click()
        self.page.wait_for_selector("body[data-screen=open]")
        self.page.get_by_role("button", name="$\u00a0100.000", exact=True).click()
        self.page.locator("[data-focus=open]").click()
        self.page.wait_for_selector(".p-prod")

    def sell(self, codes: list[str], method: int) -> None:
        """Scan a basket, pay it exactly by the n-th method, and begin the next ticket."""
        for code in codes:
            self.scan(code)
        self.page.wait_for_selector(".p-pay:enabled:visible")
        self.page.keyboard.press("F12")
        self.page.wait_for_selector("body[data-screen=pay]")
        self.page.keyboard.press(str(method))
        self.page.wait_for_timeout(120)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("body[data-screen=receipt]")
        self.page.locator("[data-focus=next]").click()
        self.page.wait_for_selector("body[data-screen=sale]")

    def close_short(self, expected: int, short: int) -> None:
        """Count ``short`` pesos less than ``expected`` and close the drawer."""
        page, left = self.page, expected - short
        page.get_by_role("button", name="Más opciones").click()
        page.get_by_role("button", name="Cerrar la caja").click()
        page.wait_for_selector("body[data-screen=close]")
        for value in (100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50):
            count, left = divmod(left, value)
            if count:
                page.locator(f"[data-focus=n-{value}]").fill(str(count))
                page.locator(f"[data-focus=n-{value}]").blur()
        page.locator("[data-focus=compare]").click()
        page.wait_for_selector(".p-diff")
        page.locator("#why").fill("Vueltas mal dadas")
        page.locator("[data-focus=close]").click()
        page.get_by_role("button", name="Abrir otro turno").wait_for()


@contextmanager
def logged_in(browser: Browser, url: str, email: str, business: str = "") -> Iterator[Person]:
    """Log somebody in, in a browser of their own."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="es-CO")
    page = context.new_page()
    person = Person(page, url)
    page.on("pageerror", lambda error: person.faults.append(f"error: {error}"))
    page.on("response", lambda answer: person.faults.extend(_bad(answer)))
    log_in(page, url, email, business)
    try:
        yield person
    finally:
        context.close()


def log_in(page: Page, url: str, email: str, business: str = "") -> None:
    """Log somebody in; who belongs to several businesses enters ``business``."""
    page.goto(f"{url}/login")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda now: "/login" not in now)
    if "/switch" in page.url:
        page.get_by_role("button", name=business).click()
    page.wait_for_url(f"{url}/")


def _bad(answer: Response) -> Iterator[str]:
    if answer.status >= 500:
        yield f"{answer.status} {answer.url}"

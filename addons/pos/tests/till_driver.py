"""The hands of a cashier over a headless browser, and what the page answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import BrowserContext, Locator, Page

from addons.pos.tests.till_backend import TENANT, TILL, Backend
from core.testing.wedge import read_code

BREAD: Final = "7702001045013"
MILK: Final = "7702004001207"
RICE: Final = "7702003100452"
SODA: Final = "7702090011556"
SOAP: Final = "7702310022115"
#: 0,750 kg of avocado (PLU 124) as the shop's own scale prints it.
AVOCADO_750_G: Final = "2100124007508"

OUTBOX: Final = """(name) => new Promise((resolve, reject) => {
  const opening = indexedDB.open(name);
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const reading = opening.result.transaction("outbox").objectStore("outbox").getAll();
    reading.onsuccess = () => { opening.result.close(); resolve(reading.result); };
  };
})"""


@dataclass
class Cashier:
    """One tab of the till and the faults it showed."""

    page: Page
    backend: Backend
    faults: list[str]

    def go(self) -> None:
        """Load the till and wait for its first screen."""
        self.page.goto(self.backend.till_url)
        self.page.wait_for_selector("body[data-screen]")

    def open_drawer(self, amount: str = "$ 200.000") -> None:
        """Open with one of the usual floats."""
        self.touch(amount)
        self.page.locator("[data-focus=open]").click()
        self.page.wait_for_selector("body[data-screen=sale], body[data-screen=keyboard]")

    def scan(self, code: str, *, pause: int = 60) -> None:
        """Read a code, and leave the till a moment to show it."""
        read_code(self.page, code)
        self.page.wait_for_timeout(pause)

    def key(self, *names: str) -> None:
        """Press keys the way a hand does: slowly."""
        for name in names:
            self.page.keyboard.press(name)
            self.page.wait_for_timeout(130)

    def touch(self, words: str) -> None:
        """Touch the button that says ``words``."""
        self.page.get_by_role(
            "button", name=words.replace("$ ", "$\u00a0"), exact=True
        ).first.click()

    def pay(self, *names: str) -> None:
        """Go to the payment and press keys there; stock that is being asked for is waited for."""
        self.key("F12")
        self.page.wait_for_selector("body[data-screen=pay]")
        self.key(*names)

    def pay_exact(self) -> None:
        """Take exact cash and wait for the receipt."""
        self.pay("Enter")
        self.page.wait_for_selector("body[data-screen=receipt]")

    def new_sale(self) -> None:
        """Leave the receipt."""
        self.page.locator("[data-focus=next]").click()
        self.page.wait_for_selector("body[data-screen=sale]")

    @property
    def total(self) -> str:
        """Tell the total of the open ticket as shown."""
        return text(self.page.locator(".p-tot .p-total"))

    @property
    def lines(self) -> list[str]:
        """Tell the lines of the open ticket: name and value."""
        rows = self.page.locator(".p-lines li:not(.p-none)").all()
        names = [row.locator(".n").evaluate("n => n.firstChild.data") for row in rows]
        values = [text(row.locator(".v")) for row in rows]
        return [f"{name} {value}" for name, value in zip(names, values, strict=True)]

    @property
    def only_sale(self) -> dict[str, Any]:
        """Give the document of the one sale the server holds."""
        (sale,) = self.backend.business.sales.values()
        doc: dict[str, Any] = sale["doc"]
        return doc

    def outbox(self) -> list[dict[str, Any]]:
        """Read what this machine keeps of paid sales, oldest first."""
        rows: list[dict[str, Any]] = self.page.evaluate(OUTBOX, f"guadua-pos-{TENANT}-{TILL}")
        return sorted(rows, key=lambda row: int(row["seq"]))

    def wait_stored(self, count: int) -> None:
        """Wait until the till knows that the server holds ``count`` sales."""
        for _ in range(100):
            if sum(row["state"] == "stored" for row in self.outbox()) == count:
                return
            self.page.wait_for_timeout(150)
        raise AssertionError([row["state"] for row in self.outbox()])


def text(locator: Locator) -> str:
    """Tell what an element says, with plain spaces."""
    return locator.inner_text().replace("\u00a0", " ").strip()


def cashier_in(context: BrowserContext, backend: Backend) -> Cashier:
    """Sit a cashier at a new tab that notes every fault of the page."""
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on(
        "console",
        lambda message: faults.append(message.text) if "Content Security" in message.text else None,
    )
    return Cashier(page, backend, faults)

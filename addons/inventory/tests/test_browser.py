"""The pages of the stock in a browser: on a phone nothing is cut off, and keys lead on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from addons.inventory.tests.web_house import product, stock_site
from core.clock import StoppedClock
from core.testing.databases import SqliteFolder, TestDatabases
from core.testing.web import ORIGIN, Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser
#: Longer than a phone is wide.
LONG = "Arroz blanco de la mejor cosecha del Tolima en bolsa resellable de 2.500 g"


@pytest.fixture
def shelf(sqlite_folder: SqliteFolder, clock: StoppedClock, tmp_path: Path) -> Iterator[Site]:
    with stock_site(cast("TestDatabases", sqlite_folder), clock, tmp_path) as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser, shelf: Site) -> Iterator[Page]:
    """A phone whose owner is logged in; the application answers it without a socket."""
    known = shelf.browser("owner@bakery.co")

    def answer(route: Route) -> None:
        with known.get(route.request.url.removeprefix(ORIGIN)) as found:
            status, headers, body = found.status_code, dict(found.headers), found.data
        route.fulfill(status=status, headers=headers, body=body)

    context = browser.new_context(
        viewport={"width": 390, "height": 844}, base_url=ORIGIN, reduced_motion="reduce"
    )
    context.set_default_timeout(8000)
    context.route("**/*", answer)
    yield context.new_page()
    context.close()


def test_a_phone_shows_stock_and_card_without_scrolling_sideways(phone: Page, shelf: Site) -> None:
    rice = product(shelf, shelf.house.bakery, "A1", LONG)
    for path in ("/inventory/stock", f"/inventory/kardex/{rice}"):
        answer = phone.goto(path)
        assert answer is not None
        assert answer.status == 200
        wide = phone.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390
        assert phone.locator("h1").count() == 1
        assert phone.get_by_text("FC-1" if "kardex" in path else LONG).first.is_visible()


def test_keys_find_a_product_and_turn_the_page(
    phone: Page, shelf: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("addons.inventory.screens.PAGE", 2)
    for number in range(3):
        product(shelf, shelf.house.bakery, f"A{number}", f"Panela {number}")
    phone.goto("/inventory/stock")
    phone.keyboard.press("]")
    phone.get_by_text("Panela 2").wait_for()
    phone.wait_for_load_state()  # keys are heard from then on
    phone.keyboard.press("[")
    phone.get_by_text("Panela 0").wait_for()
    phone.wait_for_load_state()
    phone.keyboard.press("/")
    phone.keyboard.type("panela 1")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/inventory/stock?q=panela+1*")
    phone.get_by_role("link", name="Panela 1").wait_for()
    assert phone.get_by_text("Panela 0").count() == 0

"""What a person does with the keyboard in the form and the list of a resource with everything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from socket import socket
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from core.addons.registry import AddonRegistry
from core.resources.tests.conftest import manifest
from core.resources.tests.stand import LineIn, Order, OrderIn, StandHooks, add_order
from core.testing.databases import SqliteFolder
from core.testing.house import House
from core.testing.web import PASSWORD, Site, open_site

pytestmark = pytest.mark.browser

PATH = "/stand/orders"


@pytest.fixture
def databases(sqlite_folder: SqliteFolder) -> SqliteFolder:
    """A browser sees no difference between the engines: one is enough."""
    return sqlite_folder


@pytest.fixture
def address() -> str:
    """Choose where the application will be served: it answers at one origin only."""
    with socket() as probe:
        probe.bind(("localhost", 0))
        return f"http://localhost:{probe.getsockname()[1]}"


@pytest.fixture
def site(house: House, tmp_path: Path, address: str) -> Iterator[Site]:
    registry = AddonRegistry()
    registry.install([manifest("stand")], lambda _manifest: StandHooks())
    port = int(address.rpartition(":")[2])
    site = open_site(house, tmp_path, registry, public_url=address, port=port)
    site.enable(house.bakery, "stand")
    server = make_server("localhost", port, site.app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield site
    server.shutdown()


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desk", "phone"])
def page(
    request: pytest.FixtureRequest, browser: Chromium, address: str, site: Site
) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", locale="es-CO",
        base_url=address,
    )  # fmt: skip
    context.set_default_timeout(10_000)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None,
    )
    page.goto("/login")
    page.locator('input[name="login"]').fill("owner@bakery.co")
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator('input[name="password"]').press("Enter")
    page.wait_for_url(re.compile(r"/(?!login)"))
    yield page
    assert faults == []
    context.close()


def make(site: Site, number: str) -> Order:
    """Write an order with one line."""
    tenant = site.house.bakery
    place = site.establishment(tenant)
    line = LineIn(dish="Pan", price=Decimal(1000))
    with site.house.unit(tenant) as session:
        command = OrderIn(number=number, establishment_id=place, day=date(2026, 3, 9), lines=[line])
        return add_order(session, command)


def test_an_order_is_written_with_the_keyboard(page: Page, house: House) -> None:
    page.goto(f"{PATH}/new")
    page.get_by_label("Number").fill("A1")
    page.get_by_role("combobox", name="Place").fill("prin")
    expect(page.get_by_role("option", name="Principal")).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_label("Day").fill("2026-03-09")
    # A customer who is not there yet is made on the way.
    customer = page.get_by_role("combobox", name="Customer")
    customer.fill("Rosa")
    page.get_by_role("option", name="New customer").click()
    dialog = page.locator("#g-quick")
    expect(dialog.get_by_label("Name")).to_have_value("Rosa")
    dialog.get_by_role("button", name="Crear").click()
    expect(customer).to_have_value("Rosa")
    # A field comes with its rule, and the focus stays.
    page.get_by_label("Kind").select_option("away")
    expect(page.locator("#f-address")).to_be_visible()
    page.locator("#f-address").fill("Calle 1")
    page.locator("[data-add]").click()
    page.keyboard.type("Pan")
    page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    page.keyboard.type("1.500,50")
    page.keyboard.press("Enter")
    page.keyboard.type("Tinto")
    expect(page.locator("#g-totals")).to_contain_text("5.001")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-line] [name$=-dish]").first).to_have_value("Tinto")
    expect(page.locator(":focus")).to_have_value("Tinto")
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"/stand/orders/[0-9a-f-]{36}$"))
    with house.unit(house.bakery, writes=False) as session:
        made = session.scalars(select(Order)).one()
        lines = sorted(made.lines, key=lambda one: one.position)
        assert [one.dish for one in lines] == ["Tinto", "Pan"]
        assert lines[1].price == Decimal("1500.5")
        assert made.customer_id is not None


def test_what_was_typed_and_not_saved_comes_back(page: Page) -> None:
    page.goto(f"{PATH}/new")
    page.get_by_label("Number").fill("A77")
    page.locator("[data-add]").click()
    page.keyboard.type("Sancocho")
    for _try in range(100):
        if "Sancocho" in page.evaluate("JSON.stringify(sessionStorage)"):
            break
        page.wait_for_timeout(50)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")
    page.goto(f"{PATH}/new")
    page.get_by_role("button", name="Recuperarlo").click()
    expect(page.get_by_label("Number")).to_have_value("A77")
    expect(page.locator("[data-line] [name$=-dish]")).to_have_value("Sancocho")


def test_a_list_is_worked_with_keys(page: Page, site: Site) -> None:
    for number in ("A1", "A2", "A3"):
        make(site, number)
    page.goto(PATH)
    expect(page.locator("#g-sums")).to_contain_text("Total")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    bar = page.get_by_role("toolbar")
    expect(bar).to_contain_text("2 seleccionados")
    bar.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Confirm: 2").click()
    expect(page.get_by_text("Hechos: 2")).to_be_visible()
    page.goto(PATH)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/stand/orders/[0-9a-f-]{36}$"))
    expect(page.locator('[aria-current="step"]')).to_contain_text("Confirmed")


def test_a_deed_is_done_with_its_key_and_undone(page: Page, site: Site) -> None:
    made = make(site, "A1")
    page.goto(f"{PATH}/{made.id}")
    page.locator("h1").click()
    page.keyboard.press("c")
    expect(page.locator(".g-toast")).to_contain_text("Confirmed.")
    page.get_by_role("button", name="Deshacer").click()
    expect(page.locator('[aria-current="step"]')).to_contain_text("Draft")


def test_columns_are_chosen_and_moved(page: Page, site: Site) -> None:
    make(site, "A1")
    page.goto(PATH)
    opener = page.get_by_role("button", name="Columnas")
    if not opener.is_visible():
        return
    opener.click()
    page.get_by_label("Customer", exact=True).uncheck()
    page.get_by_role("button", name="Subir Total").click()
    page.get_by_role("button", name="Conservar").click()
    heads = page.locator("thead th")
    expect(heads.filter(has_text="Customer")).to_have_count(0)
    texts = [text.strip() for text in heads.all_inner_texts()]
    assert texts.index("Total") < texts.index("State")


def test_no_barrier_is_found_in_any_page(page: Page, site: Site) -> None:
    made = make(site, "A1")
    for path in (PATH, f"{PATH}/new", f"{PATH}/{made.id}"):
        page.goto(path)
        expect(page.locator("h1")).to_be_visible()
        found = Axe().run(page)
        serious = [
            (one["id"], one["nodes"][0]["html"])
            for one in found.response["violations"]
            if one["impact"] in {"serious", "critical"}
        ]
        assert serious == [], path


def test_no_page_is_wider_than_its_window(page: Page, site: Site) -> None:
    made = make(site, "A1")
    for path in (PATH, f"{PATH}/new", f"{PATH}/{made.id}", f"{PATH}?sort=kind,-total"):
        page.goto(path)
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path

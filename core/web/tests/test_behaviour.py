"""What keys, menus, dialogs, forms and requests do, in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from core.web.tests.gallery import Gallery

pytestmark = pytest.mark.browser


def test_slash_searches_and_arrows_walk_the_rows(page: Page, gallery: Gallery) -> None:
    page.goto(gallery.page("list"))
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Buscar", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Pan tajado 450 g")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Leche entera 1 l × 6")).to_be_focused()


def test_x_selects_the_row_and_the_bar_counts(page: Page, gallery: Gallery) -> None:
    page.goto(gallery.page("list"))
    bar = page.get_by_role("toolbar")
    expect(bar).to_be_hidden()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    expect(bar).to_contain_text("2 seleccionados")
    expect(page.locator("tr[aria-selected=true]")).to_have_count(2)
    page.get_by_label("Quitar la selección").click()
    expect(bar).to_be_hidden()


def test_shift_selects_everything_between(page: Page, gallery: Gallery) -> None:
    page.goto(gallery.page("list"))
    picks = page.locator('input[name="ids"]')
    picks.nth(1).click()
    picks.nth(5).click(modifiers=["Shift"])
    expect(page.get_by_role("toolbar")).to_contain_text("5 seleccionados")
    page.get_by_label("Seleccionar la página").check()
    expect(page.get_by_role("toolbar")).to_contain_text("12 seleccionados")


def test_a_deed_that_asks_waits_for_the_answer(page: Page, gallery: Gallery) -> None:
    page.goto(gallery.page("list"))
    page.locator('input[name="ids"]').first.click()
    page.get_by_role("button", name="Archivar").click()
    dialog = page.get_by_role("dialog", name="¿Está seguro?")
    expect(dialog).to_contain_text("Se archivan.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert not [each for each in gallery.seen if each[1] == "/productos/bulk/archive"]
    page.get_by_role("button", name="Archivar").click()
    dialog.get_by_role("button", name="Archivar").click()
    page.wait_for_url("**/productos/bulk/archive")


def test_single_keys_can_be_turned_off(page: Page, gallery: Gallery) -> None:
    page.goto(gallery.page("list"))
    page.keyboard.press("?")
    page.get_by_label("Atajos de una sola tecla").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Buscar", exact=True)).not_to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Ir a…")).to_be_visible()


def test_the_palette_finds_without_accents_and_goes_there(page: Page, gallery: Gallery) -> None:
    page.goto(gallery.page("launcher"))
    page.keyboard.press("Control+k")
    page.keyboard.type("inventario bodeg")
    expect(page.locator("#g-palette-list li:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/building-warehouse")


def test_a_menu_opens_beside_its_button_and_escape_gives_the_focus_back(
    page: Page, gallery: Gallery
) -> None:
    page.goto(gallery.page("list"))
    account = page.get_by_role("button", name="Cuenta de Marta Rincón")
    account.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Mi cuenta")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Atajos del teclado")).to_be_focused()
    box = page.locator("#g-account").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 1440
    page.keyboard.press("Escape")
    expect(page.locator("#g-account")).to_be_hidden()
    expect(account).to_be_focused()


def test_an_application_shows_its_plan_before_it_is_turned_on(page: Page, gallery: Gallery) -> None:
    page.goto(gallery.page("apps"))
    page.get_by_role("switch", name="Contabilidad").focus()
    page.keyboard.press("Space")
    dialog = page.get_by_role("dialog", name="Activar Contabilidad")
    expect(dialog.get_by_role("heading")).to_be_focused()
    expect(dialog).to_contain_text("11.482 movimientos pasan al libro")
    dialog.get_by_text("Ahora no").click()
    expect(dialog).to_be_hidden()
    fetched = [headers for _, path, headers in gallery.seen if path == "/admin/apps/plan"]
    assert fetched[-1]["x-tenant"] == "0192"
    assert fetched[-1]["x-fragment"] == "1"


def test_what_is_typed_is_guarded_and_the_totals_follow(page: Page, gallery: Gallery) -> None:
    page.goto(gallery.page("form"))
    expect(page.get_by_text("Sin guardar")).to_be_hidden()
    page.get_by_label("Cupo").fill("2.000.000")
    expect(page.get_by_text("Sin guardar")).to_be_visible()
    expect(page.locator("#g-totals")).to_have_text("$ 999.999")
    sent = [headers for method, path, headers in gallery.seen if path == "/pedidos/1/preview"]
    assert sent[-1]["x-csrf-token"] == "token"
    assert sent[-1]["x-tenant"] == "0192"
    page.get_by_role("button", name="Confirmar pedido").click()
    expect(page.get_by_role("dialog")).to_contain_text("Hay cambios sin guardar")


def test_a_comment_does_not_lose_what_is_typed_in_the_record(page: Page, gallery: Gallery) -> None:
    page.goto(gallery.page("form"))
    page.get_by_label("Cupo").fill("2.000.000")
    page.get_by_label("Comentario").fill("Listo")
    page.get_by_role("button", name="Comentar").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Hay cambios sin guardar")
    dialog.get_by_role("button", name="Ahora no").click()
    expect(page.get_by_label("Cupo")).to_have_value("2.000.000")
    page.get_by_role("button", name="Guardar").click()
    page.wait_for_url("**/pedidos/1")


def test_lines_are_added_pasted_and_removed(page: Page, gallery: Gallery) -> None:
    page.goto(gallery.page("form"))
    lines = page.locator("[data-line]:visible")
    quantity = page.get_by_label("Cantidad").last
    quantity.focus()
    page.keyboard.press("Enter")
    expect(lines).to_have_count(3)
    expect(page.locator("#f-lines-new1-product")).to_be_focused()
    page.evaluate("""() => {
      const data = new DataTransfer();
      data.setData("text/plain", "3\\t1.000\\n4\\t2.000");
      document.getElementById("f-lines-new1-qty").dispatchEvent(
        new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
    }""")
    expect(lines).to_have_count(4)
    expect(page.locator("#f-lines-new2-price")).to_have_value("2.000")
    page.get_by_label("Quitar la línea").first.click()
    expect(lines).to_have_count(3)
    expect(page.locator('input[name="lines-1-removed"]')).to_have_value("1")


def test_a_lookup_takes_only_what_exists(page: Page, gallery: Gallery) -> None:
    page.goto(gallery.page("form"))
    customer = page.get_by_role("combobox", name="Cliente")
    customer.fill("caf")
    expect(page.get_by_role("option", name="Café molido")).to_be_visible()
    page.keyboard.press("Enter")
    expect(customer).to_have_value("Café molido")
    expect(page.locator('input[name="customer"]')).to_have_value("9")
    customer.fill("nadie así")
    page.keyboard.press("Tab")
    expect(customer).to_have_value("")


def test_an_error_in_another_tab_is_uncovered(page: Page, gallery: Gallery) -> None:
    page.goto(gallery.page("form"))
    expect(page.locator("#g-problems")).to_be_focused()
    page.get_by_role("tab", name="Notas").click()
    expect(page.locator("#f-lines-2-qty")).to_be_hidden()
    page.get_by_role("link", name="Leche entera: solo hay 9").click()
    expect(page.locator("#f-lines-2-qty")).to_be_focused()


def test_another_business_in_another_tab_is_noticed(page: Page, gallery: Gallery) -> None:
    page.goto(gallery.page("list"))
    assert page.evaluate("fetch('/switched').then((answer) => answer.status)") == 409
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Usted cambió de negocio en otra pestaña")
    dialog.get_by_role("button", name="Seguir").click()
    page.wait_for_url("**/switch")


def test_a_read_carries_the_business_and_no_token(page: Page, gallery: Gallery) -> None:
    page.goto(gallery.page("list"))
    page.route("**/other", lambda route: route.fulfill(body="ok"))
    with page.expect_request("**/other") as asked:
        page.evaluate("fetch('/other')")
    assert asked.value.headers["x-tenant"] == "0192"
    assert "x-csrf-token" not in asked.value.headers


def test_the_password_can_be_seen_and_hidden(page: Page, gallery: Gallery) -> None:
    page.goto(gallery.page("login"))
    page.get_by_label("Contraseña", exact=True).fill("guadua")
    page.get_by_role("button", name="Mostrar la contraseña").click()
    expect(page.locator("#f-password")).to_have_attribute("type", "text")
    page.get_by_role("button", name="Ocultar la contraseña").click()
    expect(page.locator("#f-password")).to_have_attribute("type", "password")


def test_the_side_slides_in_on_a_phone(page: Page, gallery: Gallery) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(gallery.page("list"))
    side = page.locator("#g-side")
    expect(side).to_be_hidden()
    page.get_by_role("button", name="Menú").click()
    expect(side).to_be_visible()
    expect(page.get_by_role("link", name="Pedidos")).to_be_visible()
    page.keyboard.press("Escape")
    expect(side).to_be_hidden()


def test_the_system_theme_is_followed_before_the_first_paint(page: Page, gallery: Gallery) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(gallery.page("list"))
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_paper_shows_the_record_and_not_the_shell(page: Page, gallery: Gallery) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(gallery.page("document"))
    for hidden in ("#g-side", ".g-top", ".g-demo", ".g-aside"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.get_by_role("heading", name=re.compile("FE-204"))).to_be_visible()
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    ink = page.evaluate("getComputedStyle(document.querySelector('h1')).color")
    assert (paper, ink) == ("rgb(255, 255, 255)", "rgb(29, 28, 24)")

"""Every page, full and empty, in both languages, light and dark, at three sizes, in a browser."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, ViewportSize

from core.web.tests.gallery import Gallery
from core.web.tests.samples import SAMPLES

pytestmark = pytest.mark.browser

SHOTS: Final = Path(__file__).resolve().parents[3] / "var" / "shots"
#: With GUADUA_SHOTS=1 every page is also left as a picture in var/shots, to be looked at.
PICTURES: Final = bool(os.environ.get("GUADUA_SHOTS"))
SIZES: Final[dict[str, ViewportSize]] = {
    "1280x800": {"width": 1280, "height": 800},
    "1440x900": {"width": 1440, "height": 900},
    "390x844": {"width": 390, "height": 844},
}
#: Where axe looks: every size, theme and language, and each pair of theme and language.
AXE: Final = frozenset(
    {
        ("1280x800", "light", "es"),
        ("1440x900", "dark", "en"),
        ("390x844", "dark", "es"),
        ("390x844", "light", "en"),
    }
)
#: Where the English pages are drawn too; the Spanish ones are drawn everywhere.
ENGLISH: Final = frozenset({("1440x900", "dark"), ("390x844", "light")})
#: A button whose words stand out of it, or what is wider than the window.
OVERFLOW: Final = """() => {
  const tight = [...document.querySelectorAll(".btn, .g-chip")]
    .filter((one) => one.offsetParent && one.scrollWidth > one.clientWidth + 2);
  if (tight.length) return "too tight: " + tight.map((one) => one.textContent).join(", ");
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide <= 0) return "";
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 5).map((one) => one.tagName + "." + one.className).join(" ");
}"""
INLINE: Final = """() => [...document.querySelectorAll("*")].filter((one) =>
  (one.tagName === "STYLE" || (one.tagName === "SCRIPT" && !one.src)
   || [...one.attributes].some((each) => each.name.startsWith("on"))))
  .map((one) => one.outerHTML)"""


def _watched(page: Page) -> list[str]:
    """Collect what the browser complains about, the policy's violations included."""
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type != "log" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda asked: _unless_left(complaints, asked))
    page.on(
        "response",
        lambda answer: (
            complaints.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
        ),
    )
    return complaints


def _unless_left(complaints: list[str], asked: Request) -> None:
    """Note a request that failed, but not one that the next page cut off."""
    if asked.failure != "net::ERR_ABORTED":
        complaints.append(f"{asked.url}: {asked.failure}")


def _serious(page: Page) -> list[str]:
    found: dict[str, Any] = Axe().run(page, options={"resultTypes": ["violations"]}).response
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]} ({one['nodes'][0]['failureSummary']})"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


#: What opens, on which page, and what opens it.
OPENED: Final = {
    "plan": ("apps", '[role=switch][aria-label="Contabilidad"]', "#g-plan"),
    "palette": ("list", ".g-top [data-open=g-palette] >> visible=true", "#g-palette"),
    "account": ("list", ".g-me", "#g-account"),
    "filter": ("list", '[popovertarget="g-filter-warehouse"]', "#g-filter-warehouse"),
    "period": ("list", '[popovertarget="g-filter-created"]', "#g-filter-created"),
    "side": ("list", '.g-top [popovertarget="g-side"], .g-biz >> visible=true', ".g-nav"),
    "notes": ("form", "#t-notes", "#p-notes"),
    "figures": ("dashboard", "summary", ".g-figures table"),
    "preferences": ("login", '[popovertarget="g-preferences"]', "#g-preferences"),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["1280x800", "390x844"])
def test_what_opens_is_sound_too(
    browser: Browser, gallery: Gallery, size: str, theme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(
        viewport=SIZES[size], color_scheme=theme, reduced_motion="reduce", locale="es-CO"
    )
    page = context.new_page()
    complaints = _watched(page)
    wrong: list[str] = []
    for name, (where, opener, opened) in OPENED.items():
        page.goto(gallery.page(where))
        page.locator(opener).first.click()
        page.locator(opened).wait_for(state="visible")
        wrong += [f"{name} {each}" for each in _serious(page)]
        if standing_out := page.evaluate(OVERFLOW):
            wrong.append(f"{name} {size}: wider than the window: {standing_out}")
        if PICTURES:
            page.screenshot(path=SHOTS / f"open-{name}-{size}-{theme}.png")
    context.close()
    assert not wrong + complaints, "\n".join(wrong + complaints)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_sound(
    browser: Browser, gallery: Gallery, size: str, theme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(
        viewport=SIZES[size], color_scheme=theme, reduced_motion="reduce", locale="es-CO"
    )
    page = context.new_page()
    complaints = _watched(page)
    wrong: list[str] = []
    for sample in SAMPLES:
        for language in ("es", "en") if (size, theme) in ENGLISH else ("es",):
            page.goto(gallery.page(sample.name, language))
            where = f"{sample.name} {size} {theme} {language}"
            wrong += [f"{where}: {said}" for said in complaints]
            complaints.clear()
            if page.locator("h1").count() != 1:
                wrong.append(f"{where}: {page.locator('h1').count()} h1")
            wrong += [f"{where}: inline {each}" for each in page.evaluate(INLINE)]
            if standing_out := page.evaluate(OVERFLOW):
                wrong.append(f"{where}: wider than the window: {standing_out}")
            if (size, theme, language) in AXE:
                wrong += [f"{where}: {each}" for each in _serious(page)]
            if PICTURES and language == "es":
                page.screenshot(path=SHOTS / f"{sample.name}-{size}-{theme}.png", full_page=True)
    context.close()
    assert not wrong, "\n".join(wrong)

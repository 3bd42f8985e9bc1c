"""Every page that a link leads to, as owner, cashier and accountant of the demonstration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response

from tests.e2e.demo import Demo
from tests.e2e.hands import log_in, logged_in
from tests.e2e.inspection import problems

pytestmark = pytest.mark.browser

#: Codes of products of three categories, one of them with tax.
BASKET: Final = ("7709001000370", "7709001000745", "7709001001117")
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
_LINKS: Final = """() => [...document.querySelectorAll("a[href^='/']")].map((one) => ({
  url: one.getAttribute("href"),
  file: one.hasAttribute("download") || /\\.[a-z0-9]+$/.test(one.pathname),
}))"""
#: Texts of the documentation are English for everybody.
_ENGLISH: Final = "/docs"


@dataclass(frozen=True)
class Walk:
    """Somebody in one business, reading in one language, theme and size."""

    email: str
    business: str
    language: Literal["es", "en"]
    theme: Literal["light", "dark"]
    size: tuple[int, int]

    def __str__(self) -> str:
        who = self.email.partition("@")[0]
        return f"{who} {self.business} {self.language} {self.theme} {self.size[0]}"


DESK: Final = (1280, 800)
PHONE: Final = (390, 844)
SHOP: Final = "Minimercado La Guadua"
STORE: Final = "Ferretería El Roble"
WALKS: Final = (
    Walk("marta@demo.guadua", SHOP, "es", "light", DESK),
    Walk("marta@demo.guadua", STORE, "en", "dark", PHONE),
    Walk("yuliana@demo.guadua", SHOP, "es", "dark", PHONE),
    Walk("gloria@demo.guadua", SHOP, "en", "light", DESK),
    Walk("gloria@demo.guadua", STORE, "es", "dark", PHONE),
)


@dataclass
class Crawl:
    """What was read so far, and what was wrong with it."""

    wrong: list[str] = field(default_factory=list)
    #: Kinds of page that axe looked at, by theme: the same templates do not change by person.
    seen: set[tuple[str, str]] = field(default_factory=set)
    pages: int = 0


@pytest.fixture(scope="module")
def lived(demo: Demo, browser: Browser) -> Demo:
    """A demonstration in which somebody sold, and closed the drawer."""
    with logged_in(browser, demo.url, "yuliana@demo.guadua") as cashier:
        cashier.open_till("Caja 1")
        cashier.sell(list(BASKET), method=1)
        cashier.sell(list(BASKET[:1]), method=2)
        cashier.close_short(124_700, 500)
        cashier.open_till("Caja 1")
        assert cashier.faults == []
    return demo


def test_every_page_is_sound_for_whoever_may_open_it(lived: Demo, browser: Browser) -> None:
    crawl = Crawl()
    for walk in WALKS:
        context = browser.new_context(
            viewport={"width": walk.size[0], "height": walk.size[1]},
            color_scheme=walk.theme,
            reduced_motion="reduce",
            locale="es-CO",
        )
        page = context.new_page()
        said = listened_to(page)
        log_in(page, lived.url, walk.email, walk.business)
        read_in(page, walk.language)
        read_all(page, lived.url, walk, crawl, said)
        context.close()
    assert crawl.wrong == [], "\n".join(crawl.wrong)
    assert crawl.pages > 10 * len(WALKS)


def listened_to(page: Page) -> list[str]:
    """Collect what the browser complains about; violations of the policy are on its console."""
    said: list[str] = []
    page.on("console", lambda each: said.append(f"console: {each.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("response", lambda answer: said.extend(_refused(answer)))
    return said


def read_in(page: Page, language: str) -> None:
    """Choose a language in the menu of the account."""
    page.locator(".g-me").click()
    page.locator(f"#g-account button[name=language][value={language}]").click()
    page.wait_for_selector(f"html[lang^={language}]")


def read_all(page: Page, url: str, walk: Walk, crawl: Crawl, said: list[str]) -> None:
    """Follow every link from the start page on, one of each kind."""
    waiting = {"/": "/"}
    known = set(waiting)
    while waiting:
        kind, path = waiting.popitem()
        answer = page.goto(url + path)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        if "/pos/till/" in path:
            page.wait_for_selector("body[data-screen]")
        crawl.pages += 1
        fresh = (kind, walk.theme) not in crawl.seen
        crawl.seen.add((kind, walk.theme))
        spanish = walk.language == "es" and not path.startswith(_ENGLISH)
        found = [*said, *problems(page, spanish=spanish, axe=fresh)]
        crawl.wrong += [f"{walk}, {path}: {each}" for each in found]
        said.clear()
        for link in page.evaluate(_LINKS):
            kind = kind_of(link["url"])
            if kind in known:
                continue
            known.add(kind)
            if not link["file"]:
                waiting[kind] = link["url"]
            elif (status := page.request.get(url + link["url"]).status) != 200:
                crawl.wrong.append(f"{walk}, {link['url']}: {status}")


def kind_of(address: str) -> str:
    """Tell one kind of page from another: ids and queries do not matter."""
    path = urlsplit(address).path
    parts = ["*" if _ID.fullmatch(part) else part for part in path.split("/")]
    if path.startswith("/docs/"):
        return "/docs/*"
    return "/".join(parts)


def _refused(answer: Response) -> Iterator[str]:
    if answer.status >= 400:
        yield f"{answer.status} {urlsplit(answer.url).path}"


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("marta", ["Vendido hoy", "Tiquetes", "Efectivo esperado", "Documentos electrónicos"]),
        ("gloria", ["Vendido hoy", "Tiquetes", "Efectivo esperado", "Documentos electrónicos"]),
        ("yuliana", []),
    ],
)
def test_the_start_page_tells_each_person_what_is_theirs(
    lived: Demo, browser: Browser, who: str, shown: list[str]
) -> None:
    with logged_in(browser, lived.url, f"{who}@demo.guadua", SHOP) as person:
        read_in(person.page, "es")
        labels = person.page.locator(".g-strip .g-2nd").all_inner_texts()
        assert labels == shown
        assert person.page.locator(".g-tile").count() >= 4

"""What a page must be, whoever reads it: accessible, whole, quiet, in one language, by keyboard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po
from playwright.sync_api import Page

from tests.e2e.demo import ROOT

#: What is wider than the window, if the page is.
WIDE: Final = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map((one) => "wider than the window: " + one.outerHTML.slice(0, 120))"""
#: What looks as if it could be pressed, but takes no focus, holds nothing and is inside nothing
#: that does.
MOUSE_ONLY: Final = """() => {
  const able = "a[href], button, input, select, textarea, summary, label, [tabindex='0']";
  const roving = "[role=tab], [role=menuitem], [role=option]";
  const pressable = [...document.querySelectorAll("body *")].filter((one) =>
    one.checkVisibility() && getComputedStyle(one).cursor === "pointer"
    && !one.closest(able) && !one.querySelector(able));
  const skipped = [...document.querySelectorAll("a[href][tabindex='-1'], button[tabindex='-1']")]
    .filter((one) => one.checkVisibility() && !one.matches(roving));
  return [...pressable, ...skipped].slice(0, 3)
    .map((one) => "only for a mouse: " + one.outerHTML.slice(0, 120));
}"""
#: Everything that a person reads or is told.
TEXTS: Final = """() => {
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const inside = walk.currentNode.parentElement;
    if (!inside.closest("script, style, [lang=en], code, kbd")) found.add(walk.currentNode.data);
  }
  for (const one of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]"))
    for (const name of ["aria-label", "placeholder", "title", "alt"])
      if (one.getAttribute(name)) found.add(one.getAttribute(name));
  return [...found, document.title].map((text) => text.replace(/\\s+/g, " ").trim());
}"""
#: How long a template may be when what stands around its places is compared.
_NO_LETTERS: Final = 3


def problems(page: Page, *, spanish: bool, axe: bool) -> Iterator[str]:
    """Give everything that is wrong with the page as it stands."""
    yield from page.evaluate(WIDE)
    yield from page.evaluate(MOUSE_ONLY)
    if spanish:
        english = english_only().intersection(page.evaluate(TEXTS))
        yield from (f"not in Spanish: {text!r}" for text in sorted(english))
    if page.locator("h1").count() != 1:
        yield f"{page.locator('h1').count()} h1"
    if axe:
        yield from _serious(page)


def _serious(page: Page) -> Iterator[str]:
    found: dict[str, Any] = Axe().run(page, options={"resultTypes": ["violations"]}).response
    for one in found["violations"]:
        if one["impact"] in {"serious", "critical"}:
            yield f"{one['id']}: {one['nodes'][0]['html'][:160]}"


@cache
def english_only() -> frozenset[str]:
    """Give every source text that is no translation of anything."""
    sources: set[str] = set()
    translations: set[str] = set()
    for source, translated in _messages([ROOT / "core", *(ROOT / "addons").iterdir()]):
        translations.add(translated)
        if source != translated and "{" not in source and len(source) > _NO_LETTERS:
            sources.add(source)
    return frozenset(sources - translations)


def _messages(folders: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for folder in folders:
        catalogue = folder / "locale" / "es.po"
        if not catalogue.is_file():
            continue
        with catalogue.open("rb") as opened:
            for message in read_po(opened, ignore_obsolete=True):
                if isinstance(message.id, str) and isinstance(message.string, str):
                    yield message.id, message.string

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search.folding import fold, words

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

VECTORS: list[tuple[str, str, list[str]]] = json.loads(
    (Path(__file__).parent / "folding_vectors.json").read_text(encoding="utf-8")
)
SCRIPTS = Path(__file__).parents[2] / "web" / "static" / "js"


@pytest.mark.parametrize(("text", "folded", "found"), VECTORS)
def test_a_text_folds_to_its_words(text: str, folded: str, found: list[str]) -> None:
    assert fold(text) == folded
    assert list(words(text)) == found


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert words(fold(text)) == words(text)


letters = st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x17F), max_size=20)


@given(letters)
def test_a_latin_text_is_found_in_capitals_and_without_accents(text: str) -> None:
    assert fold(text.upper()) == fold(fold(text).upper())


@given(st.integers(1, 999), st.sampled_from(["g", "GR", " gramos", "  Gr."]))
def test_a_weight_is_found_however_it_is_spelled(grams: int, spelling: str) -> None:
    assert words(f"{grams}{spelling}") == (f"{grams}g",)


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves the modules and an empty page, and says nothing."""

    def guess_type(self, path: Any) -> str:
        return "text/javascript" if str(path).endswith(".mjs") else "text/html"

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(SCRIPTS)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    yield page
    context.close()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.browser
def test_the_browser_folds_to_the_same_words(page: Page) -> None:
    script = """async (texts) => {
      const { fold, words, matches } = await import("/folding.mjs");
      const asked = words("cafe 5");
      return texts.map((text) => [text, fold(text), words(text), matches(asked, words(text))]);
    }"""
    texts = [text for text, _folded, _found in VECTORS]
    computed = page.evaluate(script, texts)
    assert [one[:3] for one in computed] == [list(vector) for vector in VECTORS]
    found = [text for text, _folded, _found, hit in computed if hit]
    assert found == ["Café molido 500 g", "Café molido 500GR", "cafe molido 500 gramos"]

"""The project's own pages: Markdown of the repository, written as HTML without any of theirs."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = "docs"
START: Final = "index.md"
#: Pages beside the folder that its pages point at.
BESIDE: Final = frozenset({"README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"})
PICTURES: Final = frozenset({".png", ".svg", ".jpg", ".webp"})


@dataclass(frozen=True, slots=True)
class Document:
    """One page, ready to show: its title, its HTML, and its headings (level, anchor, text)."""

    title: str
    html: str
    headings: tuple[tuple[int, str, str], ...]


def find_document(path: str, language: str) -> Path | None:
    """Find the page of an address below ``/docs/``: in the reader's language where it exists."""
    name = posixpath.normpath(path or START)
    if name.startswith(("..", "/")) or "\\" in name or "\0" in name:
        return None
    if not posixpath.splitext(name)[1]:
        name += ".md" if (ROOT / FOLDER / f"{name}.md").is_file() else f"/{START}"
    base = ROOT if name in BESIDE else ROOT / FOLDER
    stem, suffix = posixpath.splitext(name)
    if suffix not in {".md", *PICTURES}:
        return None
    for candidate in (base / f"{stem}.{language}{suffix}", base / name):
        if candidate.is_file() and candidate.resolve().is_relative_to(ROOT):
            return candidate
    return None


def read_document(file: Path) -> Document:
    """Write a Markdown file as HTML; HTML in it is shown as text, scripts cannot get in."""
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    # Most processes never show a page of these.
    from markdown_it import MarkdownIt  # noqa: PLC0415

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@lru_cache(maxsize=128)
def _read(file: Path, _changed: int) -> Document:
    markdown = _markdown()
    tokens = markdown.parse(file.read_text(encoding="utf-8"))
    here = file.relative_to(ROOT).parent.as_posix()
    headings = []
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            text = _text(tokens[place + 1])
            anchor = re.sub(r"[^\w]+", "-", text.casefold()).strip("-")
            token.attrSet("id", anchor)
            headings.append((int(token.tag[1]), anchor, text))
        if token.type == "table_open":
            token.attrSet("tabindex", "0")
        if token.type in {"th_open", "td_open"} and (style := token.attrs.pop("style", None)):
            # Inline styles are not allowed on our pages.
            token.attrSet("class", f"g-{str(style).rpartition(':')[2]}")
        for inner in token.children or ():
            for name in ("href", "src"):
                if isinstance(said := inner.attrGet(name), str):
                    inner.attrSet(name, _address(said, here))
    title = headings[0][2] if headings else file.stem
    html = markdown.renderer.render(tokens, markdown.options, {})
    # What scrolls sideways is reached by keyboard too; a "<" of the source is escaped by now.
    html = html.replace("<pre>", '<pre tabindex="0">')
    return Document(title, html, tuple(headings))


def _address(said: str, here: str) -> str:
    """Turn a path between files of the repository into one between pages."""
    parts = urlsplit(said)
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
        return said
    target = posixpath.normpath(posixpath.join(here, parts.path))
    shown = target.removeprefix(f"{FOLDER}/")
    anchor = f"#{parts.fragment}" if parts.fragment else ""
    return f"/{FOLDER}/{shown}{anchor}"


def _text(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())

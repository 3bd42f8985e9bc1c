"""One catalogue per language, read from the .po files of the core and of every addon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

#: Language code to its own name; the first is what a stranger sees.
LANGUAGES: Final = {"es": "Español (Colombia)", "en": "English"}

_language: ContextVar[str] = ContextVar("language", default="es")
_catalogs: dict[str, dict[str, str]] = {code: {} for code in LANGUAGES}


def load_catalogs(folders: Iterable[Path]) -> None:
    """Add the texts of every ``<folder>/<language>.po`` that exists; a later folder wins."""
    for folder in folders:
        for code in LANGUAGES:
            if (source := folder / f"{code}.po").is_file():
                _catalogs[code].update(_read(source, source.stat().st_mtime_ns))


@cache
def _read(source: Path, _changed: int) -> dict[str, str]:
    with source.open("rb") as opened:
        messages = read_po(opened, ignore_obsolete=True)
    return {
        m.id: m.string
        for m in messages
        if isinstance(m.id, str) and m.id and isinstance(m.string, str) and m.string
    }


def language() -> str:
    """Tell the language of the present reader."""
    return _language.get()


@contextmanager
def use_language(code: str) -> Iterator[None]:
    """Read texts in ``code`` inside the block; an unknown code falls back to Spanish."""
    token = _language.set(code if code in LANGUAGES else "es")
    try:
        yield
    finally:
        _language.reset(token)


def gettext(source: str, **values: object) -> str:
    """Translate now and fill in ``{name}`` places."""
    text = _catalogs[_language.get()].get(source, source)
    return text.format(**values) if values else text


class LazyText:
    """A text that is translated when it is shown, not when the module is imported."""

    __slots__ = ("source", "values")

    def __init__(self, source: str, **values: object) -> None:
        self.source = source
        self.values = values

    def __str__(self) -> str:
        return gettext(self.source, **self.values)

    def __repr__(self) -> str:
        return f"_({self.source!r})"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash((self.source, *self.values))

    def __html__(self) -> str:
        from markupsafe import escape  # noqa: PLC0415 - only templates need it

        return str(escape(str(self)))


def _(source: str, **values: object) -> LazyText:
    """Mark ``source`` (English) for translation when shown."""
    return LazyText(source, **values)

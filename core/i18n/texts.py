"""The texts that a package shows to people, and the Spanish that stands beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.extract import extract
from babel.messages.pofile import read_po

_KEYWORDS: Final = {"_": None, "gettext": None}
_METHODS: Final = {"py": "python", "html": "jinja2", "xml": "jinja2", "txt": "jinja2"}


def texts_of(package: Path) -> dict[str, str]:
    """Give each source text of code and templates, tests left out, with ``file:line``."""
    texts: dict[str, str] = {}
    for path, method in _sources(package):
        with path.open("rb") as source:
            for line, message, _comments, _context in extract(method, source, keywords=_KEYWORDS):
                for text in [message] if isinstance(message, str) else message:
                    texts.setdefault(text, f"{path.relative_to(package).as_posix()}:{line}")
    return texts


def spanish_of(package: Path) -> dict[str, str]:
    """Give the Spanish of ``locale/es.po``; empty where there is none."""
    catalogue = package / "locale" / "es.po"
    if not catalogue.is_file():
        return {}
    with catalogue.open("rb") as source:
        return {str(m.id): str(m.string) for m in read_po(source) if m.id and not m.fuzzy}


def _sources(package: Path) -> Iterator[tuple[Path, str]]:
    for kind, method in _METHODS.items():
        for path in sorted(package.rglob(f"*.{kind}")):
            inside = path.relative_to(package).parts
            if "tests" not in inside and (method == "python" or "templates" in inside):
                yield path, method

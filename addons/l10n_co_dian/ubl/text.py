"""Small pieces of XML text: clean words, exact numbers, optional elements."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Give ``text`` without what XML forbids (control signs, lone surrogates) or folds away.

    A name typed with a stray control sign must not stop a sale: such signs become one space.
    """
    if text.isprintable():
        return text.strip()
    return " ".join(_ILLEGAL.sub(" ", text).split())


@lru_cache(maxsize=2048)
def words(text: str) -> str:
    """Give ``text`` clean and escaped, fit for an element or a quoted attribute.

    Remembered, because most texts of a shop's documents (codes, its own name and address) repeat.
    """
    return (
        clean(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
    )


def element(name: str, text: str, attributes: str = "") -> str:
    """Write ``<name>text</name>``, or nothing where the text is empty."""
    content = words(text)
    return f"<{name}{attributes}>{content}</{name}>" if content else ""


def amount(value: Decimal) -> str:
    """Write money with its two decimals; half-even (NTC 3711), though stored values are exact."""
    return f"{value:.2f}"


def measure(value: Decimal) -> str:
    """Write a price, quantity or rate with two to six decimals."""
    whole, dot, decimals = f"{value:.6f}".partition(".")
    return f"{whole}{dot}{decimals.rstrip('0'):0<2}"

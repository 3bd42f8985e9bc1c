"""Texts as the search sees them: no accents, no capitals, quantities in one spelling.

``core/web/static/js/folding.mjs`` is the same for the browser, so that a till without network finds
what the server would; ``tests/folding_vectors.json`` holds both.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Letters that are no accented form of another for Unicode, but are for whoever types.
_LETTERS: Final = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"})

#: Spellings of a unit after a number, each to its one symbol.
UNITS: Final[dict[str, str]] = {
    spelling: symbol
    for symbol, spellings in {
        "g": "g gr grs gramo gramos",
        "kg": "kg kgs kilo kilos kilogramo kilogramos",
        "lb": "lb lbs libra libras",
        "oz": "oz onza onzas",
        "ml": "ml cc mililitro mililitros",
        "l": "l lt lts litro litros",
        "cm": "cm cms centimetro centimetros",
        "mm": "mm milimetro milimetros",
        "m": "m mt mts metro metros",
        "un": "un und unds unid unidad unidades",
    }.items()
    for spelling in spellings.split()
}

_WORD: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+")
_THOUSANDS: Final = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_DECIMALS: Final = re.compile(r"([0-9]+)[.,]([0-9]+)")


def fold(text: str) -> str:
    """Take accents and capitals away: ``Ñame Crème`` becomes ``name creme``.

    Compatibility forms too (Unicode NFKD): full-width digits, ligatures, ``½`` as ``1⁄2``. What is
    no letter stays as it is; folding twice changes nothing.
    """
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(sign for sign in apart if not unicodedata.category(sign).startswith("M"))
    return bare.lower().translate(_LETTERS)


def words(text: str) -> tuple[str, ...]:
    """Give the search words of a text, each once, in order.

    Letters and digits part (``x30`` is found by ``30``, ``ab12`` by ``ab`` and ``12``), and the
    sign of a pack, ``x`` or ``×`` before a number, is left out. A number takes the unit behind it,
    written apart or not, in one spelling: ``500 gramos``, ``500 GR`` and ``500g`` are all ``500g``,
    ``1,5 lt`` is ``1.5l``. A dot before three digits parts thousands, as people write here
    (``1.000 g``); any other dot or comma parts decimals. The same function reads what is stored and
    what is asked, so that both always agree.
    """
    found = _WORD.findall(fold(text))
    kept: dict[str, None] = {}
    place = 0
    while place < len(found):
        word = found[place]
        after = found[place + 1] if place + 1 < len(found) else ""
        place += 1
        if word[0].isdigit():
            unit = UNITS.get(after, "")
            place += bool(unit)
            *others, last = _numbers(word)
            kept.update(dict.fromkeys([*others, last + unit]))
        elif not (word == "x" and after[:1].isdigit()):
            kept[word] = None
    return tuple(kept)


def _numbers(written: str) -> list[str]:
    """Read one number, or several that dots and commas join into no number, like a version."""
    if _THOUSANDS.fullmatch(written):
        return [written.replace(".", "")]
    if whole := _DECIMALS.fullmatch(written):
        part = whole[2].rstrip("0")
        return [f"{whole[1]}.{part}" if part else whole[1]]
    return re.split("[.,]", written)

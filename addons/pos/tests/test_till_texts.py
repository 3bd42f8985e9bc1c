"""The words of the till page: every one listed, every one in Spanish."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from addons.pos.till_texts import TILL_TEXTS, till_texts
from core.i18n import load_catalogs, use_language

ADDON: Final = Path(__file__).resolve().parents[1]
SHOWN: Final = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')
PLACES: Final = re.compile(r"\{\w+\}")


def modules() -> list[Path]:
    return sorted((ADDON / "static" / "pos").rglob("*.mjs"))


def test_every_word_a_module_shows_is_listed_and_no_other() -> None:
    shown = {word for module in modules() for word in SHOWN.findall(module.read_text("utf-8"))}
    assert shown == {text.source for text in TILL_TEXTS}


def test_every_word_has_its_spanish_with_the_same_places() -> None:
    load_catalogs([ADDON / "locale"])
    spanish = (ADDON / "locale" / "es.po").read_text("utf-8")
    with use_language("es"):
        for english, local in till_texts().items():
            assert f'msgid "{english}"' in spanish
            assert sorted(PLACES.findall(english)) == sorted(PLACES.findall(local)), english


def test_no_module_is_long_or_writes_markup_or_keeps_money_in_local_storage() -> None:
    for module in modules():
        source = module.read_text("utf-8")
        assert source.count("\n") <= 300, module.name
        assert not re.search(
            r"innerHTML|insertAdjacentHTML|localStorage|document\.write|eval\(", source
        ), module.name
        assert not re.search(r"parseFloat|toFixed|Math\.round", source), module.name

"""Everything we say to people is also said in Spanish."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from babel.messages.pofile import read_po

ADDON = Path(__file__).resolve().parents[1]


def spoken() -> set[str]:
    texts = set()
    for path in ADDON.glob("**/*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
                texts.add(ast.literal_eval(node.args[0]))
    return texts


def test_every_text_has_its_spanish_with_the_same_places() -> None:
    with (ADDON / "locale/es.po").open("rb") as opened:
        catalog = {m.id: str(m.string) for m in read_po(opened) if m.id}
    for text in spoken():
        assert catalog.get(text), text
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", catalog[text]))

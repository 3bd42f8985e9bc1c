"""Files of others are what they say they are; ours keep the rules of the house."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

import pytest

from core.web import sprite
from core.web.tests.rendering import STATIC, TEMPLATES

VENDOR: Final = STATIC / "vendor"
LISTED: Final = dict(
    re.findall(
        r"^\| ([\w.-]+) \|.*\| `([0-9a-f]{64})` \|$",
        (VENDOR / "LICENSES.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
)
OURS: Final = sorted([*(STATIC / "css").glob("*.css"), *(STATIC / "js").glob("*.js")])


def _name(path: Path) -> str:
    return path.name


def test_every_vendored_file_is_listed_with_its_licence() -> None:
    assert {path.name for path in VENDOR.iterdir()} - {"LICENSES.md"} == set(LISTED)


@pytest.mark.parametrize("name", LISTED)
def test_a_vendored_file_is_untouched(name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == LISTED[name]


@pytest.mark.parametrize("path", OURS, ids=_name)
def test_ours_load_nothing_from_elsewhere_and_stay_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://(?!www\.w3\.org)", text)
    assert len(text.splitlines()) <= 400


@pytest.mark.parametrize("path", sorted((STATIC / "js").glob("*.js")), ids=_name)
def test_scripts_write_no_markup_and_evaluate_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)
    assert not re.search(r"new Function|setAttribute\(\"style\"|XMLHttpRequest", text)


def test_addresses_in_style_sheets_exist() -> None:
    for path in (STATIC / "css").glob("*.css"):
        for address in re.findall(r"url\(([^)\"']+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / address).resolve().is_file(), f"{path.name}: {address}"


def test_a_colour_that_one_theme_lacks_is_not_in_the_shell() -> None:
    text = (STATIC / "css" / "shell.css").read_text(encoding="utf-8")
    in_both_themes = {"#14130f80", "#fff", "#bbb"}  # behind a dialog, on dark bars, on paper
    single = re.sub(r"light-dark\([^)]*\)", "", text)
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", single)) - {"#0000"} <= in_both_themes


def test_the_manifest_names_files_that_exist() -> None:
    names = re.findall(r'"src": "([^"]+)"', (STATIC / "manifest.webmanifest").read_text("utf-8"))
    assert names
    assert all((STATIC / name).is_file() for name in names)


def test_templates_ask_only_for_files_that_exist() -> None:
    for path in TEMPLATES.rglob("*.html"):
        for name in re.findall(r"static\('([^']+)'\)", path.read_text(encoding="utf-8")):
            assert (STATIC / name).is_file(), f"{path.name}: {name}"


def test_a_symbol_takes_its_stroke_from_the_page() -> None:
    drawing = (
        '<svg stroke-width="2"><path stroke="none" d="M0 0h24v24H0z" fill="none" />'
        '<path d="M7 20l10 0" /><circle cx="1" cy="1" r="1" /></svg>'
    )
    made = sprite.symbol("beam", drawing)
    assert "stroke-width" not in made
    assert made.count("<path") == 1
    assert "<circle" in made


def test_a_drawing_without_shapes_is_refused() -> None:
    with pytest.raises(ValueError, match="beam: no shape"):
        sprite.symbol("beam", "<svg></svg>")


def test_the_sprite_keeps_what_it_has_and_is_ordered(tmp_path: Path) -> None:
    (tmp_path / "aid.svg").write_text('<svg><path d="M1 1"/></svg>', encoding="utf-8")
    old = sprite.symbol("zip", '<path d="M2 2"/>')
    assert list(sprite.symbols(sprite.with_icons(old, tmp_path, ["aid"]))) == ["aid", "zip"]
    present = sprite.SPRITE.read_text(encoding="utf-8")
    assert sprite.with_icons(present, tmp_path, []) == present

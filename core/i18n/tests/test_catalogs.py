"""Every text that a screen or an error can show exists in Spanish, in the voice of the house."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from core.i18n.texts import spanish_of, texts_of

ROOT: Final = Path(__file__).resolve().parents[3]
CORE: Final = ROOT / "core"
PLACES: Final = re.compile(r"{(\w*)}")
#: Words of tú and vos, which a shop here does not use with its customers.
FAMILIAR: Final = re.compile(
    r"\b(tú|tu|tus|tuyo|contigo|puedes|quieres|tienes|debes|necesitas|haz|podés|querés|tenés)\b",
    re.IGNORECASE,
)
#: The one thing that a shop does exclaim, at the foot of a ticket.
THANKS: Final = "¡Gracias por su compra!"


def _packages() -> list[Path]:
    addons = ROOT / "addons"
    found = sorted(addons.iterdir()) if addons.is_dir() else []
    return [CORE, *(each for each in found if each.is_dir() and not each.name.startswith("_"))]


def _named(package: Path) -> str:
    return package.name


@pytest.mark.parametrize("package", _packages(), ids=_named)
def test_every_text_has_its_spanish(package: Path) -> None:
    known = spanish_of(CORE) | spanish_of(package)
    missing = {text: place for text, place in texts_of(package).items() if not known.get(text)}
    assert not missing, f"write these into {package.name}/locale/es.po"


@pytest.mark.parametrize("package", _packages(), ids=_named)
def test_a_translation_fills_the_same_places(package: Path) -> None:
    for source, text in spanish_of(package).items():
        assert set(PLACES.findall(source)) == set(PLACES.findall(text)), source


@pytest.mark.parametrize("package", _packages(), ids=_named)
def test_screens_say_usted_and_do_not_shout(package: Path) -> None:
    for source, text in spanish_of(package).items():
        assert not FAMILIAR.search(text), f"{source!r} is not in usted: {text!r}"
        assert "!" not in text.replace(THANKS, ""), f"{source!r} shouts: {text!r}"


@pytest.mark.parametrize("package", _packages()[1:], ids=_named)
def test_an_addon_does_not_change_a_word_of_the_core(package: Path) -> None:
    core = spanish_of(CORE)
    changed = {
        source: text
        for source, text in spanish_of(package).items()
        if source in core and core[source] != text
    }
    assert not changed, "the catalogues are read as one: choose a more precise English text"


def test_a_missing_translation_is_found(tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "page.html").write_text("{{ _('Nobody translated this') }}", encoding="utf-8")
    (tmp_path / "rules.py").write_text('x = _("Nor this {n}", n=1)\n', encoding="utf-8")
    assert set(texts_of(tmp_path)) == {"Nobody translated this", "Nor this {n}"}

"""Addons are found wherever they are, without running more than their manifest."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

import pytest

from core.addons.discovery import discover, read_places
from core.addons.errors import UnknownAddonError
from core.addons.tests.toys import Shelf

CARD = """
from core.addons import AddonManifest
MANIFEST = AddonManifest(name={name!r}, version={version!r}, title="", summary="", contract=1)
"""


def test_an_addon_of_an_operators_directory_is_found_and_importable(shelf: Shelf) -> None:
    shelf.add("toy_one")
    found = shelf.find().get("toy_one")
    assert found.folder == shelf.place / "toy_one"
    assert import_module("addons.toy_one").__doc__ == "A toy."


def test_an_addon_stays_importable_when_the_path_changes(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shelf.add("toy_one")
    shelf.find()
    monkeypatch.syspath_prepend(tmp_path)
    assert import_module("addons.toy_one.manifest").MANIFEST.name == "toy_one"


def test_an_addon_shipped_in_a_wheel_is_found(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site = tmp_path / "site-packages"
    wheel = Shelf(site / "addons")
    wheel.add("toy_wheel")
    monkeypatch.syspath_prepend(site)
    try:
        assert discover().get("toy_wheel").folder == site / "addons" / "toy_wheel"
    finally:
        wheel.close()


def test_finding_an_addon_runs_neither_its_package_nor_its_models(shelf: Shelf) -> None:
    shelf.add("toy_one", models="raise RuntimeError('imported')")
    shelf.write("toy_one", "__init__.py", "raise RuntimeError('imported')")
    assert set(shelf.find().found) == {"toy_one"}
    assert "addons.toy_one" not in sys.modules


def test_a_manifest_is_read_as_it_is_now(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    # As long as the former one, and written in the same second.
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    seen = []
    for version in ("1.0.0", "1.1.0"):
        shelf.add("toy_one", manifest=CARD.format(name="toy_one", version=version))
        os.utime(shelf.place / "toy_one" / "manifest.py", (1, 1))
        seen.append(shelf.find().get("toy_one").manifest.version)
    assert seen == ["1.0.0", "1.1.0"]


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        ("def broken(:", "SyntaxError"),
        ("import no_such_module", "no_such_module"),
        ("MANIFEST = {'name': 'toy_bad'}", "does not set MANIFEST"),
        ("NOTHING = 1", "does not set MANIFEST"),
        (
            CARD.format(name="other", version="1.0.0"),
            "the manifest says other",
        ),
        (
            CARD.format(name="toy_bad", version="1"),
            "no version",
        ),
    ],
)
def test_a_broken_manifest_is_quarantined_with_its_reason(
    shelf: Shelf, manifest: str, reason: str
) -> None:
    shelf.add("toy_bad", manifest=manifest)
    shelf.add("toy_good")
    seen = shelf.find()
    assert set(seen.found) == {"toy_good"}
    (bad,) = seen.quarantined
    assert bad.name == "toy_bad"
    assert reason in bad.reason


def test_a_second_addon_of_the_same_name_is_quarantined(tmp_path: Path) -> None:
    first, second = Shelf(tmp_path / "a"), Shelf(tmp_path / "b")
    first.add("toy_one")
    second.add("toy_one", version="2.0.0")
    seen = read_places([first.place, second.place])
    assert seen.get("toy_one").manifest.version == "1.0.0"
    (bad,) = seen.quarantined
    assert bad.folder == second.place / "toy_one"
    assert str(first.place) in bad.reason


def test_requirements_come_before_who_requires_them(shelf: Shelf) -> None:
    shelf.add("toy_top", "toy_left", "toy_right")
    shelf.add("toy_left", "toy_base")
    shelf.add("toy_right", "toy_base")
    shelf.add("toy_base")
    order = [addon.name for addon in shelf.find().with_requirements("toy_top")]
    assert order == ["toy_base", "toy_left", "toy_right", "toy_top"]


def test_an_addon_nobody_has_is_refused(shelf: Shelf) -> None:
    with pytest.raises(UnknownAddonError):
        shelf.find().get("toy_none")

"""The changelog is put together from fragments that somebody can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.changelog import MARK, FragmentError, fragments, main, release, section
from tests.architecture.tree import ROOT


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "changelog.d").mkdir()
    (tmp_path / "changelog.d" / "README.md").write_text("How to write one.")
    (tmp_path / "changelog.d" / "till.fixed.md").write_text("The till\nprints again.")
    (tmp_path / "changelog.d" / "board.added.md").write_text("Boards.")
    old = "\n## 0.1.0 (2026-01-01)\n"
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{MARK}{old}")
    return tmp_path


def test_the_fragments_of_the_house_are_readable() -> None:
    assert isinstance(fragments(ROOT / "changelog.d"), list)
    assert MARK in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_kinds_come_in_a_fixed_order(house: Path) -> None:
    assert section(fragments(house / "changelog.d")) == (
        "### Added\n\n- Boards.\n\n### Fixed\n\n- The till\n  prints again.\n"
    )


def test_a_release_is_written_above_the_last_one_and_takes_the_fragments(house: Path) -> None:
    release(house, "0.2.0", "2026-04-01")
    page = (house / "CHANGELOG.md").read_text()
    assert page.index("## 0.2.0 (2026-04-01)") < page.index("- Boards.") < page.index("## 0.1.0")
    assert [path.name for path in (house / "changelog.d").iterdir()] == ["README.md"]


@pytest.mark.parametrize("version", ["0.1.0", "0.2", "v0.2.0"])
def test_a_version_that_is_not_new_is_refused(house: Path, version: str) -> None:
    with pytest.raises(FragmentError, match="is not a new version"):
        release(house, version, "2026-04-01")


def test_a_release_of_nothing_is_refused(house: Path) -> None:
    release(house, "0.2.0", "2026-04-01")
    with pytest.raises(FragmentError, match="nothing to release"):
        release(house, "0.3.0", "2026-05-01")


@pytest.mark.parametrize(
    ("name", "text"), [("till.md", "x"), ("till.new.md", "x"), ("a.added.md", "")]
)
def test_a_fragment_that_cannot_be_placed_is_refused(house: Path, name: str, text: str) -> None:
    (house / "changelog.d" / name).write_text(text)
    with pytest.raises(FragmentError):
        fragments(house / "changelog.d")


def test_half_a_release_is_wrong_usage() -> None:
    assert main(["0.2.0"]) == 2

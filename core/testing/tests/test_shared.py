from __future__ import annotations

from pathlib import Path

import pytest

from core.testing.shared import needs_shared, shared_data


def test_the_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUADUA_SHARED_DATA", str(tmp_path))
    assert shared_data() == tmp_path


def test_a_named_folder_that_is_not_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUADUA_SHARED_DATA", str(tmp_path / "nowhere"))
    assert shared_data() is None


@needs_shared
def test_the_reference_data_says_where_it_comes_from() -> None:
    folder = shared_data()
    assert folder
    assert (folder / "SOURCES.md").is_file()

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.testing import memory
from core.testing.databases import run_name
from core.testing.memory import folder_for_sqlite, free_memory, take_memory

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
RUN = run_name(NOW, "abcdef")


@pytest.fixture
def run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of a run, on a machine whose memory is another folder."""
    monkeypatch.setattr(memory, "MEMORY", tmp_path / "memory")
    monkeypatch.setattr(memory, "ROOM", 1)
    (tmp_path / "memory").mkdir()
    (tmp_path / RUN).mkdir()
    return tmp_path / RUN


def test_files_are_in_memory_where_it_was_taken(run_folder: Path) -> None:
    take_memory(RUN)
    assert folder_for_sqlite(run_folder) == memory.MEMORY / RUN
    free_memory(RUN, NOW)
    assert not (memory.MEMORY / RUN).exists()


@pytest.mark.parametrize("lack", ["room", "memory"])
def test_files_are_in_the_folder_of_the_run_where_memory_lacks(
    run_folder: Path, monkeypatch: pytest.MonkeyPatch, lack: str
) -> None:
    if lack == "room":
        monkeypatch.setattr(memory, "ROOM", 1 << 60)
    else:
        memory.MEMORY.rmdir()
    take_memory(RUN)
    assert folder_for_sqlite(run_folder) == run_folder / "sqlite"
    assert (run_folder / "sqlite").is_dir()
    free_memory(RUN, NOW)


def test_only_what_a_run_left_a_day_ago_goes_with_a_later_one(run_folder: Path) -> None:
    old, young = (run_name(NOW - timedelta(hours=age), "000000") for age in (25, 23))
    for name in (old, young, "somebody else's"):
        (memory.MEMORY / name).mkdir()
    free_memory(RUN, NOW)
    assert {path.name for path in memory.MEMORY.iterdir()} == {young, "somebody else's"}

"""SQLite files of a run in the machine's memory, where it has room: no commit waits for a disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from core.testing.databases import is_stale

#: Linux shows its memory as a folder.
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a run's folder in it has a name nobody guesses
#: Bytes that must be free: a run never keeps more than some tens of small files.
ROOM: Final = 1 << 30


def take_memory(run: str) -> None:
    """Make the folder of a run, unless this machine has none or too little memory for it."""
    with suppress(OSError):
        if shutil.disk_usage(MEMORY).free > ROOM:
            (MEMORY / run).mkdir(mode=0o700)


def folder_for_sqlite(run_folder: Path) -> Path:
    """Give the folder for SQLite files of a run, the same to all its processes."""
    folder = MEMORY / run_folder.name
    if not folder.is_dir():
        folder = run_folder / "sqlite"
        folder.mkdir(exist_ok=True)
    return folder


def free_memory(run: str, now: datetime) -> None:
    """Remove the folder of a run, and those that runs killed more than a day ago left."""
    for folder in (MEMORY / run, *_stale(now)):
        shutil.rmtree(folder, ignore_errors=True)


def _stale(now: datetime) -> Iterator[Path]:
    with suppress(OSError):
        yield from (path for path in MEMORY.iterdir() if is_stale(path.name, now))

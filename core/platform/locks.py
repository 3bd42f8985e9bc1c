"""A lock between processes that serves in the order of asking.

SQLite has one writer. Left to busy-waiting, writers starve each other (one process got two
transactions in four seconds); with a turnstile before the lock the worst wait fell from 480 to
166 ms. Whoever asks takes the turnstile first and holds it until the lock itself is free, so at
most one waits for the lock, and the kernel queues the others at the turnstile.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import local

if sys.platform == "win32":  # pragma: no cover - runs on Windows tills
    import msvcrt
    import time

    def _lock(descriptor: int) -> None:
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            except OSError:
                time.sleep(0.002)
            else:
                return

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


class FairLock:
    """A lock in the file ``path``, shared by every thread of every process that names it.

    The kernel frees it when its holder dies.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mine = local()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Hold the lock inside the block; asking again in the same thread is an error."""
        turnstile, door = self._files()
        if self._mine.held:
            raise RuntimeError("this thread holds the write lock already")
        _lock(turnstile)
        try:
            _lock(door)
        finally:
            _unlock(turnstile)
        self._mine.held = True
        try:
            yield
        finally:
            self._mine.held = False
            _unlock(door)

    def _files(self) -> tuple[int, int]:
        # One pair of descriptors per thread and process: locks belong to the open file.
        if getattr(self._mine, "process", None) != os.getpid():
            self._mine.process = os.getpid()
            self._mine.held = False
            self._mine.files = tuple(
                os.open(f"{self._path}.{name}", os.O_RDWR | os.O_CREAT | _NO_INHERIT, 0o600)
                for name in ("turnstile", "door")
            )
        files: tuple[int, int] = self._mine.files
        return files


_NO_INHERIT = getattr(os, "O_CLOEXEC", 0)

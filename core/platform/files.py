"""Files that survive a power cut, and files that only one account may read."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from secrets import token_hex

from core.db import trace


def write_durably(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write ``content`` under ``path``: entirely or not at all, and on disk when it returns.

    A temporary file beside it is synced, renamed, and its folder synced.
    """
    temporary = path.with_name(f".{path.name}.{token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, mode)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        trace.step("rename", path.name)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_folder(path: Path, *, inside: Path) -> None:
    """Make the folder ``path`` below ``inside``, on disk when it returns."""
    missing = []
    while path != inside and not path.is_dir():
        missing.append(path)
        path = path.parent
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Put a folder's list of names on disk; Windows does so by itself."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def others_can_read(path: Path) -> bool:
    """Tell whether another account than the owner may read ``path``; Windows has no such bits."""
    return sys.platform != "win32" and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def can_read(path: Path) -> bool:
    """Tell whether this account may read ``path``."""
    return os.access(path, os.R_OK)


_BINARY = getattr(os, "O_BINARY", 0)

"""Sees what a test makes the machine do, and so tells a rule from what belongs to another stage."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

#: Events that Python itself tells of (PEP 578), and what each says of a test.
_EFFORTS: Final = {
    "subprocess.Popen": "starts a program",
    "os.fork": "starts a process",
    "sqlite3.connect": "opens a database",
    "socket.bind": "listens on a port",
}
_watching: Final[list[set[str]]] = []


@contextmanager
def efforts() -> Iterator[set[str]]:
    """Collect what is done inside the block, by any thread, in words."""
    _hear()
    seen: set[str] = set()
    _watching.append(seen)
    try:
        yield seen
    finally:
        _watching.remove(seen)


@cache
def _hear() -> None:
    # Python lets nobody stop listening, so this is done once for a process.
    sys.addaudithook(_note)


def _note(event: str, _arguments: object) -> None:
    if _watching and event in _EFFORTS:
        for seen in _watching:
            seen.add(_EFFORTS[event])

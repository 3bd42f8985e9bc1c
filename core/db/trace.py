"""Where a flow can be interrupted: every statement, commit, send and rename passes here.

In production nobody listens and a step costs one truth test. The crash harness listens to count
the steps of a flow and to end the process at the k-th of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Listener = Callable[[str, str], None]

listeners: Final[list[Listener]] = []


def step(kind: str, detail: str = "") -> None:
    """Tell whoever listens that ``kind`` (statement, commit, send, rename…) is about to happen."""
    if listeners:
        for listener in tuple(listeners):
            listener(kind, detail)

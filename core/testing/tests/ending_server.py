"""A server whose jobs end in every way: ``python -m core.testing.tests.ending_server``."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

from core.db import trace
from core.testing.crash import counting, serve


def walk(_order: Mapping[str, Any]) -> dict[str, Any]:
    """Take three steps."""
    with counting() as steps:
        for n in range(3):
            trace.step("commit", str(n))
    return {"steps": steps, "seen": _seen}


def fail(_order: Mapping[str, Any]) -> None:
    """Raise."""
    raise ValueError("the till is on fire")


def unspeakable(_order: Mapping[str, Any]) -> str:
    """Give what cannot be written as JSON."""
    return "\ud800"


def vanish(_order: Mapping[str, Any]) -> None:
    """End without a word."""
    os._exit(3)


def see(order: Mapping[str, Any]) -> None:
    """Remember what was shown, for every job that comes later."""
    _seen.append(order["shown"])


def collapse(_order: Mapping[str, Any]) -> None:
    """End the server itself."""
    sys.stderr.write("out of coffee\n")
    sys.stderr.flush()
    os._exit(4)


_seen: list[str] = []

if __name__ == "__main__":
    serve(
        {"walk": walk, "fail": fail, "unspeakable": unspeakable, "vanish": vanish},
        {"see": see, "collapse": collapse, "fail here": fail},
    )

"""The stages of the suite: which tests they hold and how long they may take in CI."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

#: Markers that take a test out of the unit stage; the heaviest names the stage.
HEAVY: Final = ("campaign", "crash", "browser", "redis", "services")


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the suite; ``budget`` is what it may take on two cores, in seconds."""

    name: str
    selection: str
    budget: int


_UNIT: Final = " and ".join(f"not {marker}" for marker in (*HEAVY, "nightly"))
_SERVICES: Final = (
    "(services or redis) and not browser and not crash and not campaign and not nightly"
)

STAGES: Final = (
    Stage("unit", _UNIT, 10),
    Stage("services", _SERVICES, 180),
    Stage("browser", "browser and not crash and not campaign and not nightly", 300),
    Stage("crash", "crash and not campaign and not nightly", 240),
    Stage("campaign", "campaign and not nightly", 300),
    Stage("all", "not nightly", 1500),
    Stage("nightly", "", 4 * 3600),
)
BY_NAME: Final = {stage.name: stage for stage in STAGES}


def stage_of(markers: Collection[str]) -> str:
    """Name the stage that a test with these markers runs in."""
    if "nightly" in markers:
        return "nightly"
    found = next((marker for marker in HEAVY if marker in markers), "unit")
    return "services" if found == "redis" else found

"""Nothing that was acknowledged is lost, and nothing happens twice, wherever the process ends."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.testing.crash import chosen_points
from tests.crash.conftest import Stage

pytestmark = [pytest.mark.crash, pytest.mark.skipif(os.name == "nt", reason="forks")]

KNOWN: dict[str, int] = json.loads(Path(__file__).with_name("points.json").read_text())
FLOWS = ("sale", "drawer", "document", "inquiry", "install")
#: Of the points whose statement came before, every so many in CI; nightly takes all.
EVERY = {"sale": 30, "drawer": 30, "document": 60, "inquiry": 60, "install": 60}
#: What a flow must pass for its points to be worth anything: each is ended before and after.
PASSED = {
    "document": ("send send", "rename"),
    "inquiry": ("send send", "send ask", "rename"),
}
#: A document whose sender died is asked for: those steps are written down besides.
MAY_GROW = frozenset({"edi_step"})


def engine_of(stage: Stage) -> str:
    return "sqlite" if stage.databases.owner_url("x").startswith("sqlite") else "postgresql"


def sampled(stage: Stage, steps: Sequence[str]) -> Sequence[int]:
    """Choose what CI takes; where nothing is written yet, each engine takes every other point."""
    share = int(engine_of(stage) == "postgresql")
    points = chosen_points(steps, EVERY[stage.flow], share=share, of=2)
    # Until it is sent, "inquiry" is the flow "document", step by step.
    start = steps.index("send send") if stage.flow == "inquiry" else 0
    return [point for point in points if point >= start]


def sweep(stage: Stage, *, complete: bool) -> None:
    ran, whole = stage.whole()
    assert whole.value["problems"] == []
    name = f"{stage.flow} {engine_of(stage)}"
    assert len(ran.steps) >= KNOWN[name], f"{name} has fewer points than it had"
    for passed in PASSED.get(stage.flow, ("commit",)):
        assert any(step.startswith(passed) for step in ran.steps), f"{name} never comes to {passed}"
    points = range(1, len(ran.steps) + 1) if complete else sampled(stage, ran.steps)
    for point in points:
        killed, found = stage.ended_at(point, cold=complete)
        where = f"{name}, before step {point}: {ran.steps[point - 1][:120]}"
        assert killed, f"not reached: {where}"
        assert found["problems"] == [], where
        differing = {
            table: (number, found["counts"].get(table))
            for table, number in whole.value["counts"].items()
            if table not in MAY_GROW and number != found["counts"].get(table)
        }
        assert not differing, f"{where}: (uninterrupted, recovered) {differing}"


@pytest.mark.parametrize("stage", FLOWS, indirect=True)
def test_ended_anywhere_it_comes_back_with_everything_once(stage: Stage) -> None:
    sweep(stage, complete=False)


@pytest.mark.nightly
@pytest.mark.parametrize("stage", FLOWS, indirect=True)
def test_ended_at_every_single_point_it_comes_back_with_everything_once(stage: Stage) -> None:
    sweep(stage, complete=True)

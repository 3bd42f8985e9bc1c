"""The points at which a flow is ended are counted, kept, and of every kind there is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.testing.crash import chosen_points
from tests.crash.test_crashes import FLOWS, KNOWN

STEPS = [
    "statement SELECT a FROM pos_sale",
    "statement SELECT b FROM pos_line",
    "commit",
    "decide",
    "statement INSERT INTO pos_sale (id) VALUES (?)",
    "statement INSERT INTO pos_sale (id) VALUES (?)",
    "statement INSERT INTO pos_line (id) VALUES (?)",
    "commit",
    "send send",
    "rename a.xml",
    "statement INSERT INTO pos_line (id) VALUES (?)",
    "statement INSERT INTO pos_line (id) VALUES (?)",
]


def test_every_statement_is_chosen_once_and_where_something_happens_every_step() -> None:
    # Left out: a statement that came before, unless something was just sent or renamed.
    assert chosen_points(STEPS, 1000) == (1, 2, 3, 4, 5, 7, 8, 9, 10, 11)
    assert chosen_points(STEPS, 1) == tuple(range(1, 13))


def test_only_points_where_nothing_is_written_yet_are_divided() -> None:
    halves = [chosen_points(STEPS, 1000, share=share, of=2) for share in (0, 1)]
    assert halves == [(1, 3, 4, 5, 7, 8, 9, 10, 11), (2, 4, 5, 7, 8, 9, 10, 11)]


def test_every_flow_has_its_points_on_each_engine() -> None:
    assert set(KNOWN) == {
        f"{flow} {engine}" for flow in FLOWS for engine in ("sqlite", "postgresql")
    }


@pytest.mark.parametrize(
    ("name", "least"),
    [("sale postgresql", 138), ("document postgresql", 235), ("install sqlite", 305)],
)
def test_the_number_of_points_never_shrinks_unseen(name: str, least: int) -> None:
    kept = json.loads(Path(__file__).with_name("points.json").read_text())
    assert kept[name] >= least

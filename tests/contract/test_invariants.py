"""The page of invariants and the addons name the same ones."""

from __future__ import annotations

import re

from core.audit.chain import RULE
from core.testing.contract import addons_on_path, loaded
from tests.architecture.tree import ROOT

PAGE = (ROOT / "docs" / "invariants.md").read_text(encoding="utf-8")
#: Code and addon of each row that ``verify`` checks.
TOLD = set(re.findall(r"^\| (\w\d) .*\| `verify`, (?:addon )?`?(\w+)`? *\|$", PAGE, re.MULTILINE))


def test_every_invariant_of_an_addon_is_on_the_page_and_the_other_way_round() -> None:
    declared = loaded(addons_on_path()).everywhere.register_invariants()
    found = {(invariant.code, addon) for addon, invariant in declared}
    assert found | {(RULE, "core")} == TOLD


def test_a_check_that_a_test_holds_names_a_file_that_is_there() -> None:
    named = re.findall(r"`((?:core|tests)/[\w/.]+)`", PAGE)
    assert len(named) >= 6
    assert [path for path in named if not (ROOT / path).exists()] == []

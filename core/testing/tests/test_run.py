from __future__ import annotations

import sys

import pytest

from core.testing.run import COMPILED, command, environment, main


def test_a_stage_selects_by_marker_and_takes_pytests_words() -> None:
    asked = command("browser", ["-x"], "3")
    assert asked[:3] == [sys.executable, "-m", "pytest"]
    assert asked[asked.index("-n") + 1] == "3"
    assert asked[-3:] == ["-m", "browser and not crash and not campaign and not nightly", "-x"]


def test_the_nightly_run_selects_everything_and_looks_longer() -> None:
    assert "-m" not in command("nightly", [], "2")[3:]
    assert environment("nightly", {})["HYPOTHESIS_PROFILE"] == "nightly"


def test_only_a_whole_run_in_ci_must_use_every_service() -> None:
    assert "PostgreSQL" in environment("all", {"GUADUA_CI": "1"})["GUADUA_MUST_USE"]
    assert "GUADUA_MUST_USE" not in environment("unit", {"GUADUA_CI": "1"})
    assert "GUADUA_MUST_USE" not in environment("all", {})


def test_sources_are_compiled_once_even_where_nothing_may_be_written_beside_them() -> None:
    kept = environment("unit", {"PYTHONDONTWRITEBYTECODE": "1"})
    assert kept["PYTHONDONTWRITEBYTECODE"] == ""
    assert kept["PYTHONPYCACHEPREFIX"] == str(COMPILED)
    assert "PYTHONPYCACHEPREFIX" not in environment("unit", {})


def test_an_unknown_stage_is_wrong_usage() -> None:
    with pytest.raises(SystemExit) as refused:
        main(["everything"])
    assert refused.value.code == 2

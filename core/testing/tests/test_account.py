from __future__ import annotations

import pytest

from core.testing.account import CAPABILITIES, Account, capability_of, length
from core.testing.shared import WITHOUT_SHARED
from core.testing.stages import stage_of


@pytest.mark.parametrize(
    ("reason", "capability"),
    [
        ("[Redis] no server answers", "Redis"),
        ("needs PostgreSQL", "PostgreSQL"),
        ("no Chromium here", "Chromium"),
        ("could not import 'playwright'", "Chromium"),
        (WITHOUT_SHARED, "reference data"),
        ("../shared/data is absent", "reference data"),
        ("Windows only", None),
    ],
)
def test_a_skip_reason_tells_what_was_lacking(reason: str, capability: str | None) -> None:
    assert capability_of(reason) == capability


def test_a_skip_for_lack_of_a_service_is_a_fault_and_another_skip_is_not() -> None:
    account = Account()
    account.skip("test_a", "[Redis] no server")
    account.skip("test_b", "Windows only")
    assert account.faults([]) == ["Redis: 1 tests skipped"]


def test_a_service_that_no_test_used_is_a_fault_where_it_must_be_used() -> None:
    account = Account()
    account.use("PostgreSQL", "15.1")
    assert account.faults(["PostgreSQL", "Redis"]) == ["Redis: no test used it"]


def test_what_workers_used_adds_up() -> None:
    first, second, whole = Account(), Account(), Account()
    first.use("Redis", "7")
    second.use("SQLite", "yes")
    whole.add(first.as_dict()).add(second.as_dict())
    assert whole.used == {"Redis": "7", "SQLite": "yes"}


def test_the_summary_names_every_capability_and_every_reason() -> None:
    account = Account()
    account.use("SQLite", "yes")
    account.skip("test_a", "[Redis] no server")
    account.skip("test_b", "Windows only")
    account.spend(["crash", "services"], 100.0, 101.5, finished=True)
    account.spend(["crash"], 100.5, 102.0, finished=False)
    lines = list(account.lines())
    assert all(name in lines[0] for name in CAPABILITIES)
    assert "SQLite yes" in lines[0]
    assert "Redis NO" in lines[0]
    assert lines[1:] == [
        "Redis: 1 skipped, as test_a: [Redis] no server",
        "1 skipped: Windows only",
        "stage crash: 1 tests, 2.0 s for 3.0 s of work, budget 240 s",
    ]


@pytest.mark.parametrize(
    ("markers", "stage"),
    [
        ([], "unit"),
        (["redis"], "services"),
        (["services", "browser"], "browser"),
        (["browser", "crash"], "crash"),
        (["campaign", "nightly"], "nightly"),
    ],
)
def test_the_heaviest_marker_names_the_stage(markers: list[str], stage: str) -> None:
    assert stage_of(markers) == stage


@pytest.mark.parametrize(
    ("times", "seconds"),
    [
        ([], 0),
        ([(1, 3)], 2),
        ([(5, 6), (1, 3)], 3),
        ([(1, 4), (2, 3)], 3),
        ([(1, 3), (2, 5)], 4),
        ([(1, 2), (2, 3)], 2),
    ],
)
def test_what_runs_side_by_side_counts_once(times: list[tuple[float, float]], seconds: int) -> None:
    assert length(times) == seconds

"""The server of jobs kills where it is told, and says why it failed where it was not."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from core.testing.crash import CrashServer, CrashTestError
from core.testing.shared import ROOT

pytestmark = [pytest.mark.services, pytest.mark.skipif(os.name == "nt", reason="forks")]


@pytest.fixture
def server() -> Iterator[CrashServer]:
    opened = CrashServer("core.testing.tests.ending_server", ROOT)
    yield opened
    opened.stop()


def test_a_job_is_killed_at_the_step_that_is_named_and_only_there(server: CrashServer) -> None:
    whole = server.order("walk", {})
    assert not whole.killed
    assert whole.steps == ("commit 0", "commit 1", "commit 2")
    assert [server.order("walk", {}, crash_at=n).killed for n in (1, 3, 4)] == [True, True, False]


def test_what_is_prepared_is_there_in_every_later_child(server: CrashServer) -> None:
    server.order("see", {"shown": "a cup"})
    server.order("walk", {}, crash_at=2)
    assert server.order("walk", {}).value == {"seen": ["a cup"]}


@pytest.mark.parametrize(
    ("job", "reason"),
    [
        ("fail", "the till is on fire"),
        ("fail here", "the till is on fire"),
        ("unspeakable", "surrogates not allowed"),
        ("vanish", "ended with 3, saying b''"),
    ],
)
def test_a_job_that_fails_says_why_and_the_server_goes_on(
    server: CrashServer, job: str, reason: str
) -> None:
    with pytest.raises(CrashTestError, match=f"{job} failed at 7:\n(.|\n)*{reason}"):
        server.order(job, {}, crash_at=7)
    assert not server.order("walk", {}).killed


def test_a_server_that_ended_says_how_and_what_it_wrote_last(server: CrashServer) -> None:
    with pytest.raises(CrashTestError, match="ended with 4, saying:\nout of coffee"):
        server.order("collapse", {})
    # Its pipe is broken now: the reason is still told.
    with pytest.raises(CrashTestError, match=r"before walk .* ended with 4"):
        server.order("walk", {})

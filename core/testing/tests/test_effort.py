from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from threading import Thread

import pytest

from core.testing.effort import efforts

#: They do what no unit test may.
pytestmark = pytest.mark.services


def start_a_program() -> None:
    subprocess.run([sys.executable, "-c", "0"], check=True)


def open_a_database() -> None:
    sqlite3.connect(":memory:").close()


def listen() -> None:
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))


@pytest.mark.parametrize(
    ("effort", "words"),
    [
        (start_a_program, "starts a program"),
        (open_a_database, "opens a database"),
        (listen, "listens on a port"),
    ],
)
def test_each_effort_is_seen_by_whoever_makes_it(effort: Callable[[], None], words: str) -> None:
    thread = Thread(target=effort)
    with efforts() as seen:
        thread.start()
        thread.join()
    assert seen == {words}


def test_what_is_done_before_and_after_is_not_seen() -> None:
    open_a_database()
    with efforts() as seen:
        sum(range(10))
    open_a_database()
    assert seen == set()

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ASK = """
import os
from core.platform.priority import yield_to_others
before = os.getpriority(os.PRIO_PROCESS, 0)
yield_to_others()
once = os.getpriority(os.PRIO_PROCESS, 0)
yield_to_others()
print(before, once, os.getpriority(os.PRIO_PROCESS, 0))
"""
_SESSION = Path("/proc/self/autogroup")


def _sessions_share() -> bool:
    return _SESSION.exists() and bool(_SESSION.read_text())


@pytest.mark.services
@pytest.mark.skipif(not _sessions_share(), reason="no kernel that shares between sessions")
def test_a_session_of_its_own_yields_as_a_whole_and_one_it_shares_does_not() -> None:
    ask = f"{_ASK}\nprint(open('{_SESSION}').read().split()[-1])"
    alone, shared = (
        subprocess.run(
            [sys.executable, "-c", ask],
            capture_output=True,
            check=True,
            text=True,
            start_new_session=is_alone,
        ).stdout.split()[-1]
        for is_alone in (True, False)
    )
    assert alone == "10"
    assert shared == _SESSION.read_text().split()[-1]


@pytest.mark.services
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has classes of priority instead")
def test_a_process_that_yields_stands_behind_the_others_once() -> None:
    ran = subprocess.run([sys.executable, "-c", _ASK], capture_output=True, check=True, text=True)
    before, once, again = map(int, ran.stdout.split())
    assert before == os.getpriority(os.PRIO_PROCESS, 0)
    assert once == again == max(10, before)

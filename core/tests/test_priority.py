from __future__ import annotations

import os
import subprocess
import sys

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


@pytest.mark.services
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has classes of priority instead")
def test_a_process_that_yields_stands_behind_the_others_once() -> None:
    ran = subprocess.run([sys.executable, "-c", _ASK], capture_output=True, check=True, text=True)
    before, once, again = map(int, ran.stdout.split())
    assert before == os.getpriority(os.PRIO_PROCESS, 0)
    assert once == again == max(10, before)

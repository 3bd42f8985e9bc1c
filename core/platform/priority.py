"""Lets a process work only where others leave room: nobody at a till waits for a background job."""

from __future__ import annotations

import os
import sys
from typing import Final

#: Steps of POSIX niceness: against a process that stays at 0 it gets a tenth of a busy core.
_NICE: Final = 10
_BELOW_NORMAL: Final = 0x4000


def yield_to_others() -> None:
    """Lower the priority of this process for as long as it lives; below what it was, once."""
    if sys.platform == "win32":  # pragma: no cover - runs on Windows tills
        import ctypes  # noqa: PLC0415 - not needed elsewhere

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
        return
    os.setpriority(os.PRIO_PROCESS, 0, max(_NICE, os.getpriority(os.PRIO_PROCESS, 0)))

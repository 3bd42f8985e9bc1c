"""Lets a process work only where others leave room: nobody at a till waits for a background job."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

#: Steps of POSIX niceness: against a process that stays at 0 it gets a tenth of a busy core.
_NICE: Final = 10
_BELOW_NORMAL: Final = 0x4000
#: The niceness of a process's whole session (autogroup, Linux).
_SESSION: Final = Path("/proc/self/autogroup")


def yield_to_others() -> None:
    """Lower the priority of this process for as long as it lives; below what it was, once.

    Where it leads a session of its own, that of the whole session too (Linux).
    """
    if sys.platform == "win32":  # pragma: no cover - runs on Windows tills
        import ctypes  # noqa: PLC0415 - not needed elsewhere

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
        return
    os.setpriority(os.PRIO_PROCESS, 0, max(_NICE, os.getpriority(os.PRIO_PROCESS, 0)))
    # Linux shares a core between sessions first, and heeds niceness inside of each only.
    if os.getsid(0) == os.getpid() and _SESSION.exists():
        with suppress(OSError):
            _SESSION.write_text(str(_NICE))

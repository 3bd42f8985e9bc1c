"""Where the plugin keeps what the fixtures need, on pytest's config."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from core.testing.account import Account
from core.testing.network import NetworkGuard

ACCOUNT: Final = pytest.StashKey[Account]()
GUARD: Final = pytest.StashKey[NetworkGuard]()
#: The folder that the processes of one run share; its name is the run's name.
RUN_FOLDER: Final = pytest.StashKey[Path]()
#: The name of this process within the run.
WORKER: Final = pytest.StashKey[str]()

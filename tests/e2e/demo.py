"""The demonstration as a stranger starts it, on a free port, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from config.settings import Settings
from core.demo import PASSWORD
from core.installation import Installation
from core.tenancy import Tenant
from core.tenancy.services import businesses
from core.testing.services import free_port

ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Demo:
    """A demonstration that is being served."""

    url: str
    folder: Path
    place: Installation

    @property
    def minimarket(self) -> Tenant:
        """Give the first shop."""
        return businesses(self.place.database, self.place.clock)[0]


@contextmanager
def served_demo(folder: Path) -> Iterator[Demo]:
    """Run ``manage.py demo --serve`` until the block ends."""
    environment = {**os.environ, "GUADUA_DATA_DIR": str(folder), "PORT": str(free_port())}
    command = [sys.executable, str(ROOT / "manage.py"), "demo", "--serve"]
    with (folder / "demo.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            said = _until_served(process)
            yield Demo(said, folder, Installation(Settings.from_environment(environment)))
        finally:
            process.terminate()
            process.wait(30)
            if process.stdout is not None:
                process.stdout.close()


def _until_served(process: subprocess.Popen[str]) -> str:
    """Read what the program says until it has named everybody who may enter."""
    lines = []
    for line in process.stdout or ():
        lines.append(line.strip())
        if PASSWORD in line:
            return next(each for each in lines if each.startswith("http://localhost"))
    raise AssertionError(f"the demonstration did not start: {lines}")

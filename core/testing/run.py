"""Run the test suite: ``python -m core.testing.run [stage] [-- what pytest takes]``.

One pytest over two processes, so that there is one summary, pytest's own, on the last line.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Final

from core.testing.account import CAPABILITIES
from core.testing.shared import ROOT
from core.testing.stages import BY_NAME

#: Where compiled modules are kept.
COMPILED: Final = ROOT / "build" / "bytecode"
#: What a complete run in CI must have used.
COMPLETE: Final = ",".join(CAPABILITIES)


def command(stage: str, extra: Sequence[str], workers: str) -> list[str]:
    """Give the pytest command of a stage."""
    spread = ["-n", workers, "--dist", "loadgroup", "--no-loadscope-reorder"]
    chosen = BY_NAME[stage].selection
    select = ["-m", chosen] if chosen else []
    return [sys.executable, "-m", "pytest", "-q", *spread, *select, *extra]


#: Beginnings of what steers one run.
_STEERING: Final = ("PYTEST", "GUADUA_CI", "GUADUA_MUST_USE", "GUADUA_SHARD")


def environment(stage: str, given: dict[str, str]) -> dict[str, str]:
    """Give the environment of a stage; only a whole run in CI must use every service.

    Where Python may not write beside the sources it compiles them again in each program that a
    test starts: half of the time of many. Then what is compiled is kept under ``build``.
    """
    added = {"HYPOTHESIS_PROFILE": "nightly"} if stage == "nightly" else {}
    if given.get("PYTHONDONTWRITEBYTECODE"):
        added |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(COMPILED)}
    if stage == "all" and given.get("GUADUA_CI") == "1":
        added["GUADUA_MUST_USE"] = COMPLETE
    return {**given, **added}


def unsteered(given: Mapping[str, str]) -> dict[str, str]:
    """Give ``given`` for a program that runs tests of its own, inside of a test.

    Which services this run must use, and which share of the tests it takes, is not for those.
    """
    return {name: value for name, value in given.items() if not name.startswith(_STEERING)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; the exit status is pytest's."""
    parser = argparse.ArgumentParser(prog="python -m core.testing.run", description=__doc__)
    parser.add_argument("stage", nargs="?", default="all", choices=list(BY_NAME))
    parser.add_argument("extra", nargs="*", help="after --: what pytest takes")
    asked = parser.parse_args(arguments)
    workers = os.environ.get("GUADUA_TEST_WORKERS", "2")
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
        command(asked.stage, asked.extra, workers),
        cwd=ROOT,
        env=environment(asked.stage, dict(os.environ)),
    )
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # pytest got it too: let it clean up


if __name__ == "__main__":
    sys.exit(main())

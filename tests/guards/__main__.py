"""Remove guards one by one: ``python -m tests.guards [--sample N] [--only NAME] [--list]``.

``GUADUA_SHARD=2/5`` tries the second fifth of them, as it does with the tests.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from core.testing.plugin import in_shard
from tests.guards.patches import Patch, PatchError, chosen, read_all
from tests.guards.trial import Runner, attempt, passes, run_pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def main(
    arguments: Sequence[str] | None = None,
    *,
    root: Path = ROOT,
    folder: Path = HERE,
    run: Runner = run_pytest,
) -> int:
    """Try the chosen patches; 0 when every removal was noticed, 1 when not, 2 for wrong usage."""
    asked = _parser().parse_args(arguments)
    try:
        patches = chosen(read_all(folder), only=asked.only, sample=asked.sample, seed=asked.seed)
    except PatchError as error:
        print(error, file=sys.stderr)
        return 2
    share = os.environ.get("GUADUA_SHARD")
    patches = [patch for patch in patches if not share or in_shard(patch.name, share)]
    if asked.list:
        for patch in patches:
            print(f"{patch.name}: {patch.guard}")
        return 0
    return _try_all(root, patches, run)


def _try_all(root: Path, patches: Sequence[Patch], run: Runner) -> int:
    tests = tuple(dict.fromkeys(test for patch in patches for test in patch.tests))
    fault = passes(root, tests, run) if tests else ""
    if fault:
        print(fault, file=sys.stderr)
        return 1
    unnoticed = 0
    for patch in patches:
        begun = monotonic()
        verdict = attempt(root, patch, run)
        unnoticed += not verdict.noticed
        word = "noticed" if verdict.noticed else "NOT NOTICED"
        print(f"{patch.name}: {word} ({monotonic() - begun:.1f} s) {verdict.reason}", flush=True)
    print(f"{len(patches) - unnoticed} of {len(patches)} removed guards were noticed")
    return 1 if unnoticed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.guards", description=__doc__)
    parser.add_argument("--only", help="the patch with this name")
    parser.add_argument("--sample", type=int, help="as many, chosen by the seed")
    parser.add_argument("--seed", type=int, default=0, help="another one gives another sample")
    parser.add_argument("--list", action="store_true", help="show the guards and stop")
    return parser


if __name__ == "__main__":
    sys.exit(main())

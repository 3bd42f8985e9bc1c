"""The commands of inventory under ``manage.py``."""

from __future__ import annotations

import csv
import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Final, get_args

from addons.inventory.cards import CARDS
from addons.inventory.errors import ReplayError
from addons.inventory.replay import Policy, read_lines, replay, table
from core.addons.parts import Command
from core.i18n import use_language


def replay_command(argv: Sequence[str]) -> int:
    """Run ``inventory replay`` with these arguments; give the exit code."""
    parser = ArgumentParser(prog="manage.py inventory replay", description=REPLAY.summary)
    _configure(parser)
    return _run(parser.parse_args(argv))


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.csv", help="the moves, one a line")
    parser.add_argument("--method", choices=tuple(CARDS), default="average")
    parser.add_argument("--negative", choices=get_args(Policy), default="block")
    parser.add_argument("--decimals", type=int, choices=range(7), default=2)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def _run(arguments: Namespace) -> int:
    # Operators' commands speak English, whatever the business does.
    with use_language("en"):
        try:
            with arguments.file.open(encoding="utf-8-sig", newline="") as opened:
                lines = read_lines(opened)
            result = replay(
                lines,
                method=arguments.method,
                negative=arguments.negative,
                decimals=arguments.decimals,
            )
        except (ReplayError, OSError, UnicodeDecodeError, csv.Error) as error:
            print(error, file=sys.stderr)
            return 1
    if arguments.json:
        print(json.dumps(result, indent=1, ensure_ascii=False))
    else:
        print("\n".join(table(result)))
    return 0


REPLAY: Final = Command(
    group="inventory",
    name="replay",
    summary="Compute a stock card from a list of moves, without touching the database.",
    configure=_configure,
    run=_run,
)

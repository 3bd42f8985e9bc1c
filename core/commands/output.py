"""How commands speak: for people by lines, for programs one JSON document on standard output."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import orjson

from core.installation import Installation


def takes_json(parser: ArgumentParser) -> None:
    """Add ``--json`` to a command that reads."""
    parser.add_argument("--json", action="store_true", help="one JSON document, nothing else")


def show(arguments: Namespace, document: Any, lines: Callable[[], Iterable[str]]) -> None:
    """Write ``document`` when JSON was asked for, else ``lines``."""
    if arguments.json:
        write(orjson.dumps(document, option=orjson.OPT_INDENT_2, default=str).decode())
    else:
        for line in lines():
            write(line)


def write(line: str) -> None:
    """Write a line on standard output."""
    sys.stdout.write(f"{line}\n")


def table(rows: Sequence[Sequence[object]]) -> Iterable[str]:
    """Align columns for reading."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[at]) for row in texts) for at in range(len(texts[0]))] if texts else []
    for row in texts:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def installation(arguments: Namespace) -> Installation:
    """Give the installation that the command works on."""
    found: Installation = arguments.installation
    return found


def nothing(_parser: ArgumentParser) -> None:
    """Configure a command without arguments."""

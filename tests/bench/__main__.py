"""``python -m tests.bench [--only NAME,NAME] [--quick]``: figures, one JSON object per line.

Everything runs on this machine, ends by itself, and leaves no database behind.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from tests.bench.catalogue import finding_products
from tests.bench.cost import sale_through_wsgi
from tests.bench.draining import sales_while_draining
from tests.bench.figures import Figure
from tests.bench.long_past import sale_with_past
from tests.bench.opening import new_business
from tests.bench.over_http import sales_over_http
from tests.bench.place import ENGINES, Engine, databases_for
from tests.bench.sale import sale_in_process
from tests.bench.setting_up import setting_up
from tests.bench.signing import signed_document
from tests.bench.switching import switching_on

Taker = Callable[[Engine, bool], Iterator[Figure]]

#: What is asked for by name; each is taken on both engines.
TAKERS: Final[Mapping[str, Taker]] = {
    "sale": lambda engine, quick: sale_in_process(engine, quick=quick),
    "past": lambda engine, quick: sale_with_past(engine, quick=quick),
    "wsgi": lambda engine, quick: sale_through_wsgi(engine, 20 if quick else 400),
    "http": lambda engine, quick: sales_over_http(engine, seconds=1 if quick else 30),
    "drain": lambda engine, quick: sales_while_draining(
        engine, seconds=1 if quick else 30, quick=quick
    ),
    "search": lambda engine, quick: finding_products(engine, quick=quick),
    "addon": lambda engine, quick: switching_on(engine, quick=quick),
    "business": lambda engine, quick: new_business(engine, quick=quick),
    "start": lambda engine, _quick: setting_up(engine),
}
SIGN: Final = "sign"


def main(arguments: Sequence[str]) -> int:
    """Take the figures that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--only", type=_names, default=[*TAKERS, SIGN], metavar="NAME,NAME")
    parser.add_argument("--quick", action="store_true", help="seconds: the shape, not the figures")
    asked = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    taken = [take for name, take in TAKERS.items() if name in asked.only]
    for engine in ENGINES if taken else ():
        with databases_for(engine):
            for take in taken:
                _print(take(engine, asked.quick))
    if SIGN in asked.only:
        _print(signed_document(quick=asked.quick))
    return 0


def _names(said: str) -> list[str]:
    names = [name.strip() for name in said.split(",")]
    known = [*TAKERS, SIGN]
    if unknown := [name for name in names if name not in known]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: there is only {', '.join(known)}")
    return names


def _print(figures: Iterator[Figure]) -> None:
    for figure in figures:
        print(figure.line(), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The limit of a sale: the very same statements and rows, sent raw in one round trip.

Two sales of the same basket are recorded at the driver; what differs between them is what a sale
mints (ids, numbers, codes). The twin repeats the second with fresh ones, bound beforehand, in one
pipeline, without reading anything in between: no hooks, no pricing, no binding. What our sale
takes beyond it is what our code costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha384
from typing import Any
from uuid import UUID

import psycopg

from core.db.hot_postgresql import HotPostgres
from core.db.wire import Statements, Wire
from core.ids import uuid7

Statement = tuple[str, list[Any]]
_CODE = re.compile(r"[0-9a-f]{96}")


@contextmanager
def recording() -> Iterator[list[Statement]]:
    """Record every statement of the hot writes made inside the block, with its bound values."""
    recorded: list[Statement] = []
    original = HotPostgres._run

    def run(self: HotPostgres, sql: str, values: Sequence[Any] = ()) -> Any:
        recorded.append((sql, list(values)))
        return original(self, sql, values)

    HotPostgres._run = run  # type: ignore[method-assign]
    try:
        yield recorded
    finally:
        HotPostgres._run = original  # type: ignore[method-assign]


class Twin:
    """Repeats a recorded sale raw, on a connection and in a database of its own."""

    def __init__(self, url: str, first: list[Statement], second: list[Statement]) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._wire = Wire(self._connection, Statements())
        self._second = second
        self._minted = [
            [old != new for old, new in zip(old_values, new_values, strict=True)]
            for (_, old_values), (_, new_values) in zip(first, second, strict=True)
        ]
        self._repeated = 0
        self._next: list[Statement] = []

    def prepare(self) -> None:
        """Mint what the next sale needs; not part of what is timed."""
        self._repeated += 1
        fresh: dict[Any, Any] = {}
        self._next = [
            (
                sql,
                [
                    fresh.setdefault(value, self._renewed(value)) if minted else value
                    for value, minted in zip(values, which, strict=True)
                ],
            )
            for (sql, values), which in zip(self._second, self._minted, strict=True)
        ]

    def __call__(self) -> None:
        """Write the sale once: one trip."""
        for sql, values in self._next:
            self._wire.send(sql, values)
        self._wire.send("COMMIT")
        self._wire.exchange()

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()
        self._connection.close()

    def _renewed(self, old: Any) -> Any:
        if isinstance(old, UUID):
            return uuid7()
        if isinstance(old, int):
            return old + self._repeated
        if isinstance(old, str) and _CODE.fullmatch(old):
            return sha384(str(self._repeated).encode()).hexdigest()
        return old

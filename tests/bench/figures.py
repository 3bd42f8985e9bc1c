"""How a figure is taken and written: medians, percentiles, and the limit of the same run beside."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter
from typing import Any, Final

import orjson

Work = Callable[[], object]
#: Seconds.
LONGEST: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the benchmark; times in milliseconds, ``ratio`` = p50 / limit of the same run.

    Without times it measures something else: the note says what, ``ratio`` is beside its target.
    """

    name: str
    engine: str
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    per_s: float | None = None
    limit_ms: float | None = None
    ratio: float | None = None
    clients: int = 1
    note: str = ""

    def line(self) -> str:
        """Write it as one JSON object on one line."""
        return orjson.dumps({k: _short(v) for k, v in asdict(self).items()}).decode()


def interleaved(
    works: Mapping[str, Work], *, rounds: int = 9, each: int = 40
) -> dict[str, list[float]]:
    """Time every work ``rounds`` × ``each`` times, taking turns: neighbours disturb all alike.

    On a machine that is too busy it is fewer rounds: after ``LONGEST`` seconds none is begun.
    """
    until = perf_counter() + LONGEST
    taken: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        for _ in range(each):
            _prepare(work)
            work()
    for done in range(rounds):
        if done and perf_counter() > until:
            break
        for name, work in works.items():
            gc.collect()
            for _ in range(each):
                _prepare(work)
                begin = perf_counter()
                work()
                taken[name].append((perf_counter() - begin) * 1000)
    return taken


def _prepare(work: Work) -> None:
    """Let a work that has a ``prepare`` get ready outside of the time that is taken."""
    if prepare := getattr(work, "prepare", None):
        prepare()


def figure(
    name: str, engine: str, taken: list[float], limit: list[float] | None = None, **more: Any
) -> Figure:
    """Make a figure of times in milliseconds, with the median of its limit beside."""
    limit_ms = median(limit) if limit else None
    middle = median(taken)
    return Figure(
        name=name,
        engine=engine,
        p50_ms=middle,
        p95_ms=percentile(taken, 95),
        p99_ms=percentile(taken, 99),
        per_s=more.pop("per_s", 1000 / middle if middle else 0),
        limit_ms=limit_ms,
        ratio=middle / limit_ms if limit_ms else None,
        **more,
    )


def percentile(taken: list[float], share: int) -> float:
    """Give the value below which ``share`` percent of the times are."""
    ordered = sorted(taken)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


def _short(value: object) -> object:
    return round(value, 3) if isinstance(value, float) else value

"""Bars in a picture of fixed size: the server counts, the style sheet gives the colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final

from core.web.pages.shell import Text

WIDTH: Final = 720
HEIGHT: Final = 260
_LEFT: Final = 76
_TOP: Final = 12
_BOTTOM: Final = 28
_FLOOR: Final = HEIGHT - _BOTTOM
_STEPS: Final = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle; ``series`` 1 is now, 0 is what it is compared with."""

    x: int
    y: int
    width: int
    height: int
    series: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A label with its place: a grid line on the left, a group at the bottom."""

    at: int
    value: object


@dataclass(frozen=True, slots=True)
class BarChart:
    """Two series at most, with a sentence for who cannot see them and the figures in a table."""

    summary: Text
    labels: tuple[str, ...]
    now: tuple[Decimal, ...]
    then: tuple[Decimal, ...] = ()
    now_label: Text = ""
    then_label: Text = ""
    kind: str = "money"

    @property
    def left(self) -> int:
        """Where the bars begin; the labels of the grid lines end before it."""
        return _LEFT

    @property
    def top(self) -> Decimal:
        """The value of the highest grid line: a round number not below any bar."""
        highest = max((*self.now, *self.then), default=Decimal(0))
        return _round_up(max(highest, Decimal(_STEPS)))

    @property
    def lines(self) -> tuple[Tick, ...]:
        """The grid lines, from nothing to the top."""
        return tuple(
            Tick(_FLOOR - (_FLOOR - _TOP) * step // _STEPS, self.top * step / _STEPS)
            for step in range(_STEPS + 1)
        )

    @property
    def groups(self) -> tuple[Tick, ...]:
        """The labels under the bars, at the middle of each group."""
        slot = self._slot()
        return tuple(
            Tick(_LEFT + slot * place + slot // 2, label) for place, label in enumerate(self.labels)
        )

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The rectangles: what it is compared with left, now right."""
        slot = self._slot()
        both = bool(self.then)
        width = max(2, min(28, slot * 2 // 3 // (2 if both else 1)))
        start = _LEFT + (slot - width * (2 if both else 1)) // 2
        then = self._series(self.then, start, width, series=0)
        return (*then, *self._series(self.now, start + (width if both else 0), width, series=1))

    def _slot(self) -> int:
        return (WIDTH - _LEFT) // max(1, len(self.labels))

    def _series(
        self, values: Sequence[Decimal], start: int, width: int, *, series: int
    ) -> tuple[Bar, ...]:
        heights = [int((_FLOOR - _TOP) * max(value, Decimal(0)) / self.top) for value in values]
        return tuple(
            Bar(start + self._slot() * place, _FLOOR - height, width - 1, height, series)
            for place, height in enumerate(heights)
            if height
        )


def _round_up(value: Decimal) -> Decimal:
    """Give the next number with two leading digits that three steps divide: 1284 gives 1500."""
    magnitude = Decimal(10) ** max(0, value.adjusted() - 1)
    unit = magnitude * _STEPS
    steps = (value / unit).to_integral_value(rounding=ROUND_CEILING)
    nice = next(each for each in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40) if each >= steps)
    return unit * nice

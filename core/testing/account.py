"""What a run really did: which services it used, what it left out and why, where the time went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Self

from core.testing.stages import BY_NAME, stage_of

#: Capabilities in the order of the summary, and the words by which a skip reason betrays them.
CAPABILITIES: Final = {
    "SQLite": ("[sqlite]",),
    "PostgreSQL": ("postgres",),
    "Redis": ("redis",),
    "Chromium": ("chromium", "playwright", "browser"),
    "xmlsec1": ("xmlsec",),
    "reference data": ("reference data", "guadua_shared_data", "shared data", "shared/data"),
}


def capability_of(reason: str) -> str | None:
    """Name the capability whose lack made a test skip, None for any other reason."""
    said = reason.casefold()
    found = (name for name, words in CAPABILITIES.items() if any(word in said for word in words))
    return next(found, None)


def length(times: Iterable[tuple[float, float]]) -> float:
    """Give how many seconds lie in at least one of these times, which may overlap."""
    whole, reached = 0.0, float("-inf")
    for began, ended in sorted(times):
        whole += max(0.0, ended - max(began, reached))
        reached = max(reached, ended)
    return whole


@dataclass(slots=True)
class Account:
    """Counted in each process of a run, added up in the one that reports."""

    used: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    tests: Counter[str] = field(default_factory=Counter)
    #: Per stage, when each part of a test began and ended, in seconds since 1970.
    times: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def use(self, capability: str, detail: str) -> None:
        """Note that a test had it, and which one."""
        self.used.setdefault(capability, detail)

    def skip(self, test: str, reason: str) -> None:
        """Note that a test was left out."""
        self.skipped[test] = reason

    def spend(self, markers: list[str], began: float, ended: float, *, finished: bool) -> None:
        """Note when a test, or its preparation, ran."""
        stage = stage_of(markers)
        self.times.setdefault(stage, []).append((began, ended))
        self.tests[stage] += finished

    def as_dict(self) -> dict[str, dict[str, str]]:
        """Give what a worker tells the reporting process; it saw every test itself."""
        return {"used": self.used}

    def add(self, told: dict[str, dict[str, str]]) -> Self:
        """Take in what a worker told."""
        for capability, detail in told["used"].items():
            self.use(capability, detail)
        return self

    def lacking(self) -> dict[str, list[str]]:
        """Give the tests left out for lack of a capability, per capability."""
        found: dict[str, list[str]] = {}
        for test, reason in self.skipped.items():
            capability = capability_of(reason)
            if capability:
                found.setdefault(capability, []).append(f"{test}: {reason}")
        return found

    def faults(self, must_use: list[str]) -> list[str]:
        """Say what a complete run may not lack."""
        lacking = self.lacking()
        skipped = [f"{name}: {len(tests)} tests skipped" for name, tests in lacking.items()]
        idle = [
            f"{name}: no test used it"
            for name in must_use
            if name not in self.used and name not in lacking
        ]
        return skipped + idle

    def lines(self) -> Iterator[str]:
        """Tell it to people."""
        lacking = self.lacking()
        yield " · ".join(f"{name} {self._said(name, lacking)}" for name in CAPABILITIES)
        for capability, tests in lacking.items():
            yield f"{capability}: {len(tests)} skipped, as {tests[0]}"
        others = [reason for reason in self.skipped.values() if not capability_of(reason)]
        for reason, count in Counter(others).most_common():
            yield f"{count} skipped: {reason}"
        for name, stage in BY_NAME.items():
            if self.tests[name]:
                times = self.times[name]
                spent = f"{length(times):.1f} s for {sum(b - a for a, b in times):.1f} s of work"
                yield f"stage {name}: {self.tests[name]} tests, {spent}, budget {stage.budget} s"

    def _said(self, name: str, lacking: dict[str, list[str]]) -> str:
        return self.used.get(name) or ("NO" if name in lacking else "not used")

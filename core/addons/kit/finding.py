"""What is said of an addon that is not let in: where, why, and what to do instead."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason not to let an addon in."""

    #: Stable name of the rule, such as ``source.raw-sql``.
    rule: str
    #: A file and line, a table, a permission: what the author looks for.
    place: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}. {self.remedy}."

    def as_dict(self) -> dict[str, str]:
        """Give it as JSON has it."""
        return asdict(self)

"""What came of asking somebody outside: matched exhaustively, never guessed.

A function that crosses an external boundary (the tax authority, a bank, a mail server) returns one
of these instead of raising, so that a caller must say what happens in each case::

    match client.send(document):
        case Accepted(): ...
        case Rejected(rules): ...
        case Pending(): ...
        case Unreachable(): ...
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """One rule the other side says is broken: its id, its words, and whether it only warns."""

    rule: str
    text: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The other side has it. ``document`` is its answer, byte for byte."""

    key: str
    document: bytes = b""
    warnings: tuple[BrokenRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """The other side read it and said no, for these reasons."""

    rules: tuple[BrokenRule, ...]
    document: bytes = b""


@dataclass(frozen=True, slots=True)
class Pending:
    """The other side has it and will tell later; ask with ``key``."""

    key: str = ""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """No answer, so nobody knows: ``maybe_delivered`` says that it must be asked, not resent."""

    reason: str
    maybe_delivered: bool = field(default=True)


Outcome: TypeAlias = Accepted | Rejected | Pending | Unreachable

"""What goes wrong on purpose, in an order that can be repeated.

A scripted fault meets the next requests it matches, in the order it was added; a fault with
``chance`` is drawn for each request from a generator with the configured seed. One request may
meet several kinds at once when they stand in one entry.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from random import Random
from threading import Lock

from pydantic import BaseModel, ConfigDict, Field


class Kind(StrEnum):
    """One way to misbehave; "after" means that the document was judged and recorded first."""

    #: After: never answer, until ``seconds`` have passed, then close.
    TIMEOUT_AFTER = "accept-then-timeout"
    #: After: an HTML page with status 500.
    ERROR_AFTER = "accept-then-500"
    #: After: an answer cut in the middle.
    TRUNCATED_AFTER = "accept-then-truncated"
    #: After: reset the connection.
    RESET_AFTER = "accept-then-reset"
    #: Before anything is read: an HTML page with the status in ``status``.
    HTML = "html"
    #: Before: throttled, status 429.
    THROTTLED = "429"
    #: Before: reset the connection.
    RESET = "reset"
    #: Before: a SOAP fault of the sender, HTTP 500.
    FAULT = "fault"
    #: Before: a SOAP fault of the receiver, HTTP 500.
    INTERNAL_FAULT = "internal-fault"
    #: Wait ``seconds`` and go on as usual.
    SLOW = "slow"
    #: After: an answer that is not well-formed XML.
    MALFORMED = "malformed"
    #: After: an answer with an external entity.
    XXE = "xxe"
    #: After: an answer with entities that multiply.
    BOMB = "bomb"
    #: After: Regla 90 for our own document, which was taken just now.
    DUPLICATE_OWN = "regla-90-own"
    #: The number is taken by another document first; then Regla 90.
    DUPLICATE_FOREIGN = "regla-90-foreign"
    #: After: in process for the next ``asks`` questions (and for a synchronous send itself).
    PENDING = "pending"
    #: After: the usual answer, but unknown to the next ``asks`` questions.
    HIDDEN = "hidden"
    #: After: an ApplicationResponse without signature.
    UNSIGNED = "unsigned"
    #: Reject with ``rule``, whatever the document says.
    REJECT = "reject"


class Fault(BaseModel):
    """One entry of the script; money is never here, but seconds are exact all the same."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kinds: tuple[Kind, ...] = Field(min_length=1)
    operation: str = "SendBillSync"
    issuer: str = ""
    #: How many matching requests meet it; ignored with ``chance``.
    times: int = Field(default=1, ge=1)
    #: Let so many matching requests pass first.
    skip: int = Field(default=0, ge=0)
    #: Between 0 and 1: drawn for every matching request instead of counted.
    chance: Decimal | None = None
    seconds: Decimal = Decimal(60)
    status: int = 503
    asks: int = 3
    rule: str = "FAJ43b"
    text: str = "Nombre informado No corresponde al registrado en el RUT."


class Script:
    """The faults still to come; every drawing happens under one lock, so a seed repeats itself."""

    def __init__(self, faults: tuple[Fault, ...], seed: int) -> None:
        self._lock = Lock()
        self._random = Random(seed)  # noqa: S311 - repeatable, not secret
        self._entries = [_Entry(fault) for fault in faults]

    def add(self, fault: Fault) -> None:
        """Put one more entry at the end."""
        with self._lock:
            self._entries.append(_Entry(fault))

    def clear(self) -> None:
        """Forget every entry: from now on nothing goes wrong."""
        with self._lock:
            self._entries = []

    def next(self, operation: str, issuer: str = "") -> Fault | None:
        """Give the fault that this request meets, if any."""
        with self._lock:
            for entry in self._entries:
                if entry.matches(operation, issuer) and entry.strikes(self._random):
                    return entry.fault
        return None


class _Entry:
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self._skip = fault.skip
        self._left = fault.times

    def matches(self, operation: str, issuer: str) -> bool:
        fault = self.fault
        return fault.operation in {operation, "*"} and fault.issuer in {issuer, ""}

    def strikes(self, random: Random) -> bool:
        if self.fault.chance is not None:
            return Decimal(random.randrange(1_000_000)) < self.fault.chance * 1_000_000
        if self._left == 0:
            return False
        if self._skip:
            self._skip -= 1
            return False
        self._left -= 1
        return True

"""What an answer means: accepted, rejected, pending or unknown; and never more than it says.

Status codes of ``DianResponse``: 00 processed; 99 mandatory rules broken; 98, 0 or none still in
process; 66 and 90 unknown track id; 89 and 92 the sender may not send for this issuer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from addons.l10n_co_dian.soap.answers import DianAnswer, Fault, Upload
from core.outcome import Accepted, BrokenRule, Outcome, Pending, Rejected, Unreachable

#: First words of ``Unreachable.reason``, stable for logs and for ``counts_as_outage``.
TIMEOUT: Final = "timeout"
REFUSED: Final = "refused"
BROKEN: Final = "broken"
HTTP: Final = "http"
THROTTLED: Final = "throttled"
UNREADABLE: Final = "unreadable"
UNVERIFIED: Final = "unverified"
MISMATCH: Final = "mismatch"
NOT_FOUND: Final = "not_found"
FAULT: Final = "fault"

#: DIAN's own rule for a number it has already: says nothing about whose document that is.
DUPLICATE_RULE: Final = "90"
#: Ours, when the number's accepted document is not the one we hold.
FOREIGN_RULE: Final = "90-ajeno"
#: Ours, a warning: the accepted document has our code but other bytes (an earlier signature).
OTHER_BYTES_RULE: Final = "90-bytes"

_IN_PROCESS: Final = frozenset({"", "0", "98"})
_UNKNOWN: Final = frozenset({"66", "90"})
_OUTAGES: Final = frozenset({TIMEOUT, REFUSED, BROKEN, HTTP})

#: Says why an ApplicationResponse does not prove that a code was accepted, or nothing.
Proof: TypeAlias = Callable[[bytes, str], str]


@dataclass(frozen=True, slots=True)
class Duplicate(Pending):
    """DIAN already has this number; ``key`` names the document it holds, perhaps not ours.

    Neither success nor failure: ``settle_duplicate`` asks and compares.
    """


@dataclass(frozen=True, slots=True)
class Faulted(Rejected):
    """The service did not read the document: our request is at fault (signature, clock, rights).

    Nothing was delivered and the document is not to blame; it is not an outage either.
    """


def is_not_found(outcome: Outcome) -> bool:
    """Tell whether the service answered that it does not know the key (yet)."""
    return isinstance(outcome, Unreachable) and _family(outcome) == NOT_FOUND


def counts_as_outage(outcome: Outcome) -> bool:
    """Tell whether this outcome speaks for the service being down, as contingency requires.

    A fault, a throttled request or an unknown key comes from a service that is up.
    """
    return isinstance(outcome, Unreachable) and _family(outcome) in _OUTAGES


def _family(outcome: Unreachable) -> str:
    return outcome.reason.partition(":")[0]


def fault_outcome(fault: Fault) -> Outcome:
    """Say what a SOAP fault means for the document.

    A fault of the sender means that nothing was read; one of the receiver may come after the
    document was taken, so it must be asked.
    """
    if fault.sender:
        return Faulted((BrokenRule(f"SOAP:{fault.code}", fault.text),))
    return Unreachable(f"{FAULT}: {fault.code} {fault.text}", maybe_delivered=True)


def upload_outcome(upload: Upload) -> Outcome:
    """Say what the answer to an asynchronous send means: a key to ask with, or a refusal."""
    if upload.refusals:
        return Rejected(upload.refusals)
    if not upload.zip_key:
        return Unreachable(f"{UNREADABLE}: neither ZipKey nor reason", maybe_delivered=True)
    return Pending(upload.zip_key)


def document_outcome(
    answer: DianAnswer, *, asked: str = "", expected: str = "", proof: Proof
) -> Outcome:
    """Say what a ``DianResponse`` means.

    ``asked`` is the key to ask with again. ``expected`` is our document code, when known: an
    acceptance of another code is never ours. ``proof`` examines the ApplicationResponse.
    """
    if answer.valid:
        return _acceptance(answer, expected, proof)
    broken = tuple(rule for rule in answer.rules if not rule.warning)
    if any(rule.rule == DUPLICATE_RULE for rule in broken):
        return Duplicate(answer.key)
    if broken:
        return Rejected(answer.rules, answer.document)
    if answer.code in _UNKNOWN:
        return Unreachable(f"{NOT_FOUND}: {answer.code} {answer.description}", maybe_delivered=True)
    if answer.code in _IN_PROCESS:
        return Pending(asked or answer.key)
    return Rejected((BrokenRule(answer.code, answer.description), *answer.rules), answer.document)


def _acceptance(answer: DianAnswer, expected: str, proof: Proof) -> Outcome:
    expected = expected.lower()
    key = answer.key or expected
    if answer.code != "00" or not key:
        return Unreachable(f"{UNREADABLE}: valid with status {answer.code!r}", maybe_delivered=True)
    if expected and key != expected:
        return Unreachable(f"{MISMATCH}: the answer speaks of {key}", maybe_delivered=True)
    if problem := proof(answer.document, key):
        return Unreachable(f"{UNVERIFIED}: {problem}", maybe_delivered=True)
    warnings = tuple(rule for rule in answer.rules if rule.warning)
    return Accepted(key, answer.document, warnings)

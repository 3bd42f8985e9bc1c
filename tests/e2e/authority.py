"""What the simulated authority of the demonstration holds, read from its append-only ledger."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from addons.l10n_co_dian.cli import CONFIG
from addons.l10n_co_dian.safe_xml import first_text, parse
from addons.l10n_co_dian.simulator import Ledger, SimulatorConfig
from tests.e2e.demo import Demo

_PAYABLE: Final = "cac:LegalMonetaryTotal/cbc:PayableAmount"
#: Seconds that the worker of a busy machine may take for what the last sale left.
_PATIENCE: Final = 60


@dataclass(frozen=True, slots=True)
class Held:
    """One document that the authority accepted, as its own XML says it."""

    number: str
    code: str
    payable: Decimal
    #: The verdict of every time it was sent.
    verdicts: tuple[str, ...]


def held(demo: Demo, count: int) -> Sequence[Held]:
    """Wait until the authority holds ``count`` documents, and read all that it holds."""
    path = SimulatorConfig.read(demo.folder / CONFIG).ledger
    ends = time.monotonic() + _PATIENCE
    while len(Ledger.read(path).accepted) < count and time.monotonic() < ends:
        time.sleep(0.5)
    ledger = Ledger(path)
    try:
        return [_held(ledger, entry.code) for entry in ledger.contents().accepted]
    finally:
        ledger.close()


def _held(ledger: Ledger, code: str) -> Held:
    entry = ledger.accepted_code(code)
    assert entry is not None
    root = parse(entry.xml)
    assert first_text(root, "cbc:UUID") == code
    return Held(
        number=entry.identity.number,
        code=code,
        payable=Decimal(first_text(root, _PAYABLE)),
        verdicts=tuple(attempt.verdict for attempt in ledger.attempts(code=code)),
    )

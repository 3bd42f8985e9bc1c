"""Planting a stranger's document: the number was used at a former provider."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from addons.l10n_co_dian.codes import digest
from addons.l10n_co_dian.simulator.ledger import Acceptance, Attempt, Ledger
from addons.l10n_co_dian.simulator.reading import Reading


def plant_foreign(reading: Reading, xml: bytes, ledger: Ledger, now: datetime) -> None:
    """Record a document of the same number with another code, marked as foreign.

    Nothing happens when the number is taken already.
    """
    code = digest(f"foreign {reading.code}")
    other = xml.replace(reading.code.encode(), code.encode())
    acceptance = Acceptance(
        at=now,
        identity=reading.identity,
        code=code,
        sha256=sha256(other).hexdigest(),
        file_name=f"fv{reading.number}",
        foreign=True,
        xml=other,
    )
    attempt = Attempt(
        at=now,
        operation="planted",
        identity=reading.identity,
        code=code,
        sha256=acceptance.sha256,
        file_name=acceptance.file_name,
        verdict="foreign",
    )
    ledger.record(attempt, acceptance)

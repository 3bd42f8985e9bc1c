"""What the simulator knows: issuers, ranges, programs, authorities; from a file or at run time.

The file is read once; what is added at run time through the control endpoint is kept in memory,
because a test or a campaign sets its own stage.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from threading import RLock
from typing import Annotated, Final, Literal

from cryptography.x509 import Certificate, load_pem_x509_certificates
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from addons.l10n_co_dian.simulator.faults import Fault

Digits = Annotated[str, StringConstraints(pattern=r"^\d{1,15}$")]


class _Entry(BaseModel):
    """One thing the simulator is told; unknown fields are refused, so no typing error hides."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Issuer(_Entry):
    """A business that may send documents; ``enabled`` false is an issuer not yet admitted."""

    nit: Digits
    name: str
    enabled: bool = True


class Range(_Entry):
    """An authorised range of numbers; the technical key enters the CUFE."""

    nit: Digits
    resolution: str
    prefix: str = ""
    first: int = Field(ge=1)
    last: int = Field(ge=1)
    valid_from: date
    valid_to: date
    technical_key: str = ""
    resolution_date: date | None = None

    def holds(self, number: str) -> bool:
        """Tell whether a full number (prefix and digits) lies in this range."""
        digits = number.removeprefix(self.prefix)
        return (
            number.startswith(self.prefix)
            and digits.isascii()
            and digits.isdigit()
            and self.first <= int(digits) <= self.last
        )


class Software(_Entry):
    """A registered program: its PIN enters the CUDE and the software security code.

    ``issuers`` are those who declared it; empty means every issuer.
    """

    id: str
    pin: str
    owner_nit: Digits
    test_set_id: str = ""
    issuers: tuple[Digits, ...] = ()


class Buyer(_Entry):
    """Somebody whom ``GetAcquirer`` finds."""

    kind: str
    number: str
    name: str
    email: str = ""


class SimulatorConfig(_Entry):
    """The stage at the start.

    ``environment`` is the digit that documents must carry: 1 production, 2 habilitation.
    ``trusted`` are PEM texts of authorities. ``ledger`` is the file that survives; ``strict``
    false skips the schemas when they are not installed; ``schemas`` and ``wsdl`` are where to
    look for the authority's files.
    ``rejects_other_day`` makes FAD09e (signed on another day than issued) a rejection; the annex
    says so, the service was seen to notify only. ``subtracts_prepaid`` sums as before annex 1.9.
    """

    environment: Literal["1", "2"] = "2"
    issuers: tuple[Issuer, ...] = ()
    ranges: tuple[Range, ...] = ()
    software: tuple[Software, ...] = ()
    buyers: tuple[Buyer, ...] = ()
    trusted: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    seed: int = 0
    ledger: Path = Path("dian-ledger.sqlite3")
    strict: bool = True
    schemas: Path | None = None
    wsdl: Path | None = None
    rejects_other_day: bool = False
    subtracts_prepaid: bool = False

    @classmethod
    def read(cls, path: Path) -> SimulatorConfig:
        """Read a JSON file; relative ledger paths start at the file's folder."""
        config = cls.model_validate_json(path.read_bytes())
        return config.model_copy(update={"ledger": path.parent / config.ledger})


class Registry:
    """The stage as it is now; safe to read and add to from several threads."""

    _KINDS: Final[Mapping[str, type[_Entry]]] = {
        "issuers": Issuer,
        "ranges": Range,
        "software": Software,
        "buyers": Buyer,
    }

    def __init__(self, config: SimulatorConfig) -> None:
        self._lock = RLock()
        self.environment = config.environment
        self.strict = config.strict
        self.schemas = config.schemas
        self.rejects_other_day = config.rejects_other_day
        self.subtracts_prepaid = config.subtracts_prepaid
        self._issuers = {issuer.nit: issuer for issuer in config.issuers}
        self._ranges = list(config.ranges)
        self._software = {software.id: software for software in config.software}
        self._buyers = {(buyer.kind, buyer.number): buyer for buyer in config.buyers}
        self._trusted: tuple[Certificate, ...] = ()
        for pem in config.trusted:
            self.trust(pem)

    def add(self, kind: str, entry: object) -> _Entry:
        """Add or replace one issuer, range, program or buyer, given as plain values."""
        checked = self._KINDS[kind].model_validate(entry)
        with self._lock:
            match checked:
                case Issuer():
                    self._issuers[checked.nit] = checked
                case Range():
                    self._ranges = [r for r in self._ranges if not _same(r, checked)] + [checked]
                case Software():
                    self._software[checked.id] = checked
                case Buyer():
                    self._buyers[checked.kind, checked.number] = checked
        return checked

    def trust(self, pem: str) -> int:
        """Believe every certificate of a PEM text as an authority; tell how many there are."""
        loaded = load_pem_x509_certificates(pem.encode())
        with self._lock:
            known = set(self._trusted)
            self._trusted += tuple(c for c in dict.fromkeys(loaded) if c not in known)
        return len(loaded)

    @property
    def trusted(self) -> tuple[Certificate, ...]:
        """The authorities whose certificates are believed."""
        return self._trusted

    def issuer(self, nit: str) -> Issuer | None:
        """Find an issuer by its NIT without check digit."""
        return self._issuers.get(nit)

    def software(self, identity: str) -> Software | None:
        """Find a program by its id."""
        return self._software.get(identity)

    def has_test_set(self, test_set_id: str) -> bool:
        """Tell whether a program was given this test set."""
        return bool(test_set_id) and any(
            software.test_set_id == test_set_id for software in self._software.values()
        )

    def buyer(self, kind: str, number: str) -> Buyer | None:
        """Find a buyer by kind and number of its identity."""
        return self._buyers.get((kind, number))

    def ranges(self, nit: str) -> list[Range]:
        """Give the ranges of one issuer, oldest first."""
        with self._lock:
            return [range_ for range_ in self._ranges if range_.nit == nit]


def _same(one: Range, other: Range) -> bool:
    return (one.nit, one.resolution, one.prefix) == (other.nit, other.resolution, other.prefix)

"""Everything a legal document says, frozen at the moment its number was taken.

A snapshot holds stored values: the XML prints them and computes nothing. It holds no secret (no
technical key, no PIN). Its JSON is canonical: the same snapshot always gives the same bytes, and
decimals travel as strings. Money has at most two decimals, prices and quantities six.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final

import orjson
from pydantic import BeforeValidator, TypeAdapter, ValidationError

from addons.l10n_co_dian.catalogue import ICA, INC, IVA
from addons.l10n_co_dian.codes import CodeInput
from addons.l10n_co_dian.errors import SnapshotError
from addons.l10n_co_dian.party import (
    FINAL_CONSUMER,
    STRICT,
    Address,
    Party,
    final_consumer,
)
from core.i18n import _

__all__ = [
    "FINAL_CONSUMER",
    "SNAPSHOT_VERSION",
    "Address",
    "Adjustment",
    "Beneficiary",
    "Correction",
    "DocumentSnapshot",
    "Exact",
    "Exchange",
    "Line",
    "NumberRange",
    "Party",
    "Payment",
    "PosInfo",
    "Software",
    "Tax",
    "TaxTotal",
    "Totals",
    "Treatment",
    "code_input",
    "final_consumer",
    "from_json",
    "to_json",
]

SNAPSHOT_VERSION: Final = 1


def _only_exact(value: Any) -> Any:
    if isinstance(value, str | Decimal):
        return value
    raise ValueError("a decimal must be written as a string")


#: A decimal that never passed through a float.
Exact = Annotated[Decimal, BeforeValidator(_only_exact)]


class Treatment(StrEnum):
    """How a line stands towards IVA: exempt goes in the taxes at 0 %, excluded does not appear."""

    TAXED = "taxed"
    EXEMPT = "exempt"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class NumberRange:
    """The numbering authorisation the number was taken from."""

    __pydantic_config__ = STRICT

    resolution: str
    prefix: str
    first: int
    last: int
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Software:
    """Who made and registered the program: ``maker`` a person, ``company`` its business name.

    Own software names the issuer's NIT as provider, a technology provider its own.
    """

    __pydantic_config__ = STRICT

    id: str
    provider_nit: str
    provider_check_digit: str
    name: str
    maker: str
    company: str


@dataclass(frozen=True, slots=True)
class Tax:
    """One tax at one rate: either ``rate`` (percent) on ``base``, or an amount per unit.

    A per-unit tax (bags 22, sugary drinks 34) has ``unit_amount`` pesos for each ``unit_quantity``
    of ``unit_code`` and neither rate nor base.
    """

    __pydantic_config__ = STRICT

    code: str
    amount: Exact
    rate: Exact | None = None
    base: Exact | None = None
    unit_amount: Exact | None = None
    unit_quantity: Exact | None = None
    unit_code: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """Everything of one tax on the document, with one part per rate."""

    __pydantic_config__ = STRICT

    code: str
    amount: Exact
    parts: tuple[Tax, ...]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An allowance (discount) or, with ``charge``, a charge; ``percent`` of ``base`` for people."""

    __pydantic_config__ = STRICT

    charge: bool
    amount: Exact
    base: Exact
    reason: str
    percent: Exact = Decimal(0)
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What was sold. ``extension`` = ``gross`` - ``discount`` (+ ``adjustments``), before taxes.

    ``unit_price`` is before taxes; ``gross`` is price times quantity. A gift has extension 0 and
    its worth in ``reference_price``.
    """

    __pydantic_config__ = STRICT

    description: str
    quantity: Exact
    unit_code: str
    unit_price: Exact
    gross: Exact
    extension: Exact
    discount: Exact = Decimal(0)
    treatment: Treatment = Treatment.TAXED
    taxes: tuple[Tax, ...] = ()
    withholdings: tuple[Tax, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    code: str = ""
    gtin: str = ""
    unspsc: str = ""
    brand: str = ""
    model: str = ""
    reference_price: Exact | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of the document, stored and printed as they are; ``rounding`` may be negative.

    ``prepaid`` informs; whether it is subtracted from ``payable`` is the caller's business.
    """

    __pydantic_config__ = STRICT

    extension: Exact
    tax_exclusive: Exact
    tax_inclusive: Exact
    payable: Exact
    allowances: Exact = Decimal(0)
    charges: Exact = Decimal(0)
    prepaid: Exact = Decimal(0)
    rounding: Exact = Decimal(0)


@dataclass(frozen=True, slots=True)
class Payment:
    """How it is paid: ``form`` 1 cash or 2 credit, ``means`` of the catalogue, ``due`` date."""

    __pydantic_config__ = STRICT

    form: str
    means: str
    due: date
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PosInfo:
    """The till, as the POS document must tell it (annex DE 1.0, extension PuntoVenta)."""

    __pydantic_config__ = STRICT

    till_plate: str
    till_location: str
    cashier: str
    till_type: str
    sale_code: str
    subtotal: Exact


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """Who earns loyalty points with the purchase (annex DE 1.0, BeneficiosComprador)."""

    __pydantic_config__ = STRICT

    code: str
    name: str
    points: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """Pesos for one unit of the document's currency, and the day of that rate."""

    __pydantic_config__ = STRICT

    rate: Exact
    day: date


@dataclass(frozen=True, slots=True)
class Correction:
    """What a note corrects and why: ``concept`` of the catalogue, the document and its code."""

    __pydantic_config__ = STRICT

    concept: str
    reason: str
    number: str
    code: str
    scheme: str
    issue_date: date


@dataclass(frozen=True, slots=True)
class DocumentSnapshot:
    """One version of one legal document, complete and without secrets.

    ``document_type`` is a key of ``catalogue.KINDS`` ("01" invoice, "20" POS). ``environment`` is
    "1" production or "2" habilitation. ``number`` includes ``prefix``. ``issued_at`` carries the
    establishment's offset; its own calendar date is the fiscal date. ``code`` and
    ``software_security_code`` are computed before, with secrets that stay outside.
    """

    __pydantic_config__ = STRICT

    document_type: str
    environment: str
    prefix: str
    number: str
    issued_at: datetime
    issuer: Party
    buyer: Party
    software: Software
    lines: tuple[Line, ...]
    tax_totals: tuple[TaxTotal, ...]
    totals: Totals
    payments: tuple[Payment, ...]
    code: str = ""
    software_security_code: str = ""
    due_date: date | None = None
    currency: str = "COP"
    exchange: Exchange | None = None
    range: NumberRange | None = None
    withholdings: tuple[TaxTotal, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    delivery: Address | None = None
    pos: PosInfo | None = None
    beneficiary: Beneficiary | None = None
    correction: Correction | None = None
    customization: str = ""
    order: str = ""
    notes: tuple[str, ...] = ()
    version: int = SNAPSHOT_VERSION

    @property
    def issue_date(self) -> date:
        """Give the fiscal date: the calendar day where it was issued."""
        return self.issued_at.date()

    @property
    def issue_time(self) -> str:
        """Give the time with its offset, ``16:31:02-05:00``; parts of a second are dropped."""
        # Of the whole moment: a time alone does not know the offset of a named zone.
        return self.issued_at.isoformat(timespec="seconds").partition("T")[2]

    def tax(self, code: str) -> Decimal:
        """Sum one tax over the document; zero where it is absent."""
        return sum((t.amount for t in self.tax_totals if t.code == code), Decimal(0))


_JSON: Final = TypeAdapter(DocumentSnapshot)


def to_json(snapshot: DocumentSnapshot) -> str:
    """Write the snapshot as canonical JSON: sorted keys, decimals as strings, no spaces.

    Refuses text that is no Unicode (half of a pair, from a broken import).
    """
    plain = _JSON.dump_python(snapshot, mode="json")
    try:
        return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONEncodeError as error:
        raise SnapshotError(_("The document holds text that no file can hold.")) from error


def from_json(text: str) -> DocumentSnapshot:
    """Read a snapshot back; refuse another version, unknown fields and decimals as numbers."""
    try:
        snapshot = _JSON.validate_json(text)
    except ValidationError as error:
        raise SnapshotError(
            _("The stored document cannot be read."),
            fields={".".join(map(str, e["loc"])): e["msg"] for e in error.errors()},
        ) from error
    if snapshot.version != SNAPSHOT_VERSION:
        raise SnapshotError(
            _("The stored document has version {version}.", version=snapshot.version)
        )
    return snapshot


def code_input(snapshot: DocumentSnapshot, key: str) -> CodeInput:
    """Say what the CUFE or CUDE of ``snapshot`` is made of.

    ``key`` is the technical key of the range (CUFE) or the PIN of the software (CUDE).
    """
    if snapshot.issued_at.tzinfo is None:
        raise SnapshotError(
            _("The time of issue needs its offset from UTC."), fields={"issued_at": "naive"}
        )
    return CodeInput(
        number=snapshot.number,
        issue_date=snapshot.issue_date,
        issue_time=snapshot.issue_time,
        subtotal=snapshot.totals.extension,
        iva=snapshot.tax(IVA),
        inc=snapshot.tax(INC),
        ica=snapshot.tax(ICA),
        total=snapshot.totals.payable,
        issuer_id=snapshot.issuer.id_number,
        buyer_id=snapshot.buyer.id_number,
        key=key,
        environment=snapshot.environment,
    )

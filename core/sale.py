"""The contract of a sale: what the addons that take part in it are given, and give.

The till's addon prices the sale and owns its transaction; stock, ledger and legal documents take
part through four hooks (``sale_facts``, ``sale_locks``, ``check_sale``, ``sale_rows``) and see
only these frozen values, never a session of the write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from core.db.plan import Lock, Locked, Values

Treatment = Literal["taxed", "exempt", "excluded"]


@dataclass(frozen=True, slots=True)
class SaleTax:
    """One tax of a line or of the whole sale; ``base`` and ``amount`` have two decimals."""

    code: str
    treatment: Treatment
    kind: Literal["percent", "per_unit"]
    rate: Decimal
    base: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One priced line. ``total`` = ``base`` + taxes = what the customer pays for it."""

    id: UUID
    position: int
    product_id: UUID
    code: str
    barcode: str
    description: str
    unit: str
    tax_class: str
    #: False for services and departments: nothing leaves the stock.
    stocked: bool
    quantity: Decimal
    unit_price: Decimal
    gross: Decimal
    discount: Decimal
    base: Decimal
    taxes: tuple[SaleTax, ...]
    total: Decimal
    #: The unit as legal documents print it (UNECE Recommendation 20): 94 one, KGM, LTR.
    unit_code: str = "94"


@dataclass(frozen=True, slots=True)
class SalePayment:
    """One payment; ``tendered`` is what was handed over, change is given only from cash."""

    id: UUID
    method: str
    kind: Literal["cash", "card", "transfer"]
    #: DIAN payment means code (table 13.3.4.2 of the annex): 10 cash, 48 credit card, 47 transfer…
    means: str
    amount: Decimal
    tendered: Decimal
    reference: str = ""


@dataclass(frozen=True, slots=True)
class SalePlace:
    """Where the sale happens."""

    establishment_id: UUID
    name: str
    address: str
    municipality: str
    zone: str
    till_id: UUID
    till_code: str
    cashier_id: UUID
    cashier_name: str
    session_id: UUID


@dataclass(frozen=True, slots=True)
class Sale:
    """A priced sale on its way to the database."""

    id: UUID
    #: A live sale may be refused; a printed one (sold offline, paper handed over) never is.
    origin: Literal["live", "printed"]
    document_mode: Literal["normal", "contingency"]
    place: SalePlace
    customer_id: UUID | None
    opened_at: datetime
    occurred_at: datetime
    business_date: date
    currency: str
    lines: tuple[SaleLine, ...]
    payments: tuple[SalePayment, ...]
    #: Sums of the lines per tax, rate and treatment.
    groups: tuple[SaleTax, ...]
    subtotal: Decimal
    taxes_total: Decimal
    total: Decimal
    change: Decimal


@dataclass(frozen=True, slots=True)
class IssuedNumber:
    """The number that a sale took, with the moment it was taken (aware, the establishment's)."""

    prefix: str
    number: int
    issued_at: datetime

    @property
    def full(self) -> str:
        """Give prefix and number as printed: ``POSE1096``."""
        return f"{self.prefix}{self.number}"


@dataclass(frozen=True, slots=True)
class NumberSource:
    """Where a sale's number comes from: a row to lock, and how to take the next one of it.

    ``take`` gets the locked row and gives the number, or refuses (range exhausted, expired). The
    row's column ``next_number`` is then set to the number after it.
    """

    lock: Lock
    prefix: str
    take: Callable[[Values, datetime], int]


@dataclass(frozen=True, slots=True)
class SaleFacts:
    """What one addon knows before the sale is written; frozen, cached by (business, epoch)."""

    #: At most one enabled addon numbers the sale; without any the till's own counter does.
    numbers: NumberSource | None = None
    #: Whatever else the addon wants to find again in its other sale hooks.
    values: Any = None


@dataclass(frozen=True, slots=True)
class SaleMoment:
    """What became true in trip 1: rows held, the number, the time."""

    locked: Locked
    number: IssuedNumber
    #: Facts by addon name.
    facts: Mapping[str, SaleFacts]

    def own(self, addon: str) -> Any:
        """Give back what ``addon`` put into its facts."""
        return self.facts[addon].values


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a sale should not be: a live one is refused, a printed one gets a discrepancy."""

    code: str
    message: object
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SaleDocument:
    """The legal document of a sale as a ticket shows it."""

    title: str
    full_number: str
    #: CUDE or CUFE.
    code: str
    #: pending, accepted or rejected.
    status: Literal["pending", "accepted", "rejected"]
    #: What the QR code says.
    qr_text: str
    #: Authorisation of the range, maker and software: printed line by line.
    legend: tuple[str, ...] = ()
    #: Why it was rejected, in words.
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TillRange:
    """The numbering authorisation that a till's tickets print."""

    resolution: str
    prefix: str
    first: int
    last: int
    valid_to: date


@dataclass(frozen=True, slots=True)
class TillDocument:
    """What a till prints on the sales it makes now."""

    title: str
    mode: Literal["normal", "contingency"]
    range: TillRange | None = None
    software: str = ""
    maker: str = ""


@dataclass(frozen=True, slots=True)
class StockLevel:
    """How much of a product an establishment can sell now, in the product's unit.

    ``blocks``: a live sale of more than that is refused.
    """

    product_id: UUID
    available: Decimal
    blocks: bool = False

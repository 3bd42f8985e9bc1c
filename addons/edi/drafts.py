"""What somebody wants documented, before it has a number; decimals are strings in JSON."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field


def _exact(value: Any) -> Any:
    if isinstance(value, str | Decimal):
        return value
    raise ValueError("a decimal must be written as a string")


#: A decimal that never passed through a float.
Exact = Annotated[Decimal, BeforeValidator(_exact)]


class _Draft(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PartyDraft(_Draft):
    """Somebody on a document; ``identification_type`` is the authority's code (31 NIT)."""

    kind: Literal["person", "company"] = "person"
    identification_type: str
    identification: str = Field(min_length=1, max_length=20)
    check_digit: str = ""
    name: str = Field(min_length=1, max_length=450)
    trade_name: str = ""
    address: str = ""
    #: DIVIPOLA code.
    municipality: str = ""
    postal_code: str = ""
    responsibilities: tuple[str, ...] = ("R-99-PN",)
    regime: str = "49"
    tax_scheme: str = "ZZ"
    email: str = ""
    phone: str = ""
    activity: str = ""
    registration: str = ""


class TaxDraft(_Draft):
    """One tax of a line: a ``rate`` in percent, or ``unit_amount`` for each of ``units``.

    The base is the line's amount before taxes unless said (a gift is taxed on its worth); the units
    are the line's quantity unless said.
    """

    code: str
    rate: Exact | None = None
    base: Exact | None = None
    unit_amount: Exact | None = None
    units: Exact | None = None


class AdjustmentDraft(_Draft):
    """A discount, or with ``charge`` a charge, on a line or on the document."""

    charge: bool = False
    amount: Exact
    base: Exact
    reason: str
    reason_code: str = ""


class LineDraft(_Draft):
    """What was sold. ``unit_price`` is before taxes; a gift has price 0 and its ``worth``.

    Taxes are either named one by one or follow from ``tax_class`` and the seller's profile.
    """

    description: str = Field(min_length=1, max_length=500)
    quantity: Exact
    unit_code: str = "94"
    unit_price: Exact
    discount: Exact = Decimal(0)
    adjustments: tuple[AdjustmentDraft, ...] = ()
    worth: Exact | None = None
    tax_class: str = ""
    taxes: tuple[TaxDraft, ...] = ()
    treatment: Literal["", "taxed", "exempt", "excluded"] = ""
    code: str = ""
    gtin: str = ""
    brand: str = ""
    model: str = ""


class PaymentDraft(_Draft):
    """How it is paid: ``form`` 1 at once, 2 on credit; ``means`` of the authority's table."""

    form: Literal["1", "2"] = "1"
    means: str = "10"
    due: date | None = None


class TillDraft(_Draft):
    """The till of a POS document."""

    plate: str
    location: str
    cashier: str
    type: str
    sale_code: str
    buyer_code: str = ""
    buyer_name: str = ""
    buyer_points: int = 0


class Backfill(_Draft):
    """A document that exists on paper or elsewhere: number, date, key and issuer as it has them.

    Only in habilitation, and only by whoever may; the authority decides whether it takes it.
    """

    prefix: str = Field(pattern=r"^[A-Z0-9]{0,4}$")
    #: With the zeros in front that it has.
    number: str = Field(pattern=r"^\d{1,16}$")
    issued_at: AwareDatetime
    issuer: PartyDraft
    resolution: str
    first: int
    last: int
    valid_from: date
    valid_to: date
    software_id: str
    software_name: str
    software_maker: str
    software_company: str
    software_pin: str = Field(repr=False)
    technical_key: str = Field(default="", repr=False)


class DocumentDraft(_Draft):
    """A document to issue. The buyer is a contact, a party, or nobody: the final consumer."""

    format: str
    establishment_id: UUID
    customer_id: UUID | None = None
    buyer: PartyDraft | None = None
    lines: tuple[LineDraft, ...] = Field(min_length=1, max_length=1500)
    adjustments: tuple[AdjustmentDraft, ...] = ()
    payment: PaymentDraft = PaymentDraft()
    due_date: date | None = None
    order: str = ""
    notes: tuple[str, ...] = ()
    currency: Literal["COP"] = "COP"
    till: TillDraft | None = None
    backfill: Backfill | None = None


class IssuedDocument(_Draft):
    """What an issued document is called, and where it stands."""

    id: UUID
    prefix: str
    number: int
    code: str
    title: str
    qr_url: str
    issued_at: datetime
    status: str
    total: Exact

"""A sale as the till sends it, checked for shape; what it means is checked later."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field


def _only_text(value: Any) -> Any:
    # A JSON number has been through a float in most clients.
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and len(value) <= 20:
        return value
    raise ValueError('write figures as text, such as "12.50"')


Figure = Annotated[Decimal, BeforeValidator(_only_text), Field(allow_inf_nan=False)]
NotNegative = Annotated[Figure, Field(ge=0, max_digits=18, decimal_places=6)]
Positive = Annotated[Figure, Field(gt=0, max_digits=18, decimal_places=6)]
Money = Annotated[Figure, Field(ge=0, max_digits=16, decimal_places=2)]


class _Draft(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LineDraft(_Draft):
    """One line: the price is per unit, the discount is money off the line."""

    id: UUID
    product_id: UUID
    quantity: Positive
    unit_price: NotNegative
    discount: Money = Decimal(0)


class PaymentDraft(_Draft):
    """One payment; ``tendered`` is what was handed over, in cash maybe more than ``amount``."""

    id: UUID
    method: Annotated[str, Field(max_length=40)]
    amount: Money
    tendered: Money | None = None
    reference: Annotated[str | None, Field(max_length=80)] = None


class SaleDraft(_Draft):
    """A paid ticket of a till. Times carry their zone; ``total`` is what the till computed."""

    kind: Literal["sale"] = "sale"
    session_id: UUID
    opened_at: AwareDatetime
    closed_at: AwareDatetime
    customer_id: UUID | None = None
    document_discount: Money = Decimal(0)
    lines: Annotated[tuple[LineDraft, ...], Field(max_length=500)]
    payments: Annotated[tuple[PaymentDraft, ...], Field(max_length=20)]
    total: Money


class SyncItem(_Draft):
    """One sale on its way: its id was minted when the ticket was opened."""

    uuid: UUID
    seq: Annotated[int, Field(ge=0)] = 0
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    doc: dict[str, Any]


class SyncRequest(_Draft):
    """Up to twenty items of one till; each is written, or refused, on its own."""

    register_id: Annotated[UUID, Field(alias="register")]
    items: Annotated[tuple[SyncItem, ...], Field(min_length=1, max_length=20)]


class OpenDrawer(_Draft):
    """A drawer session to open; its id was minted by the till."""

    id: UUID
    float_amount: Annotated[Money, Field(alias="float")]
    opened_at: datetime | None = None


class MoveCash(_Draft):
    """Cash in or out of the drawer."""

    id: UUID
    kind: Literal["in", "out"]
    amount: Annotated[Figure, Field(gt=0, max_digits=16, decimal_places=2)]
    reason: Annotated[str, Field(min_length=1, max_length=200)]


class Counted(_Draft):
    """So many notes or coins of one denomination."""

    denomination: Money
    count: Annotated[int, Field(ge=0, le=100_000)]


class CloseDrawer(_Draft):
    """What was counted; what was expected is not the till's to say."""

    counted: tuple[Counted, ...] = ()
    counted_total: Money
    note: Annotated[str, Field(max_length=500)] = ""

"""A shop that issues POS documents: its masters, its process, and sales to document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import core.audit.models
import core.db.idempotency
import core.events.models  # noqa: F401
from core.ids import uuid7
from core.sale import Sale, SaleLine, SalePayment, SalePlace, SaleTax

D = Decimal
PIN = "75315"
NIT = "900123456"
ENABLED = frozenset({"contacts", "taxes", "edi", "l10n_co_dian"})
PREFIXES = ("core_", "contacts_", "taxes_", "edi_")


def iva(rate: str, base: str, amount: str) -> SaleTax:
    """Give IVA at a percentage."""
    return SaleTax(
        "01", "exempt" if rate == "0" else "taxed", "percent", D(rate), D(base), D(amount)
    )


def line(position: int, *, rate: str = "19", units: str = "2", price: str = "11900") -> SaleLine:
    """Give a line whose shelf price includes IVA at ``rate``."""
    total = (D(units) * D(price)).quantize(D("0.01"))
    tax = (total - total / (1 + D(rate) / 100)).quantize(D("0.01"))
    base = total - tax
    return SaleLine(
        id=uuid7(),
        position=position,
        product_id=uuid7(),
        code=f"P-{position:03d}",
        barcode=f"770200100000{position}",
        description=f"Café molido {position}",
        unit="un",
        tax_class=f"iva_{rate}",
        stocked=True,
        quantity=D(units),
        unit_price=D(price),
        gross=total,
        discount=D(0),
        base=base,
        taxes=(iva(rate, str(base), str(tax)),),
        total=total,
    )


def sale_of(place: SalePlace, *lines: SaleLine, at: datetime) -> Sale:
    """Give a sale of ``lines``, paid in cash."""
    sums: dict[Decimal, list[SaleTax]] = {}
    for sold in lines:
        for tax in sold.taxes:
            sums.setdefault(tax.rate, []).append(tax)
    groups = tuple(
        replace(
            found[0],
            base=sum((t.base for t in found), D(0)),
            amount=sum((t.amount for t in found), D(0)),
        )
        for found in sums.values()
    )
    total = sum((sold.total for sold in lines), D(0))
    return Sale(
        id=uuid7(),
        origin="live",
        document_mode="normal",
        place=place,
        customer_id=None,
        opened_at=at,
        occurred_at=at,
        business_date=date(2026, 3, 16),
        currency="COP",
        lines=lines,
        payments=(SalePayment(uuid7(), "cash", "cash", "10", total, total),),
        groups=groups,
        subtotal=sum((sold.base for sold in lines), D(0)),
        taxes_total=sum((tax.amount for tax in groups), D(0)),
        total=total,
        change=D(0),
    )

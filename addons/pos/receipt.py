"""A sale as its ticket shows it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import segno
from sqlalchemy import select

from addons.pos.models import Payment, Sale, SaleLine, SaleTax
from core.errors import NotFoundError
from core.i18n import _
from core.sale import SaleDocument

if TYPE_CHECKING:
    from core.addons.hooks import EnabledHooks
    from core.tenancy import TenantSession

#: Level M restores 15 % of a code: tickets get crumpled.
_QR_LEVEL: Final = "m"


def find_sale(
    session: TenantSession, sale_id: UUID, establishments: frozenset[UUID] | None
) -> Sale:
    """Give a sale of one of ``establishments`` (None: all); any other does not exist."""
    sale = session.get(Sale, (session.tenant_id, sale_id))
    if sale is None or (establishments is not None and sale.establishment_id not in establishments):
        raise NotFoundError(_("This sale does not exist."))
    return sale


def receipt(session: TenantSession, hooks: EnabledHooks, sale: Sale) -> dict[str, Any]:
    """Give everything the ticket of a sale prints; amounts are strings with two decimals."""
    lines = session.scalars(
        select(SaleLine).where(SaleLine.sale_id == sale.id).order_by(SaleLine.position)
    )
    taxes = session.scalars(select(SaleTax).where(SaleTax.sale_id == sale.id))
    payments = session.scalars(select(Payment).where(Payment.sale_id == sale.id))
    documents = hooks.sale_documents(session=session, sale_id=sale.id)
    return {
        "id": str(sale.id),
        "number": sale.number,
        "prefix": sale.prefix,
        "full_number": f"{sale.prefix}{sale.number}",
        "issued_at": sale.issued_at.isoformat(),
        "cashier": sale.cashier_name,
        "subtotal": two(sale.subtotal),
        "total": two(sale.total),
        "change": two(sale.change),
        "lines": [_line(line) for line in lines],
        "groups": [
            {
                "code": tax.code,
                "treatment": tax.treatment,
                "rate": figure(tax.rate),
                "base": two(tax.base),
                "amount": two(tax.amount),
            }
            for tax in taxes
        ],
        "payments": [
            {
                "method": payment.method,
                "amount": two(payment.amount),
                "tendered": two(payment.tendered),
                "reference": payment.reference,
            }
            for payment in payments
        ],
        **(_document(documents[0]) if documents else _NO_DOCUMENT),
    }


def figure(amount: Decimal) -> str:
    """Write an exact figure without trailing zeros."""
    return format(amount.normalize(), "f")


def two(amount: Decimal) -> str:
    """Write an amount with two decimals, exactly."""
    return format(amount.quantize(Decimal("0.01")), "f")


_NO_DOCUMENT: Final[dict[str, Any]] = {
    "document_title": None,
    "code": None,
    "status": "accepted",
    "qr_svg": None,
    "legend": [],
    "problems": [],
}


def _document(document: SaleDocument) -> dict[str, Any]:
    return {
        "document_title": document.title,
        "code": document.code,
        "status": document.status,
        "qr_svg": qr_drawing(document.qr_text),
        "legend": list(document.legend),
        "problems": list(document.problems),
    }


def qr_drawing(text: str) -> dict[str, Any]:
    """Give a QR code as the data of one SVG path, one unit per module, and its size."""
    code = segno.make(text, error=_QR_LEVEL, micro=False)
    parts = []
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            run = 0
            while x + run < len(row) and row[x + run]:
                run += 1
            if run:
                parts.append(f"M{x} {y}h{run}v1h-{run}z")
            x += max(run, 1)
    return {"size": len(code.matrix), "path": "".join(parts)}


def _line(line: SaleLine) -> dict[str, Any]:
    return {
        "id": str(line.id),
        "product_id": str(line.product_id),
        "description": line.description,
        "unit": line.unit,
        "quantity": figure(line.quantity),
        "unit_price": figure(line.unit_price),
        "discount": two(line.discount),
        "total": two(line.total),
        "taxes": line.taxes,
    }

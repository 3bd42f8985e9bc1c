"""The till's own rows of a sale. Pure: no session, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from addons.pos.models import (
    Discrepancy,
    DrawerSession,
    Payment,
    Sale,
    SaleLine,
    SaleTax,
)
from core import sale as contract
from core.addons.parts import Event
from core.db.plan import AuditNote, Lock, Rows, table_of
from core.i18n import _
from core.ids import uuid7

COMPLETED: Final = "pos.sale.completed.v1"

_session = table_of(DrawerSession)
_sale = table_of(Sale)
_line = table_of(SaleLine)
_tax = table_of(SaleTax)
_payment = table_of(Payment)
_discrepancy = table_of(Discrepancy)


def drawer_lock(sale: contract.Sale) -> Lock:
    """Name the drawer session: it cannot be closed while a sale goes into it."""
    return Lock(_session, (("id", sale.place.session_id),), ("state", "till_id"))


def own_objections(sale: contract.Sale, moment: contract.SaleMoment) -> list[contract.Objection]:
    """Object to a sale into a drawer that is closed, or of another till."""
    drawer = moment.locked.row(drawer_lock(sale))
    if drawer["till_id"] != sale.place.till_id:
        text = _("This drawer belongs to another till. Reload the page.")
        return [contract.Objection("pos.drawer_of_another_till", text)]
    if drawer["state"] != "open":
        text = _("The drawer is closed. Open it before selling.")
        return [contract.Objection("pos.drawer_closed", text)]
    return []


def sale_rows(sale: contract.Sale, number: contract.IssuedNumber) -> Rows:
    """Give the sale with its lines, taxes and payments, its event and its audit note."""
    rows = Rows()
    place = sale.place
    rows.insert(
        _sale,
        id=sale.id,
        establishment_id=place.establishment_id,
        till_id=place.till_id,
        session_id=place.session_id,
        customer_id=sale.customer_id,
        cashier_name=place.cashier_name,
        prefix=number.prefix,
        number=number.number,
        origin=sale.origin,
        document_mode=sale.document_mode,
        issued_at=number.issued_at,
        opened_at=sale.opened_at,
        occurred_at=sale.occurred_at,
        business_date=sale.business_date,
        currency=sale.currency,
        rate=Decimal(1),
        subtotal=sale.subtotal,
        taxes_total=sale.taxes_total,
        total=sale.total,
        functional_total=sale.total,
        change=sale.change,
    )
    _insert_parts(rows, sale)
    rows.events.append(Event(COMPLETED, {"sale": str(sale.id), "number": number.full}))
    rows.audit.append(
        AuditNote(
            "pos.sale.complete",
            "pos.sale",
            sale.id,
            {"number": number.full, "total": format(sale.total, "f"), "origin": sale.origin},
        )
    )
    return rows


def _insert_parts(rows: Rows, sale: contract.Sale) -> None:
    for line in sale.lines:
        rows.insert(_line, **_line_values(sale, line))
    for tax in sale.groups:
        rows.insert(
            _tax,
            id=uuid7(),
            sale_id=sale.id,
            code=tax.code,
            treatment=tax.treatment,
            kind=tax.kind,
            rate=tax.rate,
            base=tax.base,
            amount=tax.amount,
        )
    for payment in sale.payments:
        rows.insert(
            _payment,
            id=payment.id,
            sale_id=sale.id,
            session_id=sale.place.session_id,
            method=payment.method,
            kind=payment.kind,
            amount=payment.amount,
            tendered=payment.tendered,
            reference=payment.reference,
        )


def discrepancy_rows(
    sale: contract.Sale, objections: Sequence[contract.Objection], now: datetime
) -> Rows:
    """Give one discrepancy for each rule that a printed sale broke."""
    rows = Rows()
    for objection in objections:
        rows.insert(
            _discrepancy,
            id=uuid7(),
            sale_id=sale.id,
            code=objection.code,
            text=str(objection.message),
            found_at=now,
        )
    return rows


def _line_values(sale: contract.Sale, line: contract.SaleLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "sale_id": sale.id,
        "position": line.position,
        "product_id": line.product_id,
        "description": line.description,
        "unit": line.unit,
        "tax_class": line.tax_class,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "gross": line.gross,
        "discount": line.discount,
        "base": line.base,
        "taxes": [
            {
                "code": tax.code,
                "treatment": tax.treatment,
                "kind": tax.kind,
                "rate": format(tax.rate, "f"),
                "base": format(tax.base, "f"),
                "amount": format(tax.amount, "f"),
            }
            for tax in line.taxes
        ],
        "total": line.total,
    }

"""Sales and drawer closings as people read them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import select

from addons.contacts.services import partner_names
from addons.pos.facts import payment_methods
from addons.pos.models import (
    CashMovement,
    DrawerSession,
    Payment,
    Sale,
    SaleLine,
    SaleTax,
    Till,
)
from addons.pos.queries import DrawerSummary, drawer_summary
from core.i18n import LazyText, _
from core.i18n.formats import percent
from core.resources.naming import names_of
from core.tenancy import Establishment
from core.web.context import current
from core.web.pages.listing import Amount, Badge, ColumnView, Row
from core.web.pages.record import ActionView, DocumentView, Fact

if TYPE_CHECKING:
    from core.tenancy import TenantSession

ORIGINS: Final = {"live": _("At the till"), "printed": _("Without connection")}
STATES: Final = {
    "open": Badge(_("Open"), "ok", "circle-check"),
    "closed": Badge(_("Closed"), "", "lock"),
}
_DOCUMENTS: Final = {
    "pending": Badge(_("To be sent"), "warn", "cloud-upload"),
    "accepted": Badge(_("Accepted"), "ok", "rosette-discount-check"),
    "rejected": Badge(_("Rejected"), "bad", "x"),
}
#: DIAN's codes of what a sale of a till can owe.
_TAXES: Final[Mapping[str, LazyText]] = {"01": _("IVA"), "04": _("INC"), "22": _("Bag tax")}
_TREATMENTS: Final = {"exempt": _("Exempt"), "excluded": _("Excluded")}
_LINES: Final = (
    ColumnView("description", _("Product"), "text", 1, strong=True),
    ColumnView("quantity", _("Quantity"), "quantity", 2),
    ColumnView("unit_price", _("Price"), "money"),
    ColumnView("discount", _("Discount"), "money"),
    ColumnView("base", _("Base"), "money2"),
    ColumnView("total", _("Total"), "money", 3, strong=True),
)
_METHODS: Final = (
    ColumnView("title", _("Payment method"), "text", 1, strong=True),
    ColumnView("count", _("Payments"), "count", 2),
    ColumnView("amount", _("Should be there"), "money", 3, strong=True),
)


def sale_document(session: TenantSession, sale: Sale) -> DocumentView:
    """Show a sale with its lines, taxes and payments, and its legal document if it has one."""
    lines = session.scalars(
        select(SaleLine).where(SaleLine.sale_id == sale.id).order_by(SaleLine.position)
    ).all()
    legal = current().hooks.sale_documents(session=session, sale_id=sale.id)
    facts = [
        Fact(_("Date"), sale.occurred_at, "moment"),
        Fact(_("Customer"), _customer(session, sale), "text", url=_customer_url(sale)),
        Fact(_("Cashier"), sale.cashier_name),
        Fact(_("Till"), _name(session, Till, sale.till_id), url=f"/pos/sessions/{sale.session_id}"),
        Fact(_("Establishment"), _name(session, Establishment, sale.establishment_id)),
        Fact(_("How it arrived"), ORIGINS.get(sale.origin, sale.origin)),
    ]
    facts += [Fact(_("Code of {title}", title=one.title), one.code, "code") for one in legal]
    return DocumentView(
        title=_("Sale {number}", number=f"{sale.prefix}{sale.number}"),
        facts=tuple(facts),
        columns=_LINES,
        lines=tuple(_line(line) for line in lines),
        lines_title=_("Products sold"),
        totals=(
            Fact(_("Subtotal"), sale.subtotal, "money2"),
            *_taxes(session, sale),
            Fact(_("Total"), sale.total, "money", strong=True),
            *_payments(session, sale),
            Fact(_("Change given"), sale.change or None, "money"),
        ),
        state=_DOCUMENTS[legal[0].status] if legal else None,
        warnings=tuple(problem for one in legal for problem in one.problems),
    )


def drawer_document(session: TenantSession, drawer: DrawerSession) -> DocumentView:
    """Show a drawer from its float to what was counted, by method."""
    summary = drawer_summary(session, drawer)
    shown = [
        Fact(_("Opened"), drawer.opened_at, "moment"),
        Fact(_("Opened by"), drawer.opened_by_name),
        Fact(_("Closed"), drawer.closed_at, "moment"),
        Fact(_("Establishment"), _name(session, Establishment, drawer.establishment_id)),
        Fact(_("Sales"), summary.sales_count, "count", url=_sales_of(drawer)),
        Fact(_("Sold"), summary.sales_total, "money", url=_sales_of(drawer)),
    ]
    return DocumentView(
        title=_name(session, Till, drawer.till_id) or str(_("Till")),
        facts=tuple(shown),
        columns=_METHODS,
        lines=tuple(
            Row(
                row.method,
                {"title": row.title, "count": row.count, "amount": row.expected},
            )
            for row in summary.by_method
        ),
        lines_title=_("By payment method"),
        totals=_cash(drawer, summary),
        note=_notes(session, drawer),
        state=STATES.get(drawer.state),
        actions=(ActionView(_("See its sales"), _sales_of(drawer), icon="receipt", link=True),),
    )


def till_names(session: TenantSession, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Give the names of tills by id, archived ones too."""
    return names_of(session, Till.id, Till.name, ids)


def _cash(drawer: DrawerSession, summary: DrawerSummary) -> tuple[Fact, ...]:
    closed = drawer.state == "closed"
    return (
        Fact(_("Float"), drawer.float_amount, "money"),
        Fact(_("Cash put in"), summary.cash_in, "money"),
        Fact(_("Cash taken out"), -summary.cash_out, "money"),
        Fact(_("Expected cash"), drawer.expected if closed else summary.expected, "money"),
        Fact(_("Counted"), drawer.counted, "money"),
        Fact(_("Difference"), drawer.difference, "money", strong=True),
    )


def _notes(session: TenantSession, drawer: DrawerSession) -> str:
    moves = session.scalars(
        select(CashMovement)
        .where(CashMovement.session_id == drawer.id)
        .order_by(CashMovement.occurred_at)
    )
    return "\n".join([drawer.note, *(move.reason for move in moves)]).strip()


def _sales_of(drawer: DrawerSession) -> str:
    return f"/pos/sales?session_id={drawer.id}"


def _line(line: SaleLine) -> Row:
    return Row(
        str(line.id),
        {
            "description": line.description,
            "quantity": Amount(line.quantity, line.unit),
            "unit_price": line.unit_price,
            "discount": line.discount or None,
            "base": line.base,
            "total": line.total,
        },
    )


def _taxes(session: TenantSession, sale: Sale) -> list[Fact]:
    rows = session.scalars(
        select(SaleTax).where(SaleTax.sale_id == sale.id).order_by(SaleTax.code, SaleTax.rate)
    )
    return [Fact(_tax_name(row), row.amount, "money2") for row in rows]


def _tax_name(row: SaleTax) -> str:
    name = str(_TAXES.get(row.code, row.code))
    if row.treatment in _TREATMENTS:
        return f"{name} · {_TREATMENTS[row.treatment]}"
    return f"{name} {percent(row.rate)}" if row.kind == "percent" else name


def _payments(session: TenantSession, sale: Sale) -> list[Fact]:
    methods = payment_methods(session)
    rows = session.scalars(select(Payment).where(Payment.sale_id == sale.id).order_by(Payment.id))
    return [
        Fact(methods[row.method].name if row.method in methods else row.method, row.amount, "money")
        for row in rows
    ]


def _customer(session: TenantSession, sale: Sale) -> str | None:
    if sale.customer_id is None:
        return str(_("Final consumer"))
    return partner_names(session, [sale.customer_id]).get(sale.customer_id)


def _customer_url(sale: Sale) -> str | None:
    return f"/contacts/partners/{sale.customer_id}" if sale.customer_id else None


def _name(session: TenantSession, model: Any, key: UUID) -> str:
    row = session.get(model, (session.tenant_id, key))
    return row.name if row is not None else ""

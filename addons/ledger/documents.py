"""An entry as people read it: its lines, and that both sides come to the same."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from addons.ledger.models import Entry, Line
from core.i18n import LazyText, _
from core.tenancy import Establishment
from core.web.pages.listing import ColumnView, Row
from core.web.pages.record import DocumentView, Fact

if TYPE_CHECKING:
    from core.tenancy import TenantSession

#: The words of the account roles; an unknown one is shown as it is kept.
ROLES: Final[dict[str, LazyText]] = {
    "money": _("Money"),
    "income": _("Income"),
    "tax": _("Taxes collected"),
    "cost_of_sales": _("Cost of sales"),
    "inventory": _("Goods in stock"),
    "goods_received": _("Goods received, not invoiced"),
    "opening": _("Opening balance"),
    "stock_difference": _("Stock differences"),
    "drawer_movement": _("Cash in and out of the drawer"),
    "drawer_difference": _("Drawer differences"),
}
#: What posted an entry.
SOURCES: Final[dict[str, LazyText]] = {
    "pos.sale": _("Sale"),
    "pos.session": _("Drawer closing"),
    "pos.cash_movement": _("Drawer movement"),
    "inventory.sale": _("Cost of a sale"),
    "inventory.receipt": _("Goods receipt"),
    "inventory.opening": _("Opening stock"),
    "inventory.count": _("Stock count"),
    "inventory.transfer": _("Transfer between warehouses"),
}
_COLUMNS: Final = (
    ColumnView("role", _("What it is"), "text", 1, strong=True),
    ColumnView("detail", _("Detail"), "code"),
    ColumnView("debit", _("Debit"), "money2", 2),
    ColumnView("credit", _("Credit"), "money2", 3),
)


def entry_document(session: TenantSession, entry: Entry) -> DocumentView:
    """Show an entry with its lines and sums."""
    lines = session.scalars(
        select(Line).where(Line.entry_id == entry.id).order_by(Line.position)
    ).all()
    place = session.get(Establishment, (session.tenant_id, entry.establishment_id))
    debit = sum((line.debit for line in lines), Decimal(0))
    credit = sum((line.credit for line in lines), Decimal(0))
    return DocumentView(
        title=_("Entry of {reference}", reference=entry.reference),
        facts=(
            Fact(_("Day"), entry.business_date, "day"),
            Fact(_("Written down"), entry.recorded_at, "moment"),
            Fact(_("Origin"), SOURCES.get(entry.source, entry.source)),
            Fact(_("Establishment"), place.name if place else None),
            Fact(_("Currency"), entry.currency),
        ),
        columns=_COLUMNS,
        lines=tuple(_row(line) for line in lines),
        totals=(
            Fact(_("Sum of debits"), debit, "money2", strong=True),
            Fact(_("Sum of credits"), credit, "money2", strong=True),
        ),
    )


def _row(line: Line) -> Row:
    return Row(
        str(line.id),
        {
            "role": ROLES.get(line.role, line.role),
            "detail": line.detail,
            "debit": line.debit or None,
            "credit": line.credit or None,
        },
    )

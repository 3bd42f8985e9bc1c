"""What the pages of the stock are given: plain values, from the queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from flask import url_for

from addons.catalog.services import ProductLabel
from addons.inventory.models import Location
from addons.inventory.paging import Place, read_key, written_key, wrong_key
from addons.inventory.queries import CardKey, CardRow, StockRow, key_of
from core.i18n import _
from core.web.pages.home import Figure
from core.web.pages.listing import (
    Amount,
    ColumnView,
    EmptyState,
    FilterView,
    Listing,
    Option,
    Pages,
    Row,
    Title,
)

if TYPE_CHECKING:
    from core.i18n import LazyText

#: Rows of one page.
PAGE: Final = 50

KINDS: Final[Mapping[str, LazyText]] = {
    "receipt": _("Goods in"),
    "issue": _("Goods out"),
    "customer_return": _("Customer return"),
    "supplier_return": _("Return to supplier"),
    "count": _("Stock count"),
    "transfer": _("Transfer"),
}

STOCK_COLUMNS: Final = (
    ColumnView("product", _("Product"), "title", priority=1),
    ColumnView("quantity", _("On hand"), "quantity", priority=2, strong=True),
    ColumnView("unit_cost", _("Unit cost"), "money2"),
    ColumnView("value", _("Value"), "money2", priority=3),
)
CARD_COLUMNS: Final = (
    ColumnView("moment", _("Date"), "moment", priority=1),
    ColumnView("document", _("Document"), "title", priority=2),
    ColumnView("came", _("Came in"), "quantity"),
    ColumnView("left", _("Went out"), "quantity"),
    ColumnView("moved", _("Value of the move"), "money2"),
    ColumnView("quantity", _("On hand"), "quantity", priority=3, strong=True),
    ColumnView("unit_cost", _("Unit cost"), "money2"),
    ColumnView("value", _("Value"), "money2"),
)
#: What only those see who may see costs.
COSTS: Final = frozenset({"unit_cost", "value", "moved"})


def shown(columns: Sequence[ColumnView], *, costs: bool) -> tuple[ColumnView, ...]:
    """Give the columns that the reader may see."""
    return tuple(column for column in columns if costs or column.name not in COSTS)


def stock_listing(
    found: Sequence[StockRow],
    place: Place,
    warehouse: Location,
    warehouses: Sequence[Location],
    *,
    text: str,
    costs: bool,
) -> Listing:
    """Give one page of what there is; ``found`` has one row more when there is a next page."""
    address = url_for("inventory.stock")
    kept: dict[str, Any] = {"q": text, "warehouse": str(warehouse.id)}
    rows = found[:PAGE]
    following = None
    if len(found) > PAGE:
        last = rows[-1].product
        following = place.next(written_key(last.name, str(last.id)), len(rows))
    return Listing(
        title=_("On hand"),
        list_url=address,
        columns=shown(STOCK_COLUMNS, costs=costs),
        empty=EmptyState(
            _("No product keeps stock yet"),
            _("Create products in the catalogue; they appear here."),
            "package",
        ),
        rows=tuple(_stock_row(row, warehouse) for row in rows),
        pages=_pages("inventory.stock", {}, place, following, kept, len(rows)),
        search=text,
        search_hint=_("Name or code"),
        filters=_warehouse_filter(warehouse, warehouses),
        export_url=url_for("inventory.stock_file", **kept) if rows else None,
    )


def card_rows(found: Sequence[CardRow], label: ProductLabel) -> tuple[Row, ...]:
    """Give the lines of a card."""
    return tuple(_card_row(row, label) for row in found[:PAGE])


def card_pages(
    found: Sequence[CardRow], place: Place, product_id: UUID, warehouse: Location
) -> Pages:
    """Give where the reader of a card is."""
    rows = found[:PAGE]
    following = None
    if len(found) > PAGE:
        following = place.next(_written_card_key(key_of(rows[-1])), len(rows))
    kept = {"warehouse": str(warehouse.id)}
    address = {"product_id": product_id}
    return _pages("inventory.kardex_page", address, place, following, kept, len(rows))


def card_figures(row: StockRow, *, costs: bool) -> tuple[Figure, ...]:
    """Give what there is now, and what it is worth to those who may know."""
    held = Amount(row.quantity, row.product.unit)
    figures = (
        Figure(_("On hand"), held, "quantity"),
        Figure(_("Unit cost"), row.unit_cost, "money2", note=_("average")),
        Figure(_("Value"), row.value, "money2"),
    )
    return figures if costs else figures[:1]


def stock_key(place: Place) -> tuple[str, UUID] | None:
    """Read where a page of the stock begins."""
    if not place.token:
        return None
    name, key = read_key(place.token, 2)
    try:
        return name, UUID(key)
    except ValueError as error:
        raise wrong_key() from error


def card_key(place: Place) -> CardKey | None:
    """Read where a page of a card begins."""
    if not place.token:
        return None
    moment, key, quantity, value = read_key(place.token, 4)
    try:
        recorded_at = datetime.fromisoformat(moment)
        found = CardKey(recorded_at, UUID(key), Decimal(quantity), Decimal(value))
    except (ValueError, InvalidOperation) as error:
        raise wrong_key() from error
    if recorded_at.tzinfo is None or not (found.quantity.is_finite() and found.value.is_finite()):
        raise wrong_key()
    return found


def _written_card_key(key: CardKey) -> str:
    return written_key(
        key.recorded_at.isoformat(), str(key.id), f"{key.quantity:f}", f"{key.value:f}"
    )


def _pages(
    endpoint: str,
    address: Mapping[str, Any],
    place: Place,
    following: Place | None,
    kept: Mapping[str, str],
    shown_now: int,
) -> Pages:
    back = place.previous(PAGE)
    urls = [
        None if one is None else url_for(endpoint, **address, **one.query(**kept))
        for one in (back, following)
    ]
    first = place.seen + 1 if shown_now else 0
    return Pages(
        first=first,
        last=place.seen + shown_now,
        total=None,
        previous_url=urls[0],
        next_url=urls[1],
    )


def _warehouse_filter(
    warehouse: Location, all_of_them: Sequence[Location]
) -> tuple[FilterView, ...]:
    if len(all_of_them) < 2:
        return ()
    options = tuple(
        Option(str(one.id), one.name, selected=one.id == warehouse.id) for one in all_of_them
    )
    return (
        FilterView(
            "warehouse",
            _("Warehouse"),
            icon="building-warehouse",
            options=options,
            shown=warehouse.name,
        ),
    )


def _stock_row(row: StockRow, warehouse: Location) -> Row:
    product = row.product
    url = url_for("inventory.kardex_page", product_id=product.id, warehouse=warehouse.id)
    return Row(
        id=str(product.id),
        cells={
            "product": Title(product.name, url, product.code),
            "quantity": Amount(row.quantity, product.unit),
            "unit_cost": row.unit_cost,
            "value": row.value,
        },
        url=url,
    )


def _card_row(row: CardRow, label: ProductLabel) -> Row:
    move = row.move
    kind = KINDS[move.kind]
    return Row(
        id=str(move.id),
        cells={
            "moment": move.occurred_at,
            "document": Title(move.reference or kind, None, _note(kind, move.reason)),
            "came": None if row.came is None else Amount(row.came, label.unit),
            "left": None if row.left is None else Amount(row.left, label.unit),
            "moved": move.value,
            "quantity": Amount(row.quantity, label.unit),
            "unit_cost": row.unit_cost,
            "value": row.value,
        },
    )


def _note(kind: object, reason: str) -> str:
    return f"{kind} · {reason}" if reason else str(kind)

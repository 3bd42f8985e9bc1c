"""The pages of the stock: what there is, and the card of a product."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from addons.catalog.services import ProductLabel, product_labels
from addons.inventory import permissions, screens
from addons.inventory.export import Cell, csv_of, download
from addons.inventory.models import Location
from addons.inventory.paging import place_of
from addons.inventory.queries import (
    CardRow,
    StockRow,
    kardex,
    key_of,
    stock_at,
    stock_page,
    warehouses,
)
from core.errors import NotFoundError
from core.i18n import _
from core.tenancy import TenantSession
from core.web.access import requires
from core.web.context import RequestContext, current
from core.web.pages.shell import Crumb
from core.web.shell import page

blueprint = Blueprint("inventory", __name__, url_prefix="/inventory", template_folder="templates")

#: Rows read at once for a file.
_CHUNK: Final = 500


@blueprint.get("/stock")
@requires(permissions.READ.name)
def stock() -> str:
    """Show what there is in a warehouse."""
    context = current()
    session, costs = context.read(), context.can(permissions.COST.name)
    everywhere, warehouse = _warehouse(context)
    place, text = place_of(request.args), request.args.get("q", "").strip()
    found = stock_page(
        session,
        warehouse.id,
        text=text,
        after=screens.stock_key(place),
        limit=screens.PAGE + 1,
    )
    listing = screens.stock_listing(found, place, warehouse, everywhere, text=text, costs=costs)
    return page("inventory/stock.html", _("On hand"), listing=listing)


@blueprint.get("/stock.csv")
@requires(permissions.READ.name)
def stock_file() -> Response:
    """Give what there is in a warehouse as a file."""
    context = current()
    costs = context.can(permissions.COST.name)
    _everywhere, warehouse = _warehouse(context)
    text = request.args.get("q", "").strip()
    columns = screens.shown(screens.STOCK_COLUMNS, costs=costs)
    headings = (_("Code"), *(column.label for column in columns), _("Unit"))
    rows = (
        _cut(_stock_cells(row), costs=costs)
        for row in _all_stock(context.read(), warehouse.id, text)
    )
    return download(f"existencias-{warehouse.code}.csv", csv_of(headings, rows))


@blueprint.get("/kardex/<uuid:product_id>")
@requires(permissions.READ.name)
def kardex_page(product_id: UUID) -> str:
    """Show the card of a product at a warehouse, newest first."""
    context = current()
    session, costs = context.read(), context.can(permissions.COST.name)
    label = _label(session, product_id)
    _everywhere, warehouse = _warehouse(context)
    place = place_of(request.args)
    after = screens.card_key(place)
    found = kardex(session, product_id, warehouse.id, after=after, limit=screens.PAGE + 1)
    here: dict[str, Any] = {"warehouse": str(warehouse.id)}
    return page(
        "inventory/kardex.html",
        label.name,
        breadcrumb=(Crumb(_("On hand"), url_for("inventory.stock", **here)), Crumb(label.name)),
        label=label,
        warehouse=warehouse.name,
        figures_now=screens.card_figures(stock_at(session, label, warehouse.id), costs=costs),
        columns=screens.shown(screens.CARD_COLUMNS, costs=costs),
        rows=screens.card_rows(found, label),
        pages=screens.card_pages(found, place, product_id, warehouse),
        export_url=url_for("inventory.kardex_file", product_id=product_id, **here),
        stock_url=url_for("inventory.stock", **here),
    )


@blueprint.get("/kardex/<uuid:product_id>.csv")
@requires(permissions.READ.name)
def kardex_file(product_id: UUID) -> Response:
    """Give the card of a product at a warehouse as a file."""
    context = current()
    session, costs = context.read(), context.can(permissions.COST.name)
    label = _label(session, product_id)
    _everywhere, warehouse = _warehouse(context)
    headings: tuple[object, ...] = (
        _("Date"),
        _("Document"),
        _("Kind"),
        _("Reason"),
        _("Came in"),
        _("Went out"),
        _("On hand"),
    )
    if costs:
        headings += (_("Value of the move"), _("Unit cost"), _("Value"))
    rows = (_card_cells(row, costs=costs) for row in _whole_card(session, product_id, warehouse.id))
    return download(f"kardex-{label.code}-{warehouse.code}.csv", csv_of(headings, rows))


def _warehouse(context: RequestContext) -> tuple[Sequence[Location], Location]:
    """Give the warehouses that the reader may see, and the one asked for, else the first."""
    places = context.establishments(permissions.READ.name)
    everywhere = [
        one
        for one in warehouses(context.read())
        if places is None or one.establishment_id in places
    ]
    asked = request.args.get("warehouse", "")
    for one in everywhere:
        if str(one.id) == asked or not asked:
            return everywhere, one
    raise NotFoundError(_("This warehouse does not exist."))


def _label(session: TenantSession, product_id: UUID) -> ProductLabel:
    found = product_labels(session, [product_id])
    if product_id not in found:
        raise NotFoundError(_("This product does not exist."))
    return found[product_id]


def _all_stock(session: TenantSession, warehouse_id: UUID, text: str) -> Iterator[StockRow]:
    after: tuple[str, UUID] | None = None
    while rows := stock_page(session, warehouse_id, text=text, after=after, limit=_CHUNK):
        yield from rows
        after = rows[-1].product.name, rows[-1].product.id


def _whole_card(session: TenantSession, product_id: UUID, warehouse_id: UUID) -> Iterator[CardRow]:
    after = None
    while rows := kardex(session, product_id, warehouse_id, after=after, limit=_CHUNK):
        yield from rows
        after = key_of(rows[-1])


def _stock_cells(row: StockRow) -> dict[str, Cell]:
    return {
        "code": row.product.code,
        "product": row.product.name,
        "quantity": row.quantity,
        "unit_cost": row.unit_cost,
        "value": _two(row.value),
        "unit": row.product.unit,
    }


def _cut(cells: dict[str, Cell], *, costs: bool) -> list[Cell]:
    return [cell for name, cell in cells.items() if costs or name not in screens.COSTS]


def _card_cells(row: CardRow, *, costs: bool) -> list[Cell]:
    move = row.move
    cells: list[Cell] = [
        move.occurred_at,
        move.reference,
        str(screens.KINDS[move.kind]),
        move.reason,
        row.came,
        row.left,
        row.quantity,
    ]
    return [*cells, _two(move.value), row.unit_cost, _two(row.value)] if costs else cells


def _two(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))

"""The list of moves: read only, a move is reversed and never edited."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from addons.catalog.services import RESOURCE as CATALOG_PRODUCTS
from addons.catalog.services import product_labels
from addons.inventory import permissions
from addons.inventory.models import Balance, Location, Move
from addons.inventory.reversals import BACK, reverse_move
from core.i18n import _
from core.resources import Action, Belongs, Choice, Column, Period, Resource, extend
from core.resources.naming import names_of
from core.tenancy import TenantSession

KINDS: Final = {
    "receipt": _("Receipt"),
    "issue": _("Issue"),
    "customer_return": _("Return of a customer"),
    "supplier_return": _("Return to a supplier"),
    "count": _("Count"),
    "transfer": _("Transfer"),
    "landed_cost": _("Cost added later"),
}


def product_names(session: TenantSession, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Give the names of products by id."""
    return {key: label.name for key, label in product_labels(session, ids).items()}


def place_names(session: TenantSession, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Give the names of warehouses and outsides by id."""
    return names_of(session, Location.id, Location.name, ids)


def by_reference(text: str) -> ColumnElement[bool]:
    """Find the moves of one document, written with a hyphen or without."""
    return Move.reference == text.strip().upper().replace("-", "")


def may_go_back(move: Move) -> bool:
    """Tell whether a move can be undone: one that undoes another, or adds a cost, cannot."""
    return move.reverses_id is None and move.kind in BACK


def send_back(session: TenantSession, move: Move) -> Move:
    """Undo a move; the reason says where it was asked for."""
    reverse_move(session, move.id, reason=str(_("Undone in the list of moves")))
    return move


MOVES: Final = Resource(
    name="inventory.moves",
    model=Move,
    title=_("Stock moves"),
    singular=_("Stock move"),
    icon="transfer",
    columns=(
        Column(Move.product_id, _("Product"), "title", names=product_names, priority=1),
        Column(Move.recorded_at, _("Written down"), "moment", sort=True, priority=3),
        Column(Move.kind, _("Kind"), options=KINDS),
        Column(Move.from_id, _("From"), names=place_names),
        Column(Move.to_id, _("To"), names=place_names),
        Column(Move.quantity, _("Quantity"), "quantity", priority=2, strong=True),
        Column(Move.value, _("Cost"), "money2", permission=permissions.COST),
        Column(Move.reference, _("Document"), "code"),
    ),
    order_by=Move.recorded_at,
    descending=True,
    search=by_reference,
    search_hint=_("Document, such as R12"),
    filters=(
        Choice(Move.kind, _("Kind"), KINDS),
        Period(Move.business_date, _("Day")),
        Belongs(Move.product_id, _("Product")),
    ),
    caused_by=(Move.source, Move.source_id),
    actions=(
        Action(
            "reverse",
            send_back,
            _("Undo the move"),
            icon="arrow-back-up",
            permission=permissions.ADJUST,
            when=may_go_back,
            bulk=True,
            confirm=_("The goods go back where they were, at the cost they left with."),
            done=_("The goods are back."),
        ),
    ),
    read_permission=permissions.READ,
    empty=_("No moves yet"),
    empty_text=_("Receipts, sales and counts write them."),
)


def stock_on_hand(session: TenantSession, ids: Collection[UUID]) -> Mapping[UUID, object]:
    """Give how much there is of products in all warehouses together."""
    query = (
        select(Balance.product_id, func.sum(Balance.quantity))
        .where(Balance.product_id.in_(ids))
        .group_by(Balance.product_id)
    )
    return dict(session.execute(query).all())


PRODUCT_STOCK: Final = extend(
    CATALOG_PRODUCTS,
    columns=(
        Column("stock", _("Stock"), "quantity", load=stock_on_hand, permission=permissions.READ),
    ),
)

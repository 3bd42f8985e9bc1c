"""Everything inventory tells the core, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint

from addons.inventory import permissions, services
from addons.inventory import sale as stock_of_sale
from addons.inventory.cli import REPLAY
from addons.inventory.demo import full_shelves
from addons.inventory.invariants import INVARIANTS
from addons.inventory.queries import levels
from addons.inventory.resources import MOVES, PRODUCT_STOCK
from addons.inventory.views import blueprint
from core.addons import hookimpl
from core.addons.parts import (
    Command,
    DemoStep,
    Invariant,
    LauncherItem,
    NavigationItem,
    Permission,
    Slot,
)
from core.db.plan import Lock, Rows
from core.i18n import _
from core.resources import Resource, ResourceExtension
from core.sale import Objection, Sale, SaleFacts, SaleMoment, StockLevel
from core.tenancy import TenantSession


@hookimpl
def register_permissions() -> Sequence[Permission]:
    """Keep seeing, receiving and counting apart."""
    return permissions.ALL


@hookimpl
def register_resources() -> Sequence[Resource[Any]]:
    """Declare the moves."""
    return (MOVES,)


@hookimpl
def register_resource_extensions() -> Sequence[ResourceExtension]:
    """Show the stock of products in their list."""
    return (PRODUCT_STOCK,)


@hookimpl
def register_invariants() -> Sequence[Invariant]:
    """Stock adds up, in quantity, in value and with the ledger."""
    return INVARIANTS


@hookimpl
def register_commands() -> Sequence[Command]:
    """Offer the replay of a card."""
    return (REPLAY,)


@hookimpl
def navigation_items() -> Sequence[NavigationItem]:
    """Offer the stock and its moves in the side menu."""
    return (
        NavigationItem(
            group=_("Stock"),
            title=_("On hand"),
            url="/inventory/stock",
            icon="building-warehouse",
            permission=permissions.READ.name,
            order=40,
        ),
        NavigationItem(
            group=_("Stock"),
            title=MOVES.title,
            url=MOVES.path,
            icon=MOVES.icon,
            permission=permissions.READ.name,
            order=45,
        ),
    )


@hookimpl
def launcher_items() -> Sequence[LauncherItem]:
    """Offer the stock on the start page."""
    return (
        LauncherItem(
            group=_("Stock"),
            title=_("Inventory"),
            subtitle=_("What there is and what it is worth"),
            url="/inventory/stock",
            icon="building-warehouse",
            permission=permissions.READ.name,
            tint="amber",
            order=40,
        ),
    )


@hookimpl
def register_routes() -> Sequence[Blueprint]:
    """Offer the stock and the cards."""
    return (blueprint,)


@hookimpl
def stock_levels(
    session: TenantSession, establishment_id: UUID, product_ids: Collection[UUID]
) -> Sequence[StockLevel]:
    """Tell the tills what there is to sell."""
    return list(levels(session, establishment_id, product_ids).values())


@hookimpl
def on_enabled(session: TenantSession) -> None:
    """Start with the outsides and a warehouse per establishment."""
    services.ensure_places(session)


@hookimpl
def sale_facts(session: TenantSession, sale: Sale) -> Sequence[SaleFacts]:
    """Say which warehouse the sale sells from."""
    return (stock_of_sale.stock_facts(session, sale),)


@hookimpl
def sale_locks(sale: Sale, facts: SaleFacts) -> Sequence[Lock]:
    """Hold the balance of every stocked product."""
    return stock_of_sale.stock_locks(sale, facts.values)


@hookimpl
def check_sale(sale: Sale, moment: SaleMoment) -> Sequence[Objection]:
    """Object to selling what is not there."""
    return stock_of_sale.stock_objections(sale, moment)


@hookimpl
def sale_rows(sale: Sale, moment: SaleMoment) -> Sequence[Rows]:
    """Let the goods leave at their cost."""
    return (stock_of_sale.stock_rows(sale, moment),)


@hookimpl
def register_demo() -> Sequence[DemoStep]:
    """Fill the shelves of the minimarket; the hardware store keeps no stock."""
    return (DemoStep("minimercado", full_shelves),)


@hookimpl
def register_slots() -> Sequence[Slot]:
    """Lead from the tills to what is on hand."""
    return (Slot("pos.tills", "inventory/tills_link.html", permissions.READ.name),)

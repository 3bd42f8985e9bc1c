"""Every hook of the addon contract, in one file that reads as its reference.

``register_*`` is asked once at start-up of every installed addon; ``*_items`` and the others only
of the addons that the business enabled. Results come in load order. A hook named ``on_*`` observes:
one that raises is logged and the rest still hear.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final

import pluggy

from core.addons.parts import (
    Command,
    Consumer,
    DemoStep,
    Figure,
    Invariant,
    LauncherItem,
    NavigationItem,
    Obligation,
    Permission,
    Schedule,
    Setting,
    Slot,
)
from core.db.plan import Lock, Rows
from core.sale import Objection, Sale, SaleDocument, SaleFacts, SaleMoment, StockLevel, TillDocument

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Blueprint

    from core.tenancy import TenantSession

PROJECT: Final = "guadua"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def register_permissions() -> Sequence[Permission]:
    """Name the permissions this addon checks."""
    raise NotImplementedError


@hookspec
def register_routes() -> Sequence[Blueprint]:
    """Offer pages and API routes; each declares its permission with ``@requires``."""
    raise NotImplementedError


@hookspec
def register_resources() -> Sequence[Any]:
    """Declare resources: a list, a form and an API made from one declaration each."""
    raise NotImplementedError


@hookspec
def register_resource_extensions() -> Sequence[Any]:
    """Add columns, filters, tabs, actions and a part of the command to resources of others."""
    raise NotImplementedError


@hookspec
def register_settings() -> Sequence[Setting]:
    """Name the settings of this addon."""
    raise NotImplementedError


@hookspec
def register_consumers() -> Sequence[Consumer]:
    """Say which events this addon acts upon."""
    raise NotImplementedError


@hookspec
def register_schedules() -> Sequence[Schedule]:
    """Say what this addon does from time to time."""
    raise NotImplementedError


@hookspec
def register_commands() -> Sequence[Command]:
    """Add commands to ``manage.py``."""
    raise NotImplementedError


@hookspec
def register_invariants() -> Sequence[Invariant]:
    """Name the rules that ``manage.py verify`` checks for this addon."""
    raise NotImplementedError


@hookspec
def register_slots() -> Sequence[Slot]:
    """Put pieces of page into named places of other pages."""
    raise NotImplementedError


@hookspec
def register_document_formats() -> Sequence[Any]:
    """Offer formats of legal documents: how to build, code, sign, send and ask."""
    raise NotImplementedError


@hookspec
def register_demo() -> Sequence[DemoStep]:
    """Fill the demo businesses."""
    raise NotImplementedError


@hookspec
def navigation_items(session: TenantSession) -> Sequence[NavigationItem]:
    """Offer entries of the side menu."""
    raise NotImplementedError


@hookspec
def launcher_items(session: TenantSession) -> Sequence[LauncherItem]:
    """Offer applications of the start page."""
    raise NotImplementedError


@hookspec
def figure_items(session: TenantSession) -> Sequence[Figure]:
    """Offer figures of the start page."""
    raise NotImplementedError


@hookspec
def pending_obligations(session: TenantSession) -> Sequence[Obligation]:
    """Say what is still owed, so that switching this addon off would break a duty."""
    raise NotImplementedError


@hookspec
def on_enabled(session: TenantSession) -> None:
    """Hear that the business switched this addon on: make the rows it starts with.

    Raising leaves it off: a business never has half of an addon's first rows.
    """
    raise NotImplementedError


@hookspec
def sale_facts(session: TenantSession, sale: Sale) -> Sequence[SaleFacts]:
    """Phase 0: read what the sale needs to know; at most one element; no lock, no write."""
    raise NotImplementedError


@hookspec
def sale_locks(sale: Sale, facts: SaleFacts) -> Sequence[Lock]:
    """Name the rows to hold while the sale is written."""
    raise NotImplementedError


@hookspec
def check_sale(sale: Sale, moment: SaleMoment) -> Sequence[Objection]:
    """Object to the sale, knowing the locked rows. Pure."""
    raise NotImplementedError


@hookspec
def sale_rows(sale: Sale, moment: SaleMoment) -> Sequence[Rows]:
    """Add rows to the sale's transaction. Pure: no session, no clock."""
    raise NotImplementedError


@hookspec
def sale_documents(session: TenantSession, sale_id: UUID) -> Sequence[SaleDocument]:
    """Show the legal document of a sale, for its ticket."""
    raise NotImplementedError


@hookspec
def till_documents(
    session: TenantSession, establishment_id: UUID, till_id: UUID
) -> Sequence[TillDocument]:
    """Say what a till prints on its sales now; nothing when it prints internal receipts."""
    raise NotImplementedError


@hookspec
def stock_levels(
    session: TenantSession, establishment_id: UUID, product_ids: Collection[UUID]
) -> Sequence[StockLevel]:
    """Tell how much of each product an establishment can sell, for the till's tiles."""
    raise NotImplementedError

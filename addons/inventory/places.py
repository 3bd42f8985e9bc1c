"""Warehouses, and the outsides that goods come from and go to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

from sqlalchemy import select

from addons.inventory.errors import BadStockError
from addons.inventory.models import Location
from core.audit.services import record
from core.errors import NotFoundError
from core.i18n import _
from core.tenancy import Establishment
from core.tenancy.cache import bump_epoch

if TYPE_CHECKING:
    from core.tenancy import TenantSession

Outside = Literal["supplier", "customer", "loss", "production", "transit"]

_OUTSIDES: Final = (
    ("supplier", "Proveedores"),
    ("customer", "Clientes"),
    ("loss", "Pérdidas y ajustes"),
    ("production", "Producción"),
    ("transit", "En tránsito"),
)


def ensure_places(session: TenantSession) -> None:
    """Make the outsides, and a warehouse for every establishment that has none."""
    places = session.scalars(select(Location)).all()
    kinds = {place.kind for place in places}
    session.add_all(
        Location(code=kind, name=name, kind=kind) for kind, name in _OUTSIDES if kind not in kinds
    )
    session.flush()
    supplied = {place.establishment_id for place in places if place.kind == "warehouse"}
    query = select(Establishment).where(Establishment.archived_at.is_(None))
    for establishment in session.scalars(query.order_by(Establishment.code)):
        if establishment.id not in supplied:
            create_warehouse(
                session, establishment, f"B{establishment.code}", f"Bodega {establishment.name}"
            )
    bump_epoch(session)


def create_warehouse(
    session: TenantSession,
    establishment: Establishment,
    code: str,
    name: str,
    *,
    negative: Literal["block", "allow"] = "block",
) -> Location:
    """Add a warehouse; the first of an establishment is the one its tills sell from."""
    wrong: dict[str, object] = {}
    if not name.strip():
        wrong["name"] = _("Write a name.")
    if not code.strip():
        wrong["code"] = _("Write a code.")
    elif session.scalars(select(Location.id).where(Location.code == code)).first():
        wrong["code"] = _("Another place has this code. Choose a different one.")
    if wrong:
        raise BadStockError(_("The warehouse was not saved. Correct what is marked."), fields=wrong)
    first = not session.scalars(
        select(Location.id).where(
            Location.establishment_id == establishment.id, Location.is_default.is_(True)
        )
    ).first()
    warehouse = Location(
        code=code,
        name=name,
        kind="warehouse",
        establishment_id=establishment.id,
        is_default=first,
        negative=negative,
    )
    session.add(warehouse)
    session.flush()
    record(session, "inventory.warehouse.create", "inventory.location", warehouse.id, code=code)
    bump_epoch(session)
    return warehouse


def warehouse(session: TenantSession, warehouse_id: UUID) -> Location:
    """Give a warehouse, or raise ``NotFoundError``; the outsides are none."""
    found = session.get(Location, (session.tenant_id, warehouse_id))
    if found is None or found.kind != "warehouse" or found.archived_at:
        raise NotFoundError(_("This warehouse does not exist."))
    return found


def outside(session: TenantSession, kind: Outside) -> Location:
    """Give the outside of a kind; every business has one of each."""
    query = select(Location).where(Location.kind == kind).order_by(Location.id)
    return session.scalars(query).first() or _missing(kind)


def _missing(kind: str) -> Location:
    raise NotFoundError(_("Switch Inventory off and on again: a place is missing."), kind=kind)

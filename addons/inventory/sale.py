"""What a sale does to the stock: one locked balance per product, moves at cost, one entry.

Everything after ``stock_facts`` is pure and sees only what was read in the first trip.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import select

from addons.inventory.models import NO_LOT, Balance, Location, Move
from addons.inventory.rules import ZERO, Change, Stock, average_issue, unit_cost
from addons.ledger.services import COST, INVENTORY, EntryDraft, Posting, entry_rows, joined
from core.db.plan import Lock, Rows, table_of
from core.i18n import _
from core.i18n.formats import quantity as written
from core.ids import uuid7
from core.sale import Objection, Sale, SaleFacts, SaleLine, SaleMoment
from core.tenancy.cache import cached

if TYPE_CHECKING:
    from core.tenancy import TenantSession

#: Our name among the facts of a sale.
ADDON: Final = "inventory"
#: What moves and entries of a sale say they come from; ``source_id`` is the sale.
SOURCE: Final = "inventory.sale"

_BALANCE: Final = table_of(Balance)
_MOVE: Final = table_of(Move)
_READ: Final = ("quantity", "value", "last_cost")
_NOTHING: Final = tuple((name, ZERO) for name in _READ)


@dataclass(frozen=True, slots=True)
class SalePlaces:
    """Where a sale's goods leave from and go to; ``blocks`` is the warehouse's policy."""

    warehouse_id: UUID
    customers_id: UUID
    blocks: bool


def stock_facts(session: TenantSession, sale: Sale) -> SaleFacts:
    """Find the warehouse that the sale's establishment sells from, cached by epoch.

    ``values`` is None where there is none: the sale is objected to, and nothing moves.
    """
    places = cached(session, "inventory.places", lambda: _places(session))
    return SaleFacts(values=places.get(sale.place.establishment_id))


def stock_locks(sale: Sale, places: SalePlaces | None) -> list[Lock]:
    """Ask for one balance row per stocked product; a product never seen starts at zero."""
    if places is None:
        return []
    products = {line.product_id for line in sale.lines if line.stocked}
    return [_lock(places, product_id, fresh=True) for product_id in sorted(products)]


def stock_objections(sale: Sale, moment: SaleMoment) -> list[Objection]:
    """Object to a sale of more than there is, where the warehouse's policy blocks it."""
    places: SalePlaces | None = moment.own(ADDON)
    asked = _asked(sale)
    if places is None:
        return [_no_warehouse()] if asked else []
    if not places.blocks:
        return []
    objections = []
    for line, wanted in asked.values():
        there = moment.locked.row(_lock(places, line.product_id))["quantity"]
        if wanted > there:
            objections.append(_not_enough(line, wanted, there))
    return objections


def stock_rows(sale: Sale, moment: SaleMoment) -> Rows:
    """Give the moves at cost, the new balances and the entry: cost of sales against inventory."""
    places: SalePlaces | None = moment.own(ADDON)
    rows = Rows()
    if places is None:
        return rows
    held: dict[UUID, Stock] = {}
    cost = ZERO
    for line in sale.lines:
        if not line.stocked:
            continue
        key = line.product_id
        stock = held.get(key)
        if stock is None:
            stock = Stock(**moment.locked.row(_lock(places, key)))
        change = average_issue(stock, line.quantity)
        held[key] = change.stock
        cost += change.value
        rows.inserts.append((_MOVE, _move(sale, moment, places, line, change)))
    for key, stock in held.items():
        rows.update(_lock(places, key), quantity=stock.quantity, value=stock.value)
    if held:
        rows.add(entry_rows(_entry(sale, moment, cost)))
    return rows


def _places(session: TenantSession) -> dict[UUID, SalePlaces]:
    rows = session.scalars(
        select(Location).where(
            Location.kind.in_(("warehouse", "customer")), Location.archived_at.is_(None)
        )
    ).all()
    customers = next((row.id for row in rows if row.kind == "customer"), None)
    if customers is None:
        return {}
    return {
        row.establishment_id: SalePlaces(row.id, customers, row.negative == "block")
        for row in rows
        if row.is_default and row.establishment_id is not None
    }


def _lock(places: SalePlaces, product_id: UUID, *, fresh: bool = False) -> Lock:
    # The product stands last in the key, so that all balances of a sale are locked by one
    # statement, in product order. Only a row that may have to be made needs a key of its own.
    key = (("location_id", places.warehouse_id), ("lot_id", NO_LOT), ("product_id", product_id))
    made = (("id", uuid7()), *_NOTHING) if fresh else ()
    return Lock(_BALANCE, key, _READ, "insert", made)


def _asked(sale: Sale) -> dict[UUID, tuple[SaleLine, Decimal]]:
    asked: dict[UUID, tuple[SaleLine, Decimal]] = {}
    for line in sale.lines:
        if line.stocked:
            before = asked[line.product_id][1] if line.product_id in asked else ZERO
            asked[line.product_id] = line, before + line.quantity
    return asked


def _not_enough(line: SaleLine, wanted: Decimal, there: Decimal) -> Objection:
    name = line.description
    amount = written(there, "" if line.unit == "un" else line.unit)
    text = (
        _("{product}: only {quantity} left in the warehouse.", product=name, quantity=amount)
        if there > 0
        else _("{product}: none left in the warehouse.", product=name)
    )
    context = {
        "product_id": str(line.product_id),
        "line_id": str(line.id),
        "available": format(there, "f"),
        "asked": format(wanted, "f"),
    }
    return Objection("inventory.not_enough", text, context)


def _no_warehouse() -> Objection:
    return Objection(
        "inventory.no_warehouse",
        _("This establishment has no warehouse to sell from. Create one in Inventory."),
    )


def _move(
    sale: Sale, moment: SaleMoment, places: SalePlaces, line: SaleLine, change: Change
) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "business_date": sale.business_date,
        "occurred_at": sale.occurred_at,
        "product_id": line.product_id,
        "from_id": places.warehouse_id,
        "to_id": places.customers_id,
        "lot_id": NO_LOT,
        "kind": "issue",
        "quantity": line.quantity,
        "unit_cost": unit_cost(change.value, line.quantity),
        "value": change.value,
        "variance": ZERO,
        "flagged": change.flagged,
        "source": SOURCE,
        "source_id": sale.id,
        "reference": moment.number.full,
        "reason": "",
        "reverses_id": None,
    }


def _entry(sale: Sale, moment: SaleMoment, cost: Decimal) -> EntryDraft:
    return EntryDraft(
        id=uuid7(),
        establishment_id=sale.place.establishment_id,
        source=SOURCE,
        source_id=sale.id,
        reference=moment.number.full,
        business_date=sale.business_date,
        occurred_at=sale.occurred_at,
        postings=joined((Posting(COST, debit=cost), Posting(INVENTORY, credit=cost))),
    )

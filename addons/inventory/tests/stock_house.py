"""A warehouse with rice and panela in each of two businesses, and sales to try on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal
from uuid import UUID

from sqlalchemy import Table, select

import core.audit.models
import core.db.idempotency
import core.events.models
import core.search.models  # noqa: F401
from addons.catalog.services import ProductDraft, create_product, create_usual_units
from addons.inventory import hooks
from addons.inventory.models import Balance, Location
from addons.inventory.services import Arrival, receive_stock
from addons.ledger.services import (
    COST,
    GOODS_RECEIVED,
    INVENTORY,
    OPENING,
    STOCK_DIFFERENCE,
    posted_by_document,
)
from core.db.base import Base
from core.db.plan import Answer, Decision, Lock, Locked, Plan, Rows
from core.db.write_plan import write_plan
from core.errors import ConflictError
from core.ids import uuid7
from core.sale import IssuedNumber, Objection, Sale, SaleFacts, SaleLine, SaleMoment, SalePlace
from core.tenancy import Establishment, TenantRef, TenantSession
from core.testing.house import House

D = Decimal
OURS = ("core_", "catalog_", "inventory_", "ledger_")


def tables() -> list[Table]:
    """Core's tables and those that stock needs."""
    return [table for table in Base.metadata.sorted_tables if table.name.startswith(OURS)]


@dataclass(frozen=True)
class Shop:
    """One business of the house, with what its tests need to name."""

    house: House
    tenant: TenantRef
    establishment: UUID
    warehouse: UUID
    rice: UUID
    panela: UUID
    cashier: UUID = field(default_factory=uuid7)


def open_shop(house: House, tenant: TenantRef) -> Shop:
    """Switch inventory on and make two products."""
    with house.unit(tenant) as session:
        create_usual_units(session)
        rice, panela = (
            create_product(session, ProductDraft(code=code, name=name, price=D(5000)))
            for code, name in (("A1", "Arroz"), ("P1", "Panela"))
        )
        hooks.on_enabled(session)
        place = session.scalars(select(Establishment)).one()
        warehouse = session.scalars(select(Location).where(Location.kind == "warehouse")).one()
        return Shop(house, tenant, place.id, warehouse.id, rice.id, panela.id)


def line(product: UUID, quantity: str, position: int = 1, *, stocked: bool = True) -> SaleLine:
    """Give a line of a sale; its price does not matter to the stock."""
    zero = D(0)
    return SaleLine(
        id=uuid7(),
        position=position,
        product_id=product,
        code="A1",
        barcode="",
        description="Arroz",
        unit="un",
        tax_class="excluded",
        stocked=stocked,
        quantity=D(quantity),
        unit_price=zero,
        gross=zero,
        discount=zero,
        base=zero,
        taxes=(),
        total=zero,
    )


def sale(shop: Shop, *lines: SaleLine, origin: Literal["live", "printed"] = "live") -> Sale:
    """Give a sale of the shop."""
    zero = D(0)
    now = shop.house.clock.now()
    place = SalePlace(
        shop.establishment,
        "Principal",
        "",
        "",
        "America/Bogota",
        uuid7(),
        "C1",
        shop.cashier,
        "Ana",
        uuid7(),
    )
    return Sale(
        id=uuid7(),
        origin=origin,
        document_mode="normal",
        place=place,
        customer_id=None,
        opened_at=now,
        occurred_at=now,
        business_date=now.date(),
        currency="COP",
        lines=lines,
        payments=(),
        groups=(),
        subtotal=zero,
        taxes_total=zero,
        total=zero,
        change=zero,
    )


class RefusedError(ConflictError):
    """A live sale met an objection."""

    def __init__(self, objections: Sequence[Objection]) -> None:
        super().__init__(objections[0].message)
        self.objections = objections


@dataclass(frozen=True)
class StockOnly:
    """The least sale: inventory takes part in it and nobody else."""

    sale: Sale
    facts: SaleFacts
    epoch: int
    scope: str = "toy.sale"
    fingerprint: bytes = b"f" * 32

    @property
    def key(self) -> UUID:
        return self.sale.id

    def locks(self) -> Sequence[Lock]:
        return hooks.sale_locks(sale=self.sale, facts=self.facts)

    def decide(self, locked: Locked) -> Decision:
        number = IssuedNumber("T", 7, locked.now)
        moment = SaleMoment(locked, number, {"inventory": self.facts})
        objections = hooks.check_sale(sale=self.sale, moment=moment)
        if objections and self.sale.origin == "live":
            raise RefusedError(objections)
        rows = Rows()
        for more in hooks.sale_rows(sale=self.sale, moment=moment):
            rows.add(more)
        return Decision(rows, {"objections": [objection.code for objection in objections]})

    def refresh(self, epoch: int) -> Plan:
        return replace(self, epoch=epoch)


def sell(shop: Shop, sold: Sale) -> Answer:
    """Write a sale as the till would, in the one hot transaction."""
    with shop.house.session(shop.tenant) as session:
        plan = plan_of(session, sold)
        session.rollback()
        return write_plan(session, plan)


def plan_of(session: TenantSession, sold: Sale) -> StockOnly:
    """Read the facts of a sale."""
    facts = hooks.sale_facts(session=session, sale=sold)[0]
    return StockOnly(sold, facts, session.epoch)


def receive(shop: Shop, product: UUID, quantity: str, cost: str) -> None:
    with shop.house.unit(shop.tenant) as session:
        arrival = Arrival(product, D(quantity), D(cost))
        receive_stock(session, shop.warehouse, [arrival], reference="R-1")


def balance(shop: Shop, product: UUID) -> tuple[Decimal, Decimal]:
    with shop.house.unit(shop.tenant, writes=False) as session:
        row = session.scalars(select(Balance).where(Balance.product_id == product)).one()
        return row.quantity, row.value


ROLES = (COST, GOODS_RECEIVED, INVENTORY, OPENING, STOCK_DIFFERENCE)


def roles(shop: Shop, source: str) -> dict[str, Decimal]:
    """Give what the entries of a source come to, debit − credit by role."""
    with shop.house.unit(shop.tenant, writes=False) as session:
        found = {
            role: sum(posted_by_document(session, role, [source]).values(), D(0)) for role in ROLES
        }
    return {role: amount for role, amount in found.items() if amount}


def allow_negative(shop: Shop) -> None:
    with shop.house.unit(shop.tenant) as session:
        session.get_one(Location, (session.tenant_id, shop.warehouse)).negative = "allow"

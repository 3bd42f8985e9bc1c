"""A small grocery that scenarios sell in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from addons.catalog.services import ProductDraft, create_product
from addons.inventory.models import Location
from addons.inventory.services import Arrival, open_stock
from addons.pos.drafts import LineDraft, PaymentDraft, SaleDraft
from addons.pos.facts import till_facts
from addons.pos.flows import complete_sale
from addons.pos.pricing import Seller, Ticket
from addons.pos.services import create_till, open_drawer
from addons.taxes.services import RESPONSIBLE_FOR_IVA, set_profile
from core.addons.registry import AddonRegistry
from core.db.plan import Answer
from core.ids import uuid7
from core.tenancy import Establishment, TenantRef
from core.testing.house import House

#: What each product cost, without IVA; a hundred of each are there.
COSTS = {"GAS": "3000", "CAF": "15000", "LEC": "3500", "AGU": "6000"}

#: code: (name, price, tax class, unit)
PRODUCTS = {
    "GAS": ("Gaseosa 1,5 l", "5200", "iva_19", "un"),
    "CAF": ("Café molido 500 g", "22900", "iva_5", "un"),
    "LEC": ("Leche entera 1 l", "4600", "exempt", "un"),
    "AGU": ("Aguacate hass", "9800", "excluded", "kg"),
}


@dataclass(frozen=True, slots=True)
class Shop:
    """One business of the house, ready to sell."""

    house: House
    registry: AddonRegistry
    tenant: TenantRef
    establishment: UUID
    till: UUID
    drawer: UUID
    seller: Seller
    products: dict[str, UUID]

    def ticket(
        self,
        *basket: tuple[str, str],
        pays: tuple[tuple[str, str], ...] = (),
        key: UUID | None = None,
        total: str | None = None,
    ) -> Ticket:
        """Fill a ticket with (code, quantity); pays cash exactly unless told otherwise."""
        now = self.house.clock.now()
        lines = tuple(
            LineDraft(
                id=uuid7(),
                product_id=self.products[code],
                quantity=Decimal(quantity),
                unit_price=Decimal(PRODUCTS[code][1]),
            )
            for code, quantity in basket
        )
        due = (
            Decimal(total)
            if total
            else sum(
                ((line.quantity * line.unit_price).quantize(Decimal("0.01")) for line in lines),
                Decimal(0),
            )
        )
        payments = tuple(
            PaymentDraft(id=uuid7(), method=method, amount=Decimal(amount))
            for method, amount in (pays or (("cash", str(due)),))
        )
        draft = SaleDraft(
            session_id=self.drawer,
            opened_at=now,
            closed_at=now,
            lines=lines,
            payments=payments,
            total=due,
        )
        with self.house.unit(self.tenant, writes=False) as session:
            till = till_facts(session, self.till)
        return Ticket(id=key or uuid7(), draft=draft, till=till, seller=self.seller)

    def sell(self, ticket: Ticket) -> Answer:
        """Complete the sale."""
        with self.house.session(self.tenant) as session:
            return complete_sale(session, self.registry, ticket)


def open_shop(house: House, registry: AddonRegistry, tenant: TenantRef) -> Shop:
    """Set up products, a till and an open drawer for one business."""
    seller = Seller(house.cashier, "Yuliana", may_discount=True)
    with house.unit(tenant) as session:
        place = session.scalars(select(Establishment)).one()
        set_profile(session, valid_from=date(2020, 1, 1), responsibilities=[RESPONSIBLE_FOR_IVA])
        products = {
            code: create_product(
                session,
                ProductDraft(code=code, name=name, price=Decimal(price), tax_class=kind, unit=unit),
            ).id
            for code, (name, price, kind, unit) in PRODUCTS.items()
        }
        arrivals = [
            Arrival(products[code], Decimal(100), Decimal(cost)) for code, cost in COSTS.items()
        ]
        warehouse = session.scalars(select(Location).where(Location.kind == "warehouse")).one()
        open_stock(session, warehouse.id, arrivals, reference="INICIAL")
        till = create_till(session, place, code="C1", name="Caja 1", prefix="R")
    with house.unit(tenant) as session:
        drawer = open_drawer(
            session, till.id, key=uuid7(), seller=seller, float_amount=Decimal(100000)
        )
    return Shop(house, registry, tenant, place.id, till.id, drawer.id, seller, products)

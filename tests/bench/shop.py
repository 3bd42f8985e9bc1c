"""A business ready to sell: products on the shelf, tills with open drawers, its own numbers.

What it sells and how often is fixed, so that two runs write the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from random import Random
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import select

from addons.catalog.services import ProductDraft, create_product
from addons.inventory.models import Location
from addons.inventory.services import Arrival, open_stock
from addons.l10n_co_dian.certificates import SigningIdentity
from addons.l10n_co_dian.demo import SIMULATOR, DemoRange, Registration, configure_demo
from addons.pos.drafts import SaleDraft
from addons.pos.facts import till_facts
from addons.pos.flows import complete_sale
from addons.pos.pricing import Seller, Ticket
from addons.pos.services import create_till, open_drawer
from addons.taxes.services import RESPONSIBLE_FOR_IVA, set_profile
from core.addons.activation import enable
from core.auth.passwords import Passwords
from core.auth.roles import grant_role, seed_roles
from core.auth.users import NewUser, create_user, join_business
from core.db.plan import Answer
from core.db.uow import platform_unit, tenant_unit
from core.ids import uuid7
from core.tenancy import Establishment, TenantRef, TenantSession
from core.tenancy.services import NewBusiness, create_business
from tests.bench.place import Place

EMAIL: Final = "cajera@bench.example"
PASSWORD: Final = "caja uno a las seis"
NIT: Final = "901234567"
PRODUCTS: Final = 60
LINES: Final = 5
_STOCK: Final = Decimal(50_000_000)
_CLASSES: Final = ("iva_19", "iva_5", "exempt", "excluded", "iva_19")
_LONG_AGO: Final = date(2020, 1, 1)
_BUSINESS: Final = NewBusiness(
    name="Minimercado de Prueba",
    legal_name="Minimercado de Prueba S.A.S.",
    identification=NIT,
    check_digit="7",
    email="facturas@bench.example",
    is_demo=True,
    address="Carrera 7 # 19-28",
    municipality="66001",
    activity="4711",
)


@dataclass(frozen=True, slots=True)
class TillOf:
    """One till with its open drawer."""

    id: UUID
    drawer: UUID


@dataclass(frozen=True, slots=True)
class Shop:
    """One business of the place, ready to sell."""

    place: Place
    tenant: TenantRef
    enabled: frozenset[str]
    seller: Seller
    tills: tuple[TillOf, ...]
    products: tuple[tuple[UUID, Decimal], ...]
    authority: Registration

    def basket(self, random: Random) -> list[tuple[UUID, Decimal, Decimal]]:
        """Choose five different products: (id, quantity, price)."""
        chosen = random.sample(self.products, LINES)
        return [(key, Decimal(random.randint(1, 3)), price) for key, price in chosen]

    def document(self, till: TillOf, basket: Sequence[tuple[UUID, Decimal, Decimal]]) -> Any:
        """Write a sale as a till sends it; ids are fresh."""
        now = self.place.installation.clock.now().isoformat()
        total = str(sum((quantity * price for _, quantity, price in basket), Decimal(0)))
        return {
            "kind": "sale",
            "session_id": str(till.drawer),
            "opened_at": now,
            "closed_at": now,
            "lines": [
                {
                    "id": str(uuid7()),
                    "product_id": str(key),
                    "quantity": str(quantity),
                    "unit_price": str(price),
                }
                for key, quantity, price in basket
            ],
            "payments": [{"id": str(uuid7()), "method": "cash", "amount": total}],
            "total": total,
        }

    def request(self, till: TillOf, random: Random) -> bytes:
        """Write one request of the till with one sale."""
        body = self.document(till, self.basket(random))
        seal = sha256(orjson.dumps(body)).hexdigest()
        item = {"uuid": str(uuid7()), "seq": 1, "sha256": seal, "doc": body}
        return orjson.dumps({"register": str(till.id), "items": [item]})

    def ticket(self, till: TillOf, basket: Sequence[tuple[UUID, Decimal, Decimal]]) -> Ticket:
        """Give a parsed sale, as the flow takes it."""
        draft = SaleDraft.model_validate(self.document(till, basket))
        with self.session() as session:
            facts = till_facts(session, till.id)
        return Ticket(id=uuid7(), draft=draft, till=facts, seller=self.seller)

    def session(self, epoch: int | None = None) -> TenantSession:
        """Open a session that the caller ends; a request knows the epoch beforehand."""
        place = self.place.installation
        return TenantSession(
            place.database,
            tenant=self.tenant,
            clock=place.clock,
            enabled=self.enabled,
            user_id=self.seller.id,
            writes=True,
            epoch=epoch,
        )

    def epoch(self) -> int:
        """Tell the epoch of the business's masters."""
        with self.session() as session:
            return session.epoch

    def sell(self, ticket: Ticket, epoch: int) -> Answer:
        """Complete a sale as a request does."""
        with self.session(epoch) as session:
            return complete_sale(session, self.place.installation.registry, ticket)


def open_shop(place: Place, **how: Any) -> Shop:
    """Make a shop as ``make_shop`` does, and tell the planner what is there."""
    shop = make_shop(place, **how)
    place.analyse()
    return shop


def make_shop(
    place: Place,
    *,
    tills: int = 4,
    products: int = PRODUCTS,
    service_url: str = SIMULATOR,
    email: str = EMAIL,
    identity: SigningIdentity | None = None,
) -> Shop:
    """Make a business with every addon, its products, tills and cashier, ready to sell.

    ``identity`` is the signing certificate that it brings; without one it gets a practice one.
    """
    here = place.installation
    tenant = create_business(here.database, here.clock, _BUSINESS)
    user = cashier(place, tenant, email)
    with tenant_unit(here.database, tenant, here.clock, writes=True, user_id=user) as session:
        _switch_on(place, session)
        grant_role(session, user, "owner")
        stocked = _stock(session, products)
        where = session.scalars(select(Establishment)).one()
        made = [
            create_till(session, where, code=f"C{n}", name=f"Caja {n}", prefix=f"R{n}-")
            for n in range(1, tills + 1)
        ]
        ranges = [DemoRange(where.id, f"P{n}", till.id) for n, till in enumerate(made, start=1)]
        authority = configure_demo(
            session, ranges=ranges, service_url=service_url, identity=identity
        )
        enabled = session.enabled
    seller = Seller(user, "Yuliana Ospina", may_discount=True)
    with tenant_unit(
        here.database, tenant, here.clock, writes=True, enabled=enabled, user_id=user
    ) as session:
        opened = tuple(TillOf(till.id, _drawer(session, till.id, seller)) for till in made)
    return Shop(place, tenant, enabled, seller, opened, stocked, authority)


def _drawer(session: TenantSession, till: UUID, seller: Seller) -> UUID:
    return open_drawer(session, till, key=uuid7(), seller=seller, float_amount=Decimal(0)).id


@cache
def _passwords() -> Passwords:
    # A process makes it once, and that takes as long as a password.
    return Passwords()


def cashier(place: Place, tenant: TenantRef, email: str = EMAIL) -> UUID:
    """Make somebody who works there and can log in with ``PASSWORD``."""
    here = place.installation
    hashed = _passwords().hashed(PASSWORD)
    with platform_unit(here.database, here.clock, writes=True) as session:
        user = create_user(session, NewUser(email, "Yuliana Ospina", hashed)).id
        join_business(session, user, tenant)
    return user


def _switch_on(place: Place, session: TenantSession) -> None:
    registry = place.installation.registry
    seed_roles(session, [])
    for addon in registry.running:
        enable(session, registry, addon)
    seed_roles(session, [one for _, one in registry.everywhere.register_permissions()])


def _stock(session: TenantSession, products: int) -> tuple[tuple[UUID, Decimal], ...]:
    set_profile(session, valid_from=_LONG_AGO, responsibilities=[RESPONSIBLE_FOR_IVA])
    made = [
        create_product(
            session,
            ProductDraft(
                code=f"A{n:03}",
                name=f"Artículo de estante {n}",
                price=Decimal(1000 + 350 * n),
                tax_class=_CLASSES[n % len(_CLASSES)],
            ),
        )
        for n in range(products)
    ]
    warehouse = session.scalars(select(Location).where(Location.kind == "warehouse")).one()
    arrivals = [Arrival(row.id, _STOCK, row.price * Decimal("0.6")) for row in made]
    open_stock(session, warehouse.id, arrivals, reference="INICIAL")
    return tuple((row.id, row.price) for row in made)

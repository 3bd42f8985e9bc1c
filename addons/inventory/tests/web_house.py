"""The web application over two businesses that keep stock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from addons.catalog.services import ProductDraft, create_product
from addons.inventory.models import Location
from addons.inventory.services import Arrival, receive_stock
from core.clock import StoppedClock
from core.tenancy import TenantRef
from core.testing.addons import all_addons, house_with_addons
from core.testing.databases import TestDatabases
from core.testing.web import Site, open_site

D = Decimal
ADDONS = ("taxes", "catalog", "ledger", "inventory")


@contextmanager
def stock_site(databases: TestDatabases, clock: StoppedClock, folder: Path) -> Iterator[Site]:
    """Open the application with inventory switched on in both businesses."""
    with house_with_addons(databases, clock) as house:
        opened = open_site(house, folder, all_addons())
        for tenant in (house.bakery, house.pharmacy):
            opened.enable(tenant, *ADDONS)
        yield opened


def product(site: Site, tenant: TenantRef, code: str, name: str) -> UUID:
    with site.house.unit(tenant) as session:
        made = create_product(session, ProductDraft(code=code, name=name, price=D(5000)))
        warehouse = session.scalars(select(Location).where(Location.kind == "warehouse")).one()
        arrival = Arrival(made.id, D(8), D("1250.5"))
        receive_stock(session, warehouse.id, [arrival], reference="FC-1")
        return made.id

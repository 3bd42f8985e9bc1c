"""What is on the shelves of the demonstration shops on their first day."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from addons.catalog.services import Product, demo_costs
from addons.inventory.models import Location
from addons.inventory.services import Arrival, open_stock
from core.addons.parts import DemoPlace

#: One product in this many is nearly out, so that lists of what to order are not empty.
_SCARCE = 17


def full_shelves(place: DemoPlace) -> None:
    """Stock every establishment with every product, at what it cost."""
    costs = demo_costs()
    products = place.session.scalars(select(Product).order_by(Product.code)).all()
    warehouses = place.session.scalars(select(Location).where(Location.kind == "warehouse"))
    for warehouse in warehouses.all():
        arrivals = [
            Arrival(product.id, _quantity(at, weighed=product.weighable), costs[product.name])
            for at, product in enumerate(products)
            if product.name in costs and product.stocked
        ]
        open_stock(place.session, warehouse.id, arrivals, reference="INVENTARIO INICIAL")


def _quantity(at: int, *, weighed: bool) -> Decimal:
    if at % _SCARCE == 0:
        return Decimal("2.5") if weighed else Decimal(3)
    return Decimal("42.350") if weighed else Decimal(24 + at * 7 % 160)

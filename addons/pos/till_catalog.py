"""The products a till sells from, page by page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from addons.catalog.services import Product
from addons.pos.pricing import product_taxes
from addons.pos.receipt import figure

if TYPE_CHECKING:
    from addons.pos.facts import TillFacts
    from core.addons.hooks import EnabledHooks
    from core.tenancy import TenantSession

#: Products of one page of the till's catalogue: pages this size are written to the browser's
#: store in milliseconds, single rows of 100,000 products took seven seconds.
PAGE: Final = 2000

_NO_STOCK: Final[Mapping[str, Any]] = {"stock": None, "blocks": False}

#: Gives the address of a static file.
Address = Callable[[str], str]


def catalog_page(
    session: TenantSession,
    hooks: EnabledHooks,
    till: TillFacts,
    after: UUID | None,
    address: Address,
) -> dict[str, Any]:
    """Give the next page of products, in the order of their ids."""
    query = (
        select(Product)
        .where(Product.archived_at.is_(None))
        .options(selectinload(Product.barcodes), selectinload(Product.unit))
        .order_by(Product.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        query = query.where(Product.id > after)
    found = session.scalars(query).all()
    shown = found[:PAGE]
    stock = _stock(session, hooks, till, [product.id for product in shown])
    today = session.clock.now().astimezone(ZoneInfo(till.zone)).date()
    return {
        "products": [
            {
                **_product(product),
                "taxes": _taxes(session, product.tax_class, today),
                "picture": _picture(product.picture, address),
                **stock.get(product.id, _NO_STOCK),
            }
            for product in shown
        ],
        "next": str(shown[-1].id) if len(found) > PAGE else None,
    }


def stock_now(
    session: TenantSession, hooks: EnabledHooks, till: TillFacts, product_id: UUID
) -> Mapping[str, Any]:
    """Give ``stock`` and ``blocks`` of one product as they are now.

    A product that keeps no stock, or that this business has not, is None and never blocked.
    """
    return _stock(session, hooks, till, [product_id]).get(product_id, _NO_STOCK)


def _stock(
    session: TenantSession, hooks: EnabledHooks, till: TillFacts, product_ids: Sequence[UUID]
) -> Mapping[UUID, Mapping[str, Any]]:
    levels = hooks.stock_levels(
        session=session, establishment_id=till.establishment_id, product_ids=product_ids
    )
    return {
        level.product_id: {"stock": figure(level.available), "blocks": level.blocks}
        for level in levels
    }


def _product(product: Product) -> dict[str, Any]:
    return {
        "id": str(product.id),
        "name": product.name,
        "code": product.code,
        "barcodes": [row.code for row in product.barcodes],
        "packs": {row.code: figure(row.quantity) for row in product.barcodes if row.quantity != 1},
        "category_id": product.category_id and str(product.category_id),
        "price": figure(product.price),
        "price_includes_tax": product.price_includes_tax,
        "unit": product.unit.code,
        "decimals": product.unit.decimals,
        "weighable": product.weighable,
        "plu": product.plu,
    }


def _taxes(session: TenantSession, tax_class: str, today: date) -> list[dict[str, str]]:
    return [
        {
            "code": rule.code,
            "treatment": rule.treatment,
            "kind": rule.kind,
            "rate": format(rule.rate, "f"),
        }
        for rule in product_taxes(session, tax_class, today)
    ]


def _picture(picture: str, address: Address) -> str | None:
    """Give where the pictogram of that name is: the wide cut that tiles show."""
    return address(f"img/products/{picture}-w.svg") if picture else None

"""What the rest of the platform may ask of the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from addons.catalog.demo_products import DEMO_PRODUCTS
from addons.catalog.editing import PRODUCTS, index_product
from addons.catalog.errors import UnknownProductError
from addons.catalog.models import Barcode, Category, Product, Unit
from addons.catalog.rules import Layout, ScannedCode, gtin, read_code
from addons.taxes.services import TAX_CLASSES
from core.audit.services import record
from core.errors import BadInputError
from core.i18n import _
from core.search.services import matching
from core.tenancy.cache import cached

if TYPE_CHECKING:
    from core.tenancy import TenantSession

__all__ = [
    "RESOURCE",
    "Barcode",
    "Category",
    "Layout",
    "Product",
    "ProductDraft",
    "ProductFacts",
    "ProductLabel",
    "ScannedCode",
    "Unit",
    "create_category",
    "create_product",
    "create_usual_units",
    "demo_costs",
    "product_by_barcode",
    "product_labels",
    "products_for_sale",
    "read_code",
    "stocked_products",
]

#: Name of products in the search words.
RESOURCE = PRODUCTS

_USUAL_UNITS = (("un", "Unidad", 0, "94"), ("kg", "Kilogramo", 3, "KGM"), ("l", "Litro", 3, "LTR"))


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What a sale needs to know of a product; frozen, cached by (business, epoch)."""

    id: UUID
    code: str
    barcode: str
    name: str
    unit: str
    unit_decimals: int
    unit_unece: str
    price: Decimal
    price_includes_tax: bool
    tax_class: str
    stocked: bool
    weighable: bool


@dataclass(frozen=True, slots=True)
class ProductLabel:
    """What a list says of a product, archived or not."""

    id: UUID
    code: str
    name: str
    unit: str
    unit_decimals: int
    stocked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDraft:
    """A product as somebody describes it; ``price`` is for one unit, in pesos."""

    code: str
    name: str
    price: Decimal
    unit: str = "un"
    category_id: UUID | None = None
    price_includes_tax: bool = True
    tax_class: str = "iva_19"
    weighable: bool = False
    plu: str | None = None
    stocked: bool = True
    picture: str = ""
    #: (barcode, units that one scan adds).
    barcodes: tuple[tuple[str, Decimal], ...] = ()


def create_usual_units(session: TenantSession) -> None:
    """Add unit, kilogram and litre where they are missing."""
    known = set(session.scalars(select(Unit.code)))
    session.add_all(
        Unit(code=code, name=name, decimals=decimals, unece=unece)
        for code, name, decimals, unece in _USUAL_UNITS
        if code not in known
    )
    session.flush()


def create_category(
    session: TenantSession, name: str, *, icon: str = "package", position: int = 0
) -> Category:
    """Add a category."""
    category = Category(name=name, icon=icon, position=position)
    session.add(category)
    session.flush()
    return category


def create_product(session: TenantSession, draft: ProductDraft) -> Product:
    """Add a product with its barcodes; a wrong check digit or a negative price is refused."""
    _check(draft)
    unit = session.scalars(select(Unit).where(Unit.code == draft.unit)).first()
    if unit is None:
        raise BadInputError(
            _("There is no unit {unit}. Choose one of the list.", unit=draft.unit),
            fields={"unit": draft.unit},
        )
    product = Product(
        code=draft.code,
        name=draft.name,
        category_id=draft.category_id,
        unit_id=unit.id,
        price=draft.price,
        price_includes_tax=draft.price_includes_tax,
        tax_class=draft.tax_class,
        weighable=draft.weighable,
        plu=draft.plu,
        stocked=draft.stocked,
        picture=draft.picture,
    )
    product.barcodes = [
        Barcode(code=gtin(code), quantity=quantity) for code, quantity in draft.barcodes
    ]
    session.add(product)
    session.flush()
    index_product(session, product)
    record(session, "catalog.product.create", "catalog.product", product.id, code=draft.code)
    return product


def products_for_sale(session: TenantSession, ids: Collection[UUID]) -> Mapping[UUID, ProductFacts]:
    """Give the facts of products by id, from the cache where the epoch is still the same.

    Raises ``UnknownProductError`` naming the first id that is not for sale.
    """
    known: dict[UUID, ProductFacts] = cached(session, "catalog.products", dict)
    missing = [key for key in ids if key not in known]
    if missing:
        query = (
            select(Product)
            .where(Product.id.in_(missing), Product.archived_at.is_(None))
            .options(selectinload(Product.barcodes), selectinload(Product.unit))
        )
        known |= {product.id: _facts(product) for product in session.scalars(query)}
    for key in ids:
        if key not in known:
            raise UnknownProductError(
                _("A product of this sale is not for sale any more. Remove it and try again."),
                product_id=str(key),
            )
    return known


def product_labels(session: TenantSession, ids: Collection[UUID]) -> Mapping[UUID, ProductLabel]:
    """Give what lists say of products, archived ones too; an id that nobody has is left out."""
    query = (
        select(Product.id, Product.code, Product.name, Unit.code, Unit.decimals, Product.stocked)
        .join(Unit, (Unit.id == Product.unit_id) & (Unit.tenant_id == Product.tenant_id))
        .where(Product.id.in_(ids))
    )
    return {row[0]: ProductLabel(*row) for row in session.execute(query)}


def stocked_products(
    session: TenantSession, *, text: str = "", after: tuple[str, UUID] | None = None, limit: int
) -> Sequence[ProductLabel]:
    """Give stocked products by name, those with every word of ``text``, from the key ``after``.

    The key is (name, id) of the last product already seen.
    """
    query = (
        select(Product.id, Product.code, Product.name, Unit.code, Unit.decimals, Product.stocked)
        .join(Unit, (Unit.id == Product.unit_id) & (Unit.tenant_id == Product.tenant_id))
        .where(Product.stocked.is_(True), matching(RESOURCE, Product.id, text))
        .order_by(Product.name, Product.id)
        .limit(limit)
    )
    if after is not None:
        name, key = after
        query = query.where((Product.name > name) | ((Product.name == name) & (Product.id > key)))
    return [ProductLabel(*row) for row in session.execute(query)]


def product_by_barcode(session: TenantSession, code: str) -> tuple[Product, Decimal] | None:
    """Give the product that a barcode, code or PLU names, and how many one scan adds."""
    scanned = (
        select(Product, Barcode.quantity)
        .join(
            Barcode, (Barcode.product_id == Product.id) & (Barcode.tenant_id == Product.tenant_id)
        )
        .where(Barcode.code == code)
    )
    found = session.execute(scanned).first()
    if found is not None:
        return found[0], found[1]
    for column in (Product.code, Product.plu):
        product = session.scalars(
            select(Product).where(column == code, Product.archived_at.is_(None))
        ).first()
        if product is not None:
            return product, Decimal(1)
    return None


def _check(draft: ProductDraft) -> None:
    wrong: dict[str, object] = {}
    if draft.price < 0:
        wrong["price"] = _("A price cannot be below zero.")
    if draft.tax_class not in TAX_CLASSES:
        wrong["tax_class"] = _("Choose a tax class of the list.")
    if not draft.name.strip():
        wrong["name"] = _("Write a name.")
    if not draft.code.strip():
        wrong["code"] = _("Write a code.")
    if wrong:
        raise BadInputError(_("The product was not saved. Correct what is marked."), fields=wrong)


def _facts(product: Product) -> ProductFacts:
    barcodes = sorted(barcode.code for barcode in product.barcodes if barcode.quantity == 1)
    return ProductFacts(
        id=product.id,
        code=product.code,
        barcode=barcodes[0] if barcodes else "",
        name=product.name,
        unit=product.unit.code,
        unit_decimals=product.unit.decimals,
        unit_unece=product.unit.unece,
        price=product.price,
        price_includes_tax=product.price_includes_tax,
        tax_class=product.tax_class,
        stocked=product.stocked,
        weighable=product.weighable,
    )


def demo_costs() -> Mapping[str, Decimal]:
    """Give what each product of the demonstration cost, by name: for whoever stocks it."""
    return {product.name: product.cost for product in DEMO_PRODUCTS}

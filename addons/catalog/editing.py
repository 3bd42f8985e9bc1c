"""Writes what a form or a program says of products, categories and units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from addons.catalog.commands import BarcodeIn, CategoryIn, ProductIn, UnitIn
from addons.catalog.models import Barcode, Category, Product, Unit
from addons.catalog.rules import gtin
from core.errors import BadInputError
from core.i18n import _
from core.resources import keep_lines
from core.search.services import index_record

if TYPE_CHECKING:
    from core.tenancy import TenantSession

#: Names in the search words.
PRODUCTS = "catalog.products"


def add_product(session: TenantSession, command: ProductIn) -> Product:
    """Add a product with its barcodes."""
    product = Product()
    _fill(session, product, command)
    session.add(product)
    session.flush()
    index_product(session, product)
    return product


def change_product(session: TenantSession, product: Product, command: ProductIn) -> Product:
    """Make a product what the command says; sales that were made keep what they said."""
    _fill(session, product, command)
    session.flush()
    index_product(session, product)
    return product


def index_product(session: TenantSession, product: Product) -> None:
    """Let a product be found by name, code, scale code and barcode."""
    codes = (barcode.code for barcode in product.barcodes)
    texts = (product.name, product.code, product.plu or "", *codes)
    index_record(session, PRODUCTS, product.id, texts)


def is_weighed(values: Mapping[str, Any]) -> bool:
    """Tell whether a product is sold by weight: only then it has a scale code."""
    return bool(values.get("weighable"))


def add_category(session: TenantSession, command: CategoryIn) -> Category:
    """Add a category."""
    category = Category(**dict(command))
    session.add(category)
    session.flush()
    return category


def change_category(session: TenantSession, category: Category, command: CategoryIn) -> Category:
    """Change a category; one cannot be inside of itself, over however many steps."""
    above = command.parent_id
    while above is not None:
        if above == category.id:
            text = _("A category cannot be inside of itself.")
            raise BadInputError(text, fields={"parent_id": text})
        above = session.scalars(select(Category.parent_id).where(Category.id == above)).first()
    _set(category, dict(command))
    return category


def add_unit(session: TenantSession, command: UnitIn) -> Unit:
    """Add a unit of measure."""
    unit = Unit(**dict(command))
    session.add(unit)
    session.flush()
    return unit


def change_unit(_session: TenantSession, unit: Unit, command: UnitIn) -> Unit:
    """Change a unit of measure."""
    _set(unit, dict(command))
    return unit


def _fill(session: TenantSession, product: Product, command: ProductIn) -> None:
    codes = _codes(command.barcodes)
    _refuse_taken(session, product, codes)
    keep_lines(
        session,
        product.barcodes,
        command.barcodes,
        make=Barcode,
        fill=_fill_barcode,
        field="barcodes",
    )
    fields = dict(command)
    del fields["barcodes"]
    _set(product, {**fields, "plu": command.plu or None})


def _fill_barcode(row: Barcode, line: BarcodeIn) -> None:
    row.code, row.quantity = gtin(line.code), line.quantity


def _codes(lines: Sequence[BarcodeIn]) -> list[str]:
    """Give the codes as they are kept; a wrong check digit, or one twice, is said at its line."""
    found: list[str] = []
    for place, line in enumerate(lines):
        here = f"barcodes.{place}.code"
        try:
            code = gtin(line.code)
        except BadInputError as error:
            raise BadInputError(error.message, fields={here: error.message}) from error
        if code in found:
            text = _("Write each barcode once.")
            raise BadInputError(text, fields={here: text})
        found.append(code)
    return found


def _refuse_taken(session: TenantSession, product: Product, codes: Sequence[str]) -> None:
    query = (
        select(Barcode.code, Product.name)
        .join(
            Product, (Product.id == Barcode.product_id) & (Product.tenant_id == Barcode.tenant_id)
        )
        .where(Barcode.code.in_(codes), Product.id != product.id)
    )
    if (taken := session.execute(query).first()) is not None:
        text = _("{code} is a barcode of {name}.", code=taken[0], name=taken[1])
        place = f"barcodes.{codes.index(taken[0])}.code"
        raise BadInputError(text, fields={place: text})


def _set(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)

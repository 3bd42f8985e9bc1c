"""The screens and the API of the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from addons.catalog import permissions
from addons.catalog.commands import TAX_NAMES
from addons.catalog.editing import (
    PRODUCTS as WORDS,
)
from addons.catalog.editing import (
    add_category,
    add_product,
    add_unit,
    change_category,
    change_product,
    change_unit,
    is_weighed,
)
from addons.catalog.models import Category, Product, Unit
from core.i18n import _
from core.resources import Belongs, Choice, Column, Related, Resource, Rule, Section
from core.resources.naming import names_of
from core.search.services import WordSearch
from core.tenancy import TenantSession

YES_NO: Final = {"true": _("Yes"), "false": _("No")}


def category_names(session: TenantSession, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Give the names of categories by id."""
    return names_of(session, Category.id, Category.name, ids)


def unit_names(session: TenantSession, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Give how people write units, by id."""
    return names_of(session, Unit.id, Unit.code, ids)


def code_of(product: Product) -> str:
    """Give the second line under a product's name."""
    return product.code


PRODUCTS: Final = Resource(
    name="catalog.products",
    model=Product,
    title=_("Products"),
    singular=_("Product"),
    icon="package",
    columns=(
        Column(Product.name, _("Name"), "title", sort=True, priority=1, note=code_of),
        Column(Product.code, _("Code"), "code", sort=True),
        Column(Product.category_id, _("Category"), names=category_names),
        Column(Product.unit_id, _("Unit"), names=unit_names),
        Column(Product.price, _("Price"), "money", sort=True, priority=2, strong=True),
        Column(Product.tax_class, _("Tax"), options=TAX_NAMES, priority=3),
        Column(Product.stocked, _("Has stock"), "yes_no"),
    ),
    order_by=Product.name,
    search=WordSearch(WORDS, Product.id),
    search_hint=_("Name, code or barcode"),
    filters=(
        Choice(Product.tax_class, _("Tax"), TAX_NAMES, icon="receipt-tax"),
        Choice(Product.weighable, _("Sold by weight"), YES_NO, icon="scale"),
        Belongs(Product.category_id, _("Category"), icon="tag"),
    ),
    form=(
        Section("", ("code", "name", "category_id", "unit_id")),
        Section(_("Price"), ("price", "tax_class", "price_includes_tax")),
        Section(_("Codes and stock"), ("weighable", "plu", "stocked")),
        Section(_("Barcodes"), ("barcodes",)),
    ),
    create=add_product,
    update=change_product,
    rules=(Rule("visible", ("plu",), is_weighed),),
    bulk_edit=("category_id", "tax_class", "price_includes_tax", "stocked"),
    read_permission=permissions.READ,
    write_permission=permissions.WRITE,
    create_label=_("New product"),
    empty=_("No products yet"),
    empty_text=_("Create the first one: the till sells it at once."),
)

CATEGORIES: Final = Resource(
    name="catalog.categories",
    model=Category,
    title=_("Categories"),
    singular=_("Category"),
    icon="tag",
    columns=(
        Column(Category.name, _("Name"), "title", sort=True, priority=1),
        Column(Category.parent_id, _("Inside of"), names=category_names, priority=2),
        Column(Category.position, _("Position"), "count", priority=3),
    ),
    order_by=Category.name,
    form=(Section("", ("name", "parent_id", "position")),),
    related=(Related("catalog.products", "category_id"),),
    create=add_category,
    update=change_category,
    read_permission=permissions.READ,
    write_permission=permissions.WRITE,
    create_label=_("New category"),
    empty=_("No categories yet"),
    empty_text=_("They group products at the till and in reports."),
)

UNITS: Final = Resource(
    name="catalog.units",
    model=Unit,
    title=_("Units"),
    singular=_("Unit"),
    icon="ruler",
    columns=(
        Column(Unit.name, _("Name"), "title", sort=True, priority=1),
        Column(Unit.code, _("Code"), "code", sort=True, priority=2),
        Column(Unit.decimals, _("Decimals"), "count", priority=3),
        Column(Unit.unece, _("UNECE code"), "code"),
    ),
    order_by=Unit.name,
    form=(Section("", ("name", "code", "decimals", "unece")),),
    create=add_unit,
    update=change_unit,
    read_permission=permissions.READ,
    write_permission=permissions.WRITE,
    create_label=_("New unit"),
    empty=_("No units yet"),
)

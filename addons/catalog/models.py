"""What a business sells: products, their categories and their barcodes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.db import (
    Archivable,
    Quantity,
    UnitPrice,
    Versioned,
    addon_registry,
    many_to_one,
    one_to_many,
    tenant_foreign_key,
)
from core.tenancy import TenantBound


class Base(DeclarativeBase):
    """Root of the tables of the catalogue."""

    registry = addon_registry()


class Unit(TenantBound, Archivable, Versioned, Base):
    """A unit of measure and how many decimals its quantities have."""

    __tablename__ = "catalog_unit"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        Index(None, "tenant_id", "name", "id"),
        Index(None, "tenant_id", "code", "id"),
        CheckConstraint("decimals BETWEEN 0 AND 6", name="decimals_fit"),
    )

    #: As people write it: un, kg, l.
    code: Mapped[str]
    name: Mapped[str]
    decimals: Mapped[int] = mapped_column(default=0)
    #: Code of UNECE Recommendation 20 that legal documents print: 94 unit, KGM, LTR.
    unece: Mapped[str] = mapped_column(default="94")


class Category(TenantBound, Archivable, Versioned, Base):
    """A family of products, as the till and the reports group them."""

    __tablename__ = "catalog_category"
    __table_args__ = (
        UniqueConstraint("tenant_id", "name"),
        Index(None, "tenant_id", "name", "id"),
        tenant_foreign_key("parent_id", "catalog_category"),
        CheckConstraint(
            "costing IN ('average', 'fifo', 'standard', 'specific')", name="known_costing"
        ),
    )

    name: Mapped[str]
    icon: Mapped[str] = mapped_column(default="package")
    position: Mapped[int] = mapped_column(default=0)
    parent_id: Mapped[UUID | None]
    costing: Mapped[str] = mapped_column(default="average")


class Product(TenantBound, Archivable, Versioned, Base):
    """Something sold: goods, weighed produce or a service."""

    __tablename__ = "catalog_product"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        UniqueConstraint("tenant_id", "plu"),
        tenant_foreign_key("category_id", "catalog_category"),
        tenant_foreign_key("unit_id", "catalog_unit"),
        Index(None, "tenant_id", "category_id"),
        #: The orders of the list.
        Index(None, "tenant_id", "name", "id"),
        Index(None, "tenant_id", "code", "id"),
        Index(None, "tenant_id", "price", "id"),
        CheckConstraint("price >= 0", name="price_not_negative"),
    )

    #: The business's own code.
    code: Mapped[str]
    name: Mapped[str]
    category_id: Mapped[UUID | None]
    unit_id: Mapped[UUID]
    #: Shelf price; with ``price_includes_tax`` it is what the customer pays for one unit.
    price: Mapped[UnitPrice]
    price_includes_tax: Mapped[bool] = mapped_column(default=True)
    #: A class of the addon taxes: iva_19, iva_5, exempt, excluded, inc_8, bag.
    tax_class: Mapped[str] = mapped_column(default="iva_19")
    weighable: Mapped[bool] = mapped_column(default=False)
    #: Short number typed or printed by scales; only of weighed products.
    plu: Mapped[str | None]
    #: False for services: nothing leaves the stock.
    stocked: Mapped[bool] = mapped_column(default=True)
    #: Name of a pictogram, or the SHA-256 of a photo.
    picture: Mapped[str] = mapped_column(default="")

    category: Mapped[Category | None] = many_to_one(lambda: Product.category_id, lambda: Category)
    unit: Mapped[Unit] = many_to_one(lambda: Product.unit_id, lambda: Unit)
    barcodes: Mapped[list[Barcode]] = one_to_many(
        lambda: Barcode.product_id, lambda: Product, back_populates="product", owned=True
    )


class Barcode(TenantBound, Base):
    """One of the barcodes of a product; a pack's barcode counts for several."""

    __tablename__ = "catalog_barcode"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        tenant_foreign_key("product_id", "catalog_product", ondelete="CASCADE"),
        Index(None, "tenant_id", "product_id"),
    )

    product_id: Mapped[UUID]
    code: Mapped[str]
    #: How many units one scan adds.
    quantity: Mapped[Quantity]

    product: Mapped[Product] = many_to_one(
        lambda: Barcode.product_id, lambda: Product, back_populates="barcodes"
    )

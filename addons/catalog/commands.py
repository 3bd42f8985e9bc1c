"""What somebody may write of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from addons.catalog.models import Category, Unit
from addons.taxes.services import TaxClass
from core.i18n import LazyText, _
from core.resources import Command, Exact, Input, Line, Reference

#: The words of the tax classes, as a form offers them.
TAX_NAMES: Final[Mapping[str, LazyText]] = {
    "iva_19": _("IVA 19 %"),
    "iva_5": _("IVA 5 %"),
    "exempt": _("Exempt"),
    "excluded": _("Excluded"),
    "inc_8": _("INC 8 %"),
    "bag": _("Plastic bag"),
}


class UnitIn(Command):
    """A unit of measure."""

    code: Annotated[
        str,
        Field(min_length=1, max_length=10),
        Input(_("Code"), hint=_("As people write it: un, kg, l.")),
    ]
    name: Annotated[str, Field(min_length=1, max_length=60), Input(_("Name"))]
    decimals: Annotated[
        int,
        Field(ge=0, le=6),
        Input(_("Decimals"), hint=_("How many its quantities have; 0 for whole pieces.")),
    ] = 0
    unece: Annotated[
        str,
        Field(pattern=r"^[0-9A-Z]{2,3}$"),
        Input(_("UNECE code"), "code", hint=_("As electronic documents print it: 94, KGM, LTR.")),
    ] = "94"


class CategoryIn(Command):
    """A family of products."""

    name: Annotated[str, Field(min_length=1, max_length=80), Input(_("Name"))]
    parent_id: Annotated[
        UUID | None,
        Input(_("Inside of"), reference=Reference(Category, Category.name, "catalog.categories")),
    ] = None
    position: Annotated[
        int, Field(ge=0, le=9999), Input(_("Position"), hint=_("At the till, from 0 on."))
    ] = 0


class BarcodeIn(Line):
    """A barcode of a product; that of a pack counts for several units."""

    code: Annotated[str, Field(max_length=40, pattern=r"^[0-9 -]+$"), Input(_("Barcode"), "code")]
    quantity: Annotated[
        Exact, Field(gt=0, max_digits=12, decimal_places=3), Input(_("Units in it"))
    ] = Decimal(1)


class ProductIn(Command):
    """A product; ``price`` is for one unit, in pesos."""

    code: Annotated[str, Field(min_length=1, max_length=40), Input(_("Code"), "code")]
    name: Annotated[str, Field(min_length=1, max_length=200), Input(_("Name"))]
    category_id: Annotated[
        UUID | None,
        Input(_("Category"), reference=Reference(Category, Category.name, "catalog.categories")),
    ] = None
    unit_id: Annotated[
        UUID, Input(_("Unit"), reference=Reference(Unit, Unit.name, "catalog.units"))
    ]
    price: Annotated[
        Exact, Field(ge=0, max_digits=18, decimal_places=6), Input(_("Price"), "money")
    ]
    tax_class: Annotated[TaxClass, Input(_("Tax"), options=TAX_NAMES)] = "iva_19"
    price_includes_tax: Annotated[bool, Input(_("The price includes the tax"))] = True
    barcodes: Annotated[
        list[BarcodeIn], Field(max_length=20, default_factory=list), Input(_("Barcodes"))
    ]
    weighable: Annotated[bool, Input(_("Sold by weight"))] = False
    plu: Annotated[
        str | None,
        Field(pattern=r"^([0-9]{1,6})?$"),
        Input(_("Scale code (PLU)"), "code", hint=_("Only of what is sold by weight.")),
    ] = None
    stocked: Annotated[bool, Input(_("Has stock"), hint=_("Off for services."))] = True

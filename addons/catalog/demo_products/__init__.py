"""Three hundred groceries of a Colombian minimarket, to try everything on; no real brand or maker.

Prices and costs are plausible for 2026, not anybody's. Tax classes follow the Estatuto Tributario
as of 2026:

- excluded (art. 424): fresh fruit, vegetables and tubers, dry pulses, maize for people, bread and
  maize arepas, panela, salt, honey, plain water and ice, artisan sweets of milk or guava, pencils,
  gauze, condoms, household insecticides;
- exempt (art. 477): fresh or frozen meat, poultry and fish, milk and cream of any kind, unripened
  cheese, eggs, rice for people (it left art. 424 with Ley 2010 of 2019), medicines, sanitary pads;
- 5 % (art. 468-1): ground and soluble coffee, sugar, table chocolate, pasta, flours, oats and
  quinoa, salchichón, butifarra and mortadela, bakery of cassava or achira, spirits and wine;
- 19 % (art. 468): the rest; yogurt, ripened cheese, butter, edible oil and tinned tuna among them.

The accountant of each business has the last word: a class is a field of the product, not a law.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from addons.catalog.demo_products import drinks, fresh, household, pantry

Unit = Literal["un", "kg"]


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """One product, as a shopkeeper would write it.

    ``barcode`` is an EAN-13 (None where it is weighed), ``plu`` the short code of the scale (None
    where it is not); ``price`` is the shelf price in whole pesos, IVA included, per ``unit``;
    ``cost`` is without IVA; ``picture`` names a pictogram of the till, or is None.
    """

    name: str
    category: str
    unit: Unit
    tax_class: str
    price: Decimal
    cost: Decimal
    barcode: str | None
    plu: str | None
    picture: str | None

    @property
    def weighable(self) -> bool:
        """Tell whether it is sold by weight."""
        return self.plu is not None


def _products() -> Iterator[DemoProduct]:
    for family in (fresh, pantry, drinks, household):
        for category, rows in family.ROWS.items():
            for row in rows.split("\n"):
                if row:
                    yield _product(category, row)


def _product(category: str, row: str) -> DemoProduct:
    code, name, unit, tax_class, price, cost, picture = (cell.strip() for cell in row.split("|"))
    weighed = unit == "kg"
    return DemoProduct(
        name=name,
        category=category,
        unit="kg" if weighed else "un",
        tax_class=tax_class,
        price=Decimal(price),
        cost=Decimal(cost),
        barcode=None if weighed else code,
        plu=code if weighed else None,
        picture=None if picture == "-" else picture,
    )


DEMO_PRODUCTS: Final = tuple(_products())

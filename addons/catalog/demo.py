"""What the demonstration shops sell."""

from __future__ import annotations

from decimal import Decimal
from typing import Final
from uuid import UUID

from addons.catalog.demo_products import DEMO_PRODUCTS
from addons.catalog.rules import complete_gtin
from addons.catalog.services import ProductDraft, create_category, create_product
from core.addons.parts import DemoPlace

#: Icons of the till's category strip, by the beginning of the category's name.
_ICONS: Final = {
    "Frecuentes": "star",
    "Panadería": "bread",
    "Lácteos": "milk",
    "Granos": "bowl",
    "Fruver": "carrot",
    "Bebidas": "bottle",
    "Aseo": "wash",
}

#: name, price in whole pesos.
_HARDWARE: Final = (
    ("Martillo de uña 16 oz", 28900),
    ("Destornillador de estrella", 9500),
    ("Alicate universal 8″", 24500),
    ("Metro 5 m", 14900),
    ("Cinta aislante negra", 4200),
    ("Bombillo LED 9 W", 6800),
    ("Tomacorriente doble", 8900),
    ("Interruptor sencillo", 6500),
    ("Cable dúplex × m", 3200),
    ("Puntilla 2″ × libra", 5600),
    ("Tornillo drywall × 100", 12500),
    ("Chazo plástico × 50", 7200),
    ("Llave de paso ½″", 18900),
    ("Codo PVC ½″", 1200),
    ("Tubo PVC ½″ × 3 m", 11800),
    ("Soldadura PVC ¼", 21500),
    ("Brocha 2″", 7400),
    ("Rodillo con felpa", 15800),
    ("Vinilo blanco 1 gal", 48900),
    ("Lija de agua 220", 2100),
)


def groceries(place: DemoPlace) -> None:
    """Add three hundred groceries in their categories."""
    categories: dict[str, UUID] = {}
    for number, product in enumerate(DEMO_PRODUCTS, start=1):
        if product.category not in categories:
            categories[product.category] = create_category(
                place.session,
                product.category,
                icon=_ICONS.get(product.category, "package"),
                position=len(categories),
            ).id
        create_product(
            place.session,
            ProductDraft(
                code=f"P{number:04d}",
                name=product.name,
                price=product.price,
                unit=product.unit,
                category_id=categories[product.category],
                tax_class=product.tax_class,
                weighable=product.weighable,
                plu=product.plu,
                picture=product.picture or "",
                barcodes=((product.barcode, Decimal(1)),) if product.barcode else (),
            ),
        )


def hardware(place: DemoPlace) -> None:
    """Add what a hardware store sells every day."""
    category = create_category(place.session, "Ferretería", icon="tool")
    for number, (name, price) in enumerate(_HARDWARE, start=1):
        create_product(
            place.session,
            ProductDraft(
                code=f"F{number:03d}",
                name=name,
                price=Decimal(price),
                category_id=category.id,
                barcodes=((complete_gtin(f"770902{number:06d}"), Decimal(1)),),
            ),
        )

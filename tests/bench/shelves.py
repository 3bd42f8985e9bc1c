"""A business with 100,000 products: names of many brands, codes, barcodes, search words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from addons.catalog.editing import PRODUCTS
from addons.catalog.models import Barcode, Product, Unit
from addons.catalog.rules import complete_gtin
from core.db.hot_rows import binder
from core.db.plan import table_of
from core.ids import uuid7
from core.search.folding import words
from core.search.models import SearchWord
from tests.bench.bulk import pouring
from tests.bench.shop import Shop

_KINDS: Final = (
    *("Arroz", "Leche", "Café", "Jabón", "Galletas", "Atún", "Aceite", "Azúcar", "Sal", "Panela"),
    *("Harina", "Avena", "Yogur", "Queso", "Jamón", "Salchicha", "Gaseosa", "Jugo", "Agua", "Vino"),
    *("Cerveza", "Detergente", "Blanqueador", "Esponja", "Papel", "Servilletas", "Toallas", "Miel"),
    *("Pañales", "Champú", "Crema", "Cepillo", "Desodorante", "Lenteja", "Fríjol", "Garbanzo"),
    *("Maíz", "Pasta", "Salsa", "Mayonesa", "Mostaza", "Vinagre", "Sopa", "Caldo", "Chocolate"),
    *("Té", "Cereal", "Granola", "Mermelada", "Bocadillo"),
)
_TRAITS: Final = (
    *("entera", "descremada", "deslactosada", "integral", "blanco", "moreno", "molido", "soluble"),
    *("líquido", "familiar", "clásica", "light", "premium", "tradicional", "casera", "natural"),
    *("artesanal", "orgánica", "ahumada", "picante", "dulce", "suave"),
)
_SIZES: Final = ("125 g", "250 g", "500 g", "1 kg", "1,5 l", "2 l", "330 ml", "x 6", "x 12")
_SYLLABLES: Final = (
    *("ba", "co", "di", "fe", "gu", "ja", "la", "me", "ni", "po"),
    *("ra", "so", "ta", "ve", "zu", "chi", "que", "lla", "bra", "tri"),
)
#: Every fourth name has it.
COMMON: Final = "paquete"
#: One name has it.
RARE: Final = "zarzaparrilla"


def fill_shelves(shop: Shop, count: int, *, seed: int) -> tuple[list[UUID], list[str]]:
    """Add ``count`` products to the business; gives their ids and their barcodes."""
    with shop.session() as session:
        unit = session.scalars(select(Unit.id).where(Unit.code == "un")).one()
    made = list(_products(count, unit, Random(seed)))
    dialect = shop.place.installation.database.engine.dialect
    stamp = {"tenant_id": shop.tenant.id}
    rows: dict[Any, Iterator[dict[str, Any]]] = {
        Product: (product for product, _ in made),
        Barcode: (barcode for _, barcode in made),
        SearchWord: (word for pair in made for word in _words(*pair)),
    }
    with pouring(shop.place) as pourer:
        for model, values in rows.items():
            table = table_of(model)
            bound = binder(table, dialect)
            pourer.pour(table, (bound.row(one, stamp) for one in values))
    return [product["id"] for product, _ in made], [barcode["code"] for _, barcode in made]


def _products(
    count: int, unit: UUID, random: Random
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    stems = ["".join(random.choices(_SYLLABLES, k=3)) for _ in range(8000)]
    for n in range(count):
        kind, trait = random.choice(_KINDS), random.choice(_TRAITS)
        brand, size = random.choice(stems), random.choice(_SIZES)
        special = RARE if n == count // 2 else COMMON if n % 4 == 0 else ""
        product = {
            "id": uuid7(),
            "code": f"B{n:06}",
            "name": " ".join(f"{kind} {trait} {brand.title()} {special} {size}".split()),
            "unit_id": unit,
            "price": Decimal(500 + random.randrange(900) * 50),
            "tax_class": random.choice(("iva_19", "iva_5", "exempt", "excluded")),
        }
        barcode = {
            "id": uuid7(),
            "product_id": product["id"],
            "code": complete_gtin(f"770{n:09}"),
            "quantity": Decimal(1),
        }
        yield product, barcode


def _words(product: dict[str, Any], barcode: dict[str, Any]) -> Iterator[dict[str, Any]]:
    texts = (product["name"], product["code"], barcode["code"])
    for word in dict.fromkeys(word for text in texts for word in words(text)):
        yield {
            "id": uuid7(),
            "resource": PRODUCTS,
            "word": word,
            "record_id": product["id"],
        }

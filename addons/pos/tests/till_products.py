"""The shelf of the shop that the till's browser tests sell from."""

from __future__ import annotations

from typing import Any, Final

EXCLUDED: Final = [{"code": "01", "treatment": "excluded", "kind": "percent", "rate": "0"}]
EXEMPT: Final = [{"code": "01", "treatment": "exempt", "kind": "percent", "rate": "0"}]
FIVE: Final = [{"code": "01", "treatment": "taxed", "kind": "percent", "rate": "5"}]
NINETEEN: Final = [{"code": "01", "treatment": "taxed", "kind": "percent", "rate": "19"}]

CATEGORIES: Final = [
    ("pan", "Panadería", "bread"), ("lac", "Lácteos", "milk"), ("gra", "Granos", "bowl"),
    ("fru", "Fruver", "carrot"), ("beb", "Bebidas", "bottle"), ("ase", "Aseo", "wash"),
]  # fmt: skip

SHELF: Final = [
    ("pan", "Pan tajado 450 g", "7702001045013", "7900", EXCLUDED, "36", "pan"),
    ("lac", "Leche entera 1 l", "7702004001207", "4600", EXEMPT, "41", "leche"),
    ("gra", "Arroz blanco 1 kg", "7702003100452", "4900", EXCLUDED, "184", "arroz"),
    ("gra", "Panela cuadrada 500 g", "7709102200317", "3200", EXCLUDED, "120", "panela"),
    ("fru", "Aguacate hass", "124", "9800", EXCLUDED, "42.350", "aguacate"),
    ("beb", "Gaseosa cola 1,5 l", "7702090011556", "5200", NINETEEN, "96", "gaseosa"),
    ("lac", "Huevos AA cubeta × 30", "7707331000216", "19900", EXEMPT, "0", "huevos"),
    ("gra", "Aceite de girasol 1 l", "7702141112223", "12900", NINETEEN, "27", "aceite"),
    ("gra", "Café molido 500 g", "7702032114509", "22900", FIVE, "4", "cafe"),
    ("lac", "Queso campesino 500 g", "7705241300098", "13400", EXEMPT, "18", "queso"),
    ("fru", "Banano criollo", "131", "2900", EXCLUDED, "65.2", "banano"),
    ("fru", "Papa pastusa lavada", "140", "3400", EXCLUDED, "110", "papa"),
    ("fru", "Tomate chonto", "152", "4200", EXCLUDED, "38.4", "tomate"),
    ("gra", "Fríjol cargamanto 500 g", "7702512200118", "7600", EXCLUDED, "44", "frijol"),
    ("ase", "Jabón en barra 300 g", "7702310022115", "3100", NINETEEN, "75", "jabon"),
    ("ase", "Papel higiénico doble hoja × 4", "7702026148231", "8900", NINETEEN, "52", "papel"),
    ("ase", "Escoba de fibra", "7702026148999", "11500", NINETEEN, "9", None),
    ("beb", "Agua sin gas 600 ml", "7702090050005", "2200", EXCLUDED, None, None),
]  # fmt: skip


def _product(place: int, row: tuple[Any, ...]) -> dict[str, Any]:
    category, name, code, price, taxes, stock, picture = row
    weighable = category == "fru"
    return {
        "id": f"p{place + 1}",
        "name": name,
        "code": f"A{place + 1:03}",
        "barcodes": [] if weighable else [code],
        "category_id": category,
        "price": price,
        "price_includes_tax": True,
        "unit": "kg" if weighable else "un",
        "decimals": 3 if weighable else 0,
        "weighable": weighable,
        "plu": code if weighable else None,
        "taxes": taxes,
        "picture": f"/static/img/products/{picture}-w.svg" if picture else None,
        "stock": stock,
        "blocks": stock is not None,
    }


PRODUCTS: Final = [_product(place, row) for place, row in enumerate(SHELF)]

DOCUMENT_TITLE: Final = (
    "Documento equivalente electrónico tiquete de máquina registradora con sistema P.O.S."
)

BOOTSTRAP: Final[dict[str, Any]] = {
    "establishment": {
        "id": "e1",
        "name": "La Esperanza, Centro",
        "address": "Cra. 7 # 12-48, Centro",
        "zone": "America/Bogota",
    },
    "business": {
        "name": "Tienda La Esperanza",
        "identification": "NIT 52.418.903-1",
        "address": "Cra. 7 # 12-48",
        "city": "Ibagué",
        "phone": "608 261 4477",
        "tax_note": "Responsable de IVA",
        "is_demo": False,
    },
    "cashier": {"id": "u1", "name": "Yuliana Pérez"},
    "methods": [
        {"code": "cash", "title": "Efectivo", "asks": []},
        {"code": "card", "title": "Tarjeta", "asks": ["reference"]},
        {"code": "transfer", "title": "Nequi o Bre-B", "asks": ["reference"]},
    ],
    "categories": [{"id": id_, "name": name, "icon": icon} for id_, name, icon in CATEGORIES],
    "document": {
        "title": DOCUMENT_TITLE,
        "mode": "normal",
        "range": {
            "resolution": "18764071234567",
            "prefix": "POSE",
            "from": "1",
            "to": "5000",
            "valid_until": "02/03/2028",
        },
        "software": {"maker": "Guadua SAS, NIT 901.555.210-8", "name": "Guadua 1.0"},
    },
    "now": "2026-11-21T15:42:00Z",
    "catalog_version": "v1",
}


def page(after: str | None) -> dict[str, Any]:
    """Give the catalogue in pages of ten."""
    start = int(after or 0)
    rest = start + 10
    return {"products": PRODUCTS[start:rest], "next": str(rest) if rest < len(PRODUCTS) else None}


def customers(asked: str) -> list[dict[str, str]]:
    """Find the one customer of this shop."""
    known = {"id": "c1", "name": "Rosalba Núñez", "identification": "CC 28.912.345"}
    return [known] if asked.lower() in "rosalba núñez 28912345" else []

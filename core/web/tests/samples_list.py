"""Products of the sample business as a list: full, empty, and without results."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from core.web.pages.listing import (
    Amount,
    Badge,
    BulkAction,
    ColumnView,
    EmptyState,
    FilterView,
    Listing,
    Option,
    Pages,
    Row,
    SavedView,
    Title,
)

ACTIVE: Final = Badge("Activo", "ok", "circle-check")
LOW: Final = Badge("Bajo el mínimo", "warn", "alert-triangle")
OUT: Final = Badge("Agotado", "bad", "x")
WEIGHED: Final = Badge("Por peso", "info", "scale")

_GOODS: Final = (
    ("pan", "Pan tajado 450 g", "Panadería del día", "Panadería", 5900, 7900, 36, ACTIVE),
    ("leche", "Leche entera 1 l × 6", "Lote con vencimiento", "Lácteos", 22100, 26400, 9, LOW),
    ("arroz", "Arroz blanco 1 kg", "Bolsa", "Abarrotes", 3980, 4900, 184, ACTIVE),
    ("panela", "Panela cuadrada 500 g", "De Villeta", "Abarrotes", 2450, 3200, 120, ACTIVE),
    ("aguacate", "Aguacate hass", "Código de báscula 2100124", "Frutas", 6700, 9800, 42, WEIGHED),
    ("gaseosa", "Gaseosa cola 1,5 l", "No retornable", "Bebidas", 3420, 5200, 96, ACTIVE),
    ("huevos", "Huevos AA × 30", "Cubeta", "Lácteos", 16300, 19900, 0, OUT),
    ("cafe", "Café molido 500 g", "Origen Tolima", "Abarrotes", 16900, 22900, 4, LOW),
    ("queso", "Queso campesino 500 g", "Refrigerado", "Lácteos", 10100, 13400, 18, ACTIVE),
    ("banano", "Banano criollo", "Código de báscula 2100131", "Frutas", 1900, 2900, 65, WEIGHED),
    ("jabon", "Jabón en barra 300 g", "Ropa", "Aseo", 1980, 3100, 75, ACTIVE),
    ("papel", "Papel higiénico × 4", "Doble hoja", "Aseo", 5600, 8900, 52, ACTIVE),
)


def _row(place: int, good: tuple[str, str, str, str, int, int, int, Badge]) -> Row:
    picture, name, note, category, cost, price, stock, state = good
    unit = "kg" if state is WEIGHED else "un"
    return Row(
        str(place),
        {
            "name": Title(name, f"/productos/{place}", note, f"/static/img/products/{picture}.svg"),
            "code": f"77020010450{place:02d}",
            "category": category,
            "cost": Decimal(cost),
            "price": Amount(Decimal(price), "kg" if unit == "kg" else ""),
            "margin": None if place == 3 else Decimal(price - cost) / Decimal(price).quantize(1),
            "stock": Amount(Decimal(stock), unit, 3 if unit == "kg" else None),
            "state": state,
        },
    )


COLUMNS: Final = (
    ColumnView("name", "Producto", "title", 1, "?sort=-name", "ascending"),
    ColumnView("code", "Código", "code"),
    ColumnView("category", "Categoría"),
    ColumnView("cost", "Costo", "money", sort_url="?sort=cost"),
    ColumnView("price", "Precio", "money", 2, "?sort=price", strong=True),
    ColumnView("stock", "Existencia", "quantity", sort_url="?sort=stock"),
    ColumnView("state", "Estado", "badge", 3),
)

PRODUCTS: Final = Listing(
    title="Productos",
    list_url="/productos",
    columns=COLUMNS,
    empty=EmptyState(
        "Aún no hay productos", "Cree el primero o traiga su lista de Excel.", "package"
    ),
    rows=tuple(_row(place, good) for place, good in enumerate(_GOODS, 1)),
    pages=Pages(1, 12, 1000, True, "?count=exact", None, "?after=x"),
    search_hint="Nombre, código o barras",
    kept=(("view", "todos"),),
    filters=(
        FilterView(
            "warehouse",
            "Bodega",
            icon="building-warehouse",
            options=(
                Option("", "Todas"),
                Option("1", "Principal", True),
                Option("2", "La 14"),
            ),
            shown="Principal",
            clear_url="/productos",
        ),
        FilterView("category", "Categoría", icon="tag", options=(Option("", "Todas", True),)),
        FilterView("created", "Creado", "period", "calendar"),
        FilterView("mine", "Míos", "toggle", "user-circle"),
    ),
    filtered=1,
    views=(
        SavedView("Todos", "/productos", True),
        SavedView("Bajo el mínimo", "?view=low", count=7),
        SavedView("Sin código de barras", "?view=nocode", count=31),
        SavedView("Por peso", "?view=weight"),
        SavedView("Archivados", "?view=archived"),
    ),
    save_view_url="/views/new",
    column_choices=(Option("code", "Código", True), Option("margin", "Margen")),
    sums=(("Existencias al costo", Decimal(18406250)),),
    bulk=(
        BulkAction("Editar", "pencil", "/productos/bulk/edit"),
        BulkAction("Etiquetas", "barcode", "/productos/bulk/labels"),
        BulkAction("Archivar", "archive", "/productos/bulk/archive", "Se archivan."),
    ),
    create_url="/productos/new",
    create_label="Nuevo producto",
    import_url="/productos/import",
    export_url="/productos/export",
)
EMPTY: Final = replace(
    PRODUCTS, rows=(), pages=Pages(), filtered=0, filters=(), views=(), sums=(), export_url=None
)
NO_RESULTS: Final = replace(
    PRODUCTS, rows=(), pages=Pages(), search="pan aliñado", filtered=2, unfiltered=4, sums=()
)

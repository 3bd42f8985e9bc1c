"""An order being written, with an error; a first customer; an invoice that is only read."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from core.web.pages.listing import Amount, Badge, ColumnView, Option, Row, Title
from core.web.pages.record import (
    ActionView,
    ActivityEntry,
    ActivityView,
    Change,
    DocumentView,
    Fact,
    FieldView,
    LineTable,
    LineView,
    Problem,
    RecordForm,
    SectionView,
    Step,
    TabView,
)

_NOON: Final = datetime(2026, 11, 21, 15, 12, tzinfo=UTC)
ACTIVITY: Final = ActivityView(
    entries=(
        ActivityEntry(
            "Yuliana Pérez", "YP", _NOON, changes=(Change("Cantidad de Leche entera", "9", "12"),)
        ),
        ActivityEntry("Marta Rincón", "MR", _NOON, "El Fogón pide entrega antes de las 8."),
        ActivityEntry("Guadua", "G", _NOON, "Cupo revisado: quedan $ 1.180.000"),
        ActivityEntry("Carlos Mora", "CM", _NOON, changes=(Change("Nota", None, "Por la cocina"),)),
    ),
    comment_url="/pedidos/1/comments",
    more_url="/pedidos/1/activity",
    files=2,
    files_url="/pedidos/1/files",
)
_LINE_COLUMNS: Final = (
    ColumnView("product", "Producto", priority=1),
    ColumnView("qty", "Cantidad", "quantity"),
    ColumnView("price", "Precio", "money"),
    ColumnView("tax", "IVA", "percent"),
    ColumnView("total", "Total", "money", strong=True),
)


def _line(
    key: str, name: str, qty: str, price: str, total: Decimal | None, error: str = ""
) -> LineView:
    prefix = f"lines-{key}"
    return LineView(
        key,
        fields={
            "product": FieldView(
                f"{prefix}-product",
                "Producto",
                "lookup",
                value=name and key,
                shown=name,
                lookup_url="/productos/lookup",
                required=True,
            ),
            "qty": FieldView(
                f"{prefix}-qty", "Cantidad", "number", qty, errors=(error,) if error else ()
            ),
            "price": FieldView(f"{prefix}-price", "Precio", "money", price),
        },
        shown={"tax": Decimal(19) if total else None, "total": total},
    )


ORDER: Final = RecordForm(
    title="Pedido PV-1042",
    save_url="/pedidos/1",
    version="4",
    state=Badge("Borrador", "warn", "pencil"),
    path=(
        Step("Borrador", "current"),
        Step("Confirmado"),
        Step("Despachado"),
        Step("Facturado"),
    ),
    actions=(
        ActionView("Confirmar pedido", "/pedidos/1/confirm", "check", primary=True, hotkey="c"),
    ),
    print_url="/pedidos/1/print",
    recompute_url="/pedidos/1/preview",
    problems=(Problem("Leche entera: solo hay 9 en la bodega.", "f-lines-2-qty"),),
    sections=(
        SectionView(
            fields=(
                FieldView(
                    "customer",
                    "Cliente",
                    "lookup",
                    "7",
                    "Restaurante El Fogón S. A. S.",
                    "NIT 901.234.567-4 · Debe $ 320.000 de $ 1.500.000",
                    required=True,
                    lookup_url="/clientes/lookup",
                ),
                FieldView(
                    "place",
                    "Sede y bodega",
                    "select",
                    required=True,
                    options=(Option("1", "Sede Centro · Bodega principal", True),),
                ),
                FieldView("delivery", "Entrega", "date", "2026-11-23"),
                FieldView("terms", "Forma de pago", "select", options=(Option("30", "30 días"),)),
                FieldView(
                    "limit", "Cupo", "money", "1.500.000", hint="Lo que puede quedar a deber"
                ),
                FieldView("discount", "Descuento", "percent", "5"),
            )
        ),
    ),
    tabs=(
        TabView(
            "lines",
            "Líneas",
            (
                SectionView(
                    lines=LineTable(
                        "lines",
                        "Líneas del pedido",
                        _LINE_COLUMNS,
                        (
                            _line("1", "Café molido 500 g", "10", "22.900", Decimal(217550)),
                            _line(
                                "2",
                                "Leche entera 1 l × 6",
                                "12",
                                "26.400",
                                Decimal(316800),
                                "Solo hay 9 en la bodega",
                            ),
                        ),
                        _line("__key__", "", "", "", None),
                    )
                ),
            ),
            2,
        ),
        TabView(
            "notes",
            "Notas",
            (
                SectionView(
                    "Notas",
                    (
                        FieldView("note", "Nota para el cliente", "textarea", "Por la cocina."),
                        FieldView("urgent", "Es urgente", "checkbox", checked=True),
                        FieldView("notify", "Avisar por correo", "switch", hint="Al despachar"),
                        FieldView("seen", "Vista por", "static", shown="Carlos Mora"),
                    ),
                ),
            ),
        ),
    ),
    totals=(
        Fact("Base sin IVA", Decimal("813502.24"), "money2"),
        Fact("IVA 19 %", Decimal("24588.24"), "money2"),
        Fact("Total", Decimal(848450), "money", strong=True),
    ),
    activity=ACTIVITY,
)
NEW: Final = RecordForm(
    title="Nuevo cliente",
    save_url="/clientes",
    cancel_url="/clientes",
    sections=(
        SectionView("Quién es", (FieldView("name", "Nombre", required=True, wide=True),)),
        SectionView(
            "Contacto",
            (
                FieldView("email", "Correo", "email", errors=("Falta la @",), hint="Para facturas"),
                FieldView("phone", "Celular", "tel", autocomplete="tel"),
                FieldView("nit", "NIT", "code", maxlength=12),
                FieldView("origin", "Origen", "hidden", "web"),
            ),
        ),
    ),
)
INVOICE: Final = DocumentView(
    title="Factura FE-204",
    state=Badge("Aceptada", "ok", "circle-check"),
    path=(Step("Borrador", "done"), Step("Enviada", "done"), Step("Aceptada", "current")),
    facts=(
        Fact("Cliente", "Restaurante El Fogón S. A. S.", url="/clientes/7"),
        Fact("Fecha", _NOON, "moment"),
        Fact("Vence", _NOON.date(), "day"),
        Fact("CUFE", "8bb918b19ba22a694f1da11c643b5e9de39adf60311cf179179e9b33381030bc", "code"),
    ),
    columns=(
        ColumnView("product", "Producto", "title", 1),
        ColumnView("qty", "Cantidad", "quantity", 3),
        ColumnView("price", "Precio", "money"),
        ColumnView("total", "Total", "money2", 2, strong=True),
    ),
    lines=(
        Row(
            "1",
            {
                "product": Title("Café molido 500 g", picture="/static/img/products/cafe.svg"),
                "qty": Amount(Decimal("0.750"), "kg", 3),
                "price": Decimal(22900),
                "total": Decimal("217550.00"),
            },
        ),
    ),
    totals=(
        Fact("Base", Decimal("207190.48"), "money2"),
        Fact("Total", Decimal(217550), "money", strong=True),
    ),
    note="Entregar por la puerta de la cocina\nantes de las 8:00 a. m.",
    warnings=("La DIAN la aceptó con una observación sobre la dirección.",),
    actions=(
        ActionView("Enviar otra vez", "/x", "send", unavailable="Ya fue aceptada"),
        ActionView("Nota crédito", "/x", "receipt-refund", confirm="Se anula la factura entera."),
    ),
    activity=ACTIVITY,
    print_url="/facturas/204/print",
)
BARE: Final = DocumentView(title="Ajuste 7", activity=ActivityView())

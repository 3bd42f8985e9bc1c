"""Start page and dashboard of the sample business."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from core.web.pages.chart import BarChart
from core.web.pages.home import Dashboard, Figure, Home, Item, Widget
from core.web.pages.listing import Badge, ColumnView, Row
from core.web.pages.record import ActionView, Fact

PICTURES: Final = "/static/img/products/"

HOME: Final = Home(
    title="Buenos días, Marta",
    note="La Esperanza · 2 sedes · 3 cajas abiertas",
    figures=(
        Figure(
            "Ventas de hoy",
            Decimal(1284650),
            "money",
            "12 % más que el sábado pasado",
            "arrow-up-right",
            "ok",
            "/ventas",
        ),
        Figure("Tiquetes", 96, "count", "8 más; promedio $ 13.382", "arrow-up-right", "ok"),
        Figure("Efectivo esperado", Decimal(842300), "money", "en 3 cajones", "coins"),
        Figure("Documentos DIAN", "96 de 96", "text", "aceptados", "circle-check", "ok"),
    ),
    tasks=(
        Item(
            "7 productos bajo el mínimo",
            "Leche, huevos, café y 4 más",
            "alert-triangle",
            "warn",
            action=ActionView("Pedir", "/pedir", link=True),
        ),
        Item(
            "12 pedidos por facturar",
            "El más antiguo es del jueves 19 nov",
            "file-invoice",
            "info",
            action=ActionView("Facturar", "/facturar", link=True),
        ),
    ),
    actions=(
        ActionView("Ver tablero", "/tablero", "chart-bar", link=True),
        ActionView("Abrir caja", "/pos/", "building-store", primary=True, link=True),
    ),
)

_HOURS: Final = (
    *(f"{hour} a" for hour in range(6, 12)),
    "12 p",
    *(f"{hour} p" for hour in range(1, 8)),
)
_THEN: Final = (70, 180, 290, 350, 310, 420, 460, 330, 280, 300, 380, 440, 390, 210)
_NOW: Final = (85, 195, 312, 398, 295)

BOARD: Final = Dashboard(
    title="Hoy en La Esperanza",
    note="Sábado 21 de noviembre, corte a las 10:42 a. m.",
    figures=(
        Figure(
            "Ventas",
            Decimal(1284650),
            "money",
            "12 % contra el sábado pasado",
            "arrow-up-right",
            "ok",
        ),
        Figure(
            "Margen bruto", Decimal(301900), "money", "23,5 % de la venta", "arrow-up-right", "ok"
        ),
        Figure("Efectivo esperado", Decimal(842300), "money", "3 cajones abiertos", "coins"),
        Figure("Fiado por cobrar", Decimal(486000), "money", "$ 92.000 vencidos", "clock", "warn"),
    ),
    actions=(ActionView("Todas las sedes", "/x", "building-store", link=True),),
    widgets=(
        Widget(
            "Ventas por hora",
            "chart",
            4,
            chart=BarChart(
                "Ventas por hora de hoy y del sábado pasado; hoy va un 12 % arriba.",
                _HOURS,
                tuple(Decimal(each * 1000) for each in _NOW),
                tuple(Decimal(each * 1000) for each in _THEN),
                "Hoy",
                "Sábado pasado",
            ),
        ),
        Widget(
            "DIAN",
            "facts",
            2,
            figure=Figure("Documentos aceptados hoy", "96 de 96"),
            facts=(
                Fact("Por enviar", 0, "count"),
                Fact("Rechazados", 0, "count"),
                Fact("Rango POSE, quedan", 3904, "count"),
            ),
            badge=Badge("Al día", "ok", "circle-check"),
            note="El rango alcanza para unos 15 días. Le avisamos a los 7.",
        ),
        Widget(
            "Efectivo por cajón",
            "table",
            3,
            columns=(
                ColumnView("till", "Caja", strong=True, priority=1),
                ColumnView("who", "Quién"),
                ColumnView("cash", "Esperado", "money", priority=2, strong=True),
            ),
            rows=(
                Row("1", {"till": "Caja 1 · Centro", "who": "Yuliana", "cash": Decimal(412300)}),
                Row("2", {"till": "Caja 2 · Centro", "who": "Brayan", "cash": Decimal(-50)}),
            ),
            note="Último cierre: cuadró, diferencia $ 0",
        ),
        Widget(
            "Bajo el mínimo",
            "items",
            3,
            items=(
                Item(
                    "Leche entera 1 l × 6",
                    "quedan 9, mínimo 24",
                    picture=PICTURES + "leche.svg",
                    badge=Badge("Bajo", "warn", "alert-triangle"),
                ),
                Item(
                    "Huevos AA × 30",
                    "quedan 0, mínimo 20",
                    picture=PICTURES + "huevos.svg",
                    badge=Badge("Agotado", "bad", "x"),
                ),
            ),
            action=ActionView("Pedir todo", "/pedir", "truck-delivery", link=True),
        ),
    ),
)

EMPTY_BOARD: Final = Dashboard(
    title="Hoy en La Esperanza",
    widgets=(Widget("Ventas por hora", "chart", 4), Widget("Bajo el mínimo", "items", 2)),
)

"""Applications of the sample business, and two plans."""

from __future__ import annotations

from typing import Final

from core.web.pages.apps import AppCard, AppPlan, AppsPage, AppState, Obligation, PlanStep
from core.web.pages.listing import SavedView


def _card(  # noqa: PLR0917 - one line per application reads as a table
    title: str,
    category: str,
    icon: str,
    tint: int,
    state: AppState,
    note: str,
    summary: str,
) -> AppCard:
    return AppCard(
        icon, title, summary, category, icon, state, tint, note,
        plan_url="/admin/apps/plan", details_url="/admin/apps/details",
    )  # fmt: skip


POS: Final = _card(
    "Punto de venta", "Ventas", "building-store", 1, "enabled", "Desde el 3 mar 2026",
    "Venda con o sin internet, con lector, báscula y cajón.",
)  # fmt: skip
DIAN: Final = _card(
    "Facturación electrónica DIAN", "Ventas", "rosette-discount-check", 1, "enabled",
    "96 documentos hoy", "Documento POS, factura, notas y recepción con CUFE y CUDE.",
)  # fmt: skip
BOOKS: Final = AppCard(
    "accounting", "Contabilidad", "PUC, NIIF para pymes, balances y libros.", "Dinero",
    "calculator", "disabled", 3, "Trae 8 meses de datos", ("Inventario y costos", "Impuestos"),
    plan_url="/admin/apps/plan",
)  # fmt: skip
APPS: Final = AppsPage(
    cards=(
        POS,
        DIAN,
        AppCard(
            "stock", "Inventario y costos", "Costo promedio, lotes, traslados y conteos.",
            "Inventario", "package", "enabled", 2, "1.248 productos",
            required_by=("Punto de venta", "Compras"), plan_url="/admin/apps/plan",
        ),
        _card("Fiado", "Ventas", "notebook", 2, "draining", "Quedan 2 documentos",
              "Cupo por cliente, abonos y saldo en el tiquete."),
        AppCard(
            "devices", "Dispositivos", "Impresoras, cajones, básculas y visores.", "Inventario",
            "scale", "quarantined", 4,
            quarantine_reason="No se pudo leer su manifiesto: falta la versión.",
        ),
        BOOKS,
        AppCard("payroll", "Nómina electrónica", "Liquidación, PILA y soporte de pago a la DIAN.",
                "Personas", "id-badge-2", "not_installed", 5, requires=("Contabilidad",)),
    ),
    categories=(
        SavedView("Todas", "/admin/apps", True, 14),
        SavedView("Ventas", "/admin/apps?category=sales", False, 4),
        SavedView("Inventario", "/admin/apps?category=stock", False, 3),
        SavedView("Dinero", "/admin/apps?category=money", False, 4),
    ),
    list_url="/admin/apps",
)  # fmt: skip
NONE: Final = AppsPage(cards=(), list_url="/admin/apps", search="nada así")

ENABLE: Final = AppPlan(
    card=BOOKS,
    enabling=True,
    apply_url="/admin/apps/accounting/enable",
    cancel_url="/admin/apps",
    steps=(
        PlanStep("Menú Dinero › Contabilidad", "6 pantallas para 2 personas", "plus", "ok"),
        PlanStep(
            "11.482 movimientos pasan al libro",
            "Del 3 mar al 21 nov 2026; tarda unos 2 minutos, puede seguir vendiendo",
            "arrows-exchange",
            "info",
        ),
        PlanStep(
            "3 permisos nuevos", "Ver libros, registrar ajustes, cerrar el mes", "lock", "info"
        ),
    ),
    doubts=("Quedan 2 retenciones sin cuenta asignada. Puede asignarlas después.",),
)
DISABLE: Final = AppPlan(
    card=DIAN,
    enabling=False,
    apply_url="/admin/apps/dian/disable",
    cancel_url="/admin/apps",
    steps=(PlanStep("4 pantallas desaparecen del menú", icon="minus", kind="warn"),),
    obligations=(
        Obligation("3 documentos por enviar a la DIAN", "el más antiguo, de hoy", "/dian"),
        Obligation("1 evento por entregar"),
    ),
    drain_url="/admin/apps/dian/drain",
)

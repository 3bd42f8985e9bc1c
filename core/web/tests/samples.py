"""A grocer's with a full day behind it, and a business that begins: every page in both states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from core.web.pages.home import ErrorPage, Home, LoginPage, SwitchPage
from core.web.pages.record import Problem
from core.web.pages.shell import (
    Business,
    Crumb,
    Establishment,
    Flash,
    LauncherEntry,
    LauncherGroup,
    NavigationEntry,
    NavigationGroup,
    Shell,
    TenantView,
    Text,
    UserView,
)
from core.web.tests import samples_apps, samples_home, samples_list, samples_record
from core.web.tests.rendering import NONCE

CENTRO: Final = Establishment("1", "Sede Centro")
TENANT: Final = TenantView(
    "0192", "La Esperanza", "LE", True, (CENTRO, Establishment("2", "Sede La 14")), CENTRO
)
BUSINESSES: Final = (
    Business("0192", "La Esperanza", "LE", "/switch/0192", "2 sedes"),
    Business("0193", "Panadería San Roque del Campo Largo", "SR", "/switch/0193", "1 sede"),
)
USER: Final = UserView("Marta Rincón", "MR", "marta@laesperanza.example")


def _entries(*lines: tuple[str, str, int | None]) -> tuple[NavigationEntry, ...]:
    return tuple(
        NavigationEntry(title, f"/{icon}", icon, title == "Productos", count)
        for title, icon, count in lines
    )


NAVIGATION: Final = (
    NavigationGroup("", _entries(("Inicio", "home", None), ("Tablero", "chart-bar", None))),
    NavigationGroup(
        "Vender",
        _entries(
            ("Punto de venta", "building-store", None),
            ("Pedidos", "file-invoice", 12),
            ("Clientes", "users", None),
            ("Documentos DIAN", "rosette-discount-check", None),
        ),
    ),
    NavigationGroup(
        "Inventario",
        _entries(
            ("Productos", "package", None),
            ("Compras", "truck-delivery", 3),
            ("Bodegas", "building-warehouse", None),
        ),
    ),
    NavigationGroup(
        "Dinero",
        _entries(
            ("Cajas y cierres", "coins", None),
            ("Fiado", "notebook", None),
            ("Informes", "chart-line", None),
        ),
    ),
    NavigationGroup(
        "", _entries(("Aplicaciones", "layout-grid", None), ("Ajustes", "settings", None)), True
    ),
)
LAUNCHER: Final = tuple(
    LauncherGroup(
        title, tuple(LauncherEntry(name, note, "/x", icon, tint) for name, note, icon, tint in apps)
    )
    for title, apps in (
        (
            "Para vender",
            (
                ("Punto de venta", "3 cajas abiertas", "building-store", 1),
                ("Pedidos", "12 por facturar", "file-invoice", 3),
                ("Facturación DIAN", "Todo aceptado", "rosette-discount-check", 1),
                ("Fiado", "$ 486.000 por cobrar", "notebook", 2),
            ),
        ),
        (
            "Para surtir",
            (
                ("Productos", "1.248 activos", "package", 2),
                ("Compras", "3 llegan hoy", "truck-delivery", 5),
                ("Bodegas", "7 bajo el mínimo", "building-warehouse", 5),
                ("Dispositivos", "5 conectados", "scale", 4),
            ),
        ),
    )
)


def shell(
    title: Text, language: str = "es", *, rich: bool = True, crumbs: tuple[Crumb, ...] = ()
) -> Shell:
    """Give the frame of a page; a poor one has a person, one business and nothing else."""
    frame = Shell(
        language=language,
        theme="auto",
        nonce=NONCE,
        csrf_token="token",
        page_title=title,
        version="0.1.0",
        tenant=TENANT if rich else replace(TENANT, is_demo=False, establishments=()),
        user=USER,
        businesses=BUSINESSES if rich else BUSINESSES[:1],
        breadcrumb=crumbs,
        navigation=NAVIGATION if rich else NAVIGATION[-1:],
    )
    return replace(frame, launcher=LAUNCHER) if rich else frame


@dataclass(frozen=True, slots=True)
class Sample:
    """One page to draw: its template, the values it is given, and the frame around it."""

    name: str
    template: str
    context: Mapping[str, object]
    title: str
    rich: bool = True
    stranger: bool = False
    flashes: tuple[Flash, ...] = ()
    crumbs: tuple[Crumb, ...] = field(default_factory=tuple)

    def frame(self, language: str) -> Shell:
        """Give the shell of this page in one language."""
        made = shell(self.title, language, rich=self.rich, crumbs=self.crumbs)
        if self.stranger:
            made = replace(made, tenant=None, user=None, navigation=())
        return replace(made, flashes=self.flashes)


_ERRORS: Final = tuple(
    Sample(
        f"error-{status}{'-' + code.split('.')[-1] if code else ''}",
        "error.html",
        {"page": page},
        "Error",
        stranger=True,
    )
    for status, code, page in (
        (400, "", ErrorPage(400, back_url="/productos")),
        (403, "", ErrorPage(403)),
        (404, "", ErrorPage(404, reference="01J-7Q4")),
        (409, "", ErrorPage(409, back_url="/productos")),
        (
            409,
            "tenancy.switched",
            ErrorPage(
                409, "tenancy.switched", other="Panadería San Roque", return_url="/switch/0192"
            ),
        ),
        (422, "", ErrorPage(422, text="Solo hay 9 en la bodega.")),
        (429, "", ErrorPage(429, retry_after=40)),
        (500, "", ErrorPage(500, reference="01J-7Q4")),
        (503, "", ErrorPage(503, retry_after=120)),
    )
)

_ARCHIVED: Final = (Flash("ok", "3 productos archivados", "/undo/1"),)
_PRODUCTS: Final = (Crumb("Inventario", "/inventario"), Crumb("Productos"))
_ORDER: Final = (Crumb("Pedidos", "/pedidos"), Crumb("PV-1042"))

SAMPLES: Final[tuple[Sample, ...]] = (
    Sample(
        "login",
        "login.html",
        {
            "page": LoginPage(
                "/login",
                forgot_url="/forgot",
                passkey_url="/passkey",
                till_url="/pos/",
                privacy_url="/privacy",
                help_url="/docs/",
                next_url="/productos",
            )
        },
        "Entrar",
        stranger=True,
    ),
    Sample(
        "login-demo",
        "login.html",
        {
            "page": LoginPage(
                "/login",
                login="marta@laesperanza.example",
                problems=(Problem("El correo o la contraseña no coinciden."),),
                demo_users=(
                    ("Dueña", "marta@laesperanza.example", "x"),
                    ("Cajera", "yuliana@laesperanza.example", "x"),
                ),
            )
        },
        "Entrar",
        stranger=True,
    ),
    Sample("switch", "switch.html", {"page": SwitchPage("/", "/businesses/new")}, "Negocios"),
    Sample("launcher", "launcher.html", {"home": samples_home.HOME}, "Inicio"),
    Sample(
        "launcher-empty",
        "launcher.html",
        {"home": Home("Buenos días, Marta")},
        "Inicio",
        rich=False,
    ),
    Sample("dashboard", "dashboard.html", {"board": samples_home.BOARD}, "Tablero"),
    Sample(
        "dashboard-empty",
        "dashboard.html",
        {"board": samples_home.EMPTY_BOARD},
        "Tablero",
        rich=False,
    ),
    Sample("apps", "apps.html", {"page": samples_apps.APPS}, "Aplicaciones"),
    Sample("apps-none", "apps.html", {"page": samples_apps.NONE}, "Aplicaciones", rich=False),
    Sample(
        "app-enable", "app_plan_page.html", {"plan": samples_apps.ENABLE}, "Activar Contabilidad"
    ),
    Sample(
        "app-disable", "app_plan_page.html", {"plan": samples_apps.DISABLE}, "Apagar Facturación"
    ),
    Sample(
        "list",
        "list.html",
        {"listing": samples_list.PRODUCTS},
        "Productos",
        flashes=_ARCHIVED,
        crumbs=_PRODUCTS,
    ),
    Sample(
        "list-empty",
        "list.html",
        {"listing": samples_list.EMPTY},
        "Productos",
        rich=False,
        crumbs=_PRODUCTS,
    ),
    Sample("list-none", "list.html", {"listing": samples_list.NO_RESULTS}, "Productos"),
    Sample(
        "form",
        "form.html",
        {"record": samples_record.ORDER},
        "Pedido PV-1042",
        flashes=(Flash("warn", "El certificado de la DIAN vence en 7 días."),),
        crumbs=_ORDER,
    ),
    Sample("form-empty", "form.html", {"record": samples_record.NEW}, "Nuevo cliente", rich=False),
    Sample(
        "document",
        "document.html",
        {"document": samples_record.INVOICE},
        "Factura FE-204",
        crumbs=(Crumb("Facturas", "/facturas"), Crumb("FE-204")),
    ),
    Sample(
        "document-empty", "document.html", {"document": samples_record.BARE}, "Ajuste", rich=False
    ),
    *_ERRORS,
)

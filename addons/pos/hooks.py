"""Everything the point of sale tells the core, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint

from addons.pos import api, permissions, resources, services, settings, views
from addons.pos.demo import demo_tills
from addons.pos.figures import figures
from addons.pos.queries import drawers_that_do_not_add_up, sales_that_do_not_add_up
from core.addons import hookimpl
from core.addons.parts import (
    DemoStep,
    Figure,
    Invariant,
    LauncherItem,
    NavigationItem,
    Permission,
    Setting,
)
from core.i18n import _
from core.resources import Resource
from core.tenancy import TenantSession


@hookimpl
def register_permissions() -> Sequence[Permission]:
    """Keep selling, discounts, prices, drawers and set-up apart."""
    return permissions.ALL


@hookimpl
def register_routes() -> Sequence[Blueprint]:
    """Offer the till and what it speaks with."""
    return (views.pages, api.blueprint)


@hookimpl
def register_resources() -> Sequence[Resource[Any]]:
    """Declare sales, drawer sessions, tills and payment methods."""
    return resources.ALL


@hookimpl
def register_invariants() -> Sequence[Invariant]:
    """Sales and drawers add up."""
    return (
        Invariant("M3", _("Lines, taxes and payments come to the total"), sales_that_do_not_add_up),
        Invariant("M5", _("Every closed drawer adds up"), drawers_that_do_not_add_up),
    )


@hookimpl
def register_settings() -> Sequence[Setting]:
    """Let each establishment say how patient its tills are."""
    return settings.ALL


@hookimpl
def navigation_items() -> Sequence[NavigationItem]:
    """Lead to the till, the sales, the closings and the set-up."""
    sell, read, manage = permissions.SELL, permissions.READ, permissions.MANAGE
    places = (
        (_("Sell"), _("Point of sale"), "/pos/", "building-store", sell, 10),
        (_("Sell"), resources.SALES.title, resources.SALES.path, "receipt", read, 15),
        (_("Money"), resources.SESSIONS.title, resources.SESSIONS.path, "inbox", read, 55),
        (_("Settings"), resources.TILLS.title, resources.TILLS.path, "device-desktop", manage, 70),
        (_("Settings"), resources.METHODS.title, resources.METHODS.path, "credit-card", manage, 72),
    )
    return [
        NavigationItem(group, title, url, icon, permission.name, order=order)
        for group, title, url, icon, permission, order in places
    ]


@hookimpl
def launcher_items() -> Sequence[LauncherItem]:
    """Offer the till and the sales on the start page."""
    return (
        LauncherItem(
            group=_("Sell"),
            title=_("Point of sale"),
            subtitle=_("Open a till and sell"),
            url="/pos/",
            icon="building-store",
            permission=permissions.SELL.name,
            order=10,
        ),
        LauncherItem(
            group=_("Sell"),
            title=resources.SALES.title,
            subtitle=_("Tickets with their payments"),
            url=resources.SALES.path,
            icon="receipt",
            permission=permissions.READ.name,
            order=15,
        ),
        LauncherItem(
            group=_("Money"),
            title=resources.SESSIONS.title,
            subtitle=_("What was counted, and what was missing"),
            url=resources.SESSIONS.path,
            icon="inbox",
            permission=permissions.READ.name,
            tint="blue",
            order=55,
        ),
    )


@hookimpl
def figure_items(session: TenantSession) -> Sequence[Figure]:
    """Offer what was sold today and the cash in drawers."""
    return figures(session)


@hookimpl
def on_enabled(session: TenantSession) -> None:
    """Start with cash, card and transfer."""
    services.create_usual_methods(session)


@hookimpl
def register_demo() -> Sequence[DemoStep]:
    """Fill the demonstration shops."""
    return (
        DemoStep("minimercado", demo_tills),
        DemoStep("ferreteria", demo_tills),
    )

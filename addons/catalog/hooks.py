"""Everything the catalogue tells the core, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from addons.catalog import permissions, services
from addons.catalog.demo import groceries, hardware
from addons.catalog.resources import CATEGORIES, PRODUCTS, UNITS
from core.addons import hookimpl
from core.addons.parts import DemoStep, LauncherItem, NavigationItem, Permission
from core.i18n import _
from core.resources import Resource
from core.tenancy import TenantSession


@hookimpl
def register_permissions() -> Sequence[Permission]:
    """Keep seeing and changing apart."""
    return (permissions.READ, permissions.WRITE)


@hookimpl
def register_resources() -> Sequence[Resource[Any]]:
    """Declare products, categories and units."""
    return (PRODUCTS, CATEGORIES, UNITS)


@hookimpl
def navigation_items() -> Sequence[NavigationItem]:
    """Lead to products and categories, and to the units among the settings."""
    places = ((_("Stock"), PRODUCTS, 20), (_("Stock"), CATEGORIES, 25), (_("Settings"), UNITS, 80))
    return [
        NavigationItem(group, one.title, one.path, one.icon, permissions.READ.name, order=order)
        for group, one, order in places
    ]


@hookimpl
def launcher_items() -> Sequence[LauncherItem]:
    """Offer the products on the start page."""
    return (
        LauncherItem(
            group=_("Stock"),
            title=PRODUCTS.title,
            subtitle=_("Prices, barcodes and taxes"),
            url=PRODUCTS.path,
            icon=PRODUCTS.icon,
            permission=permissions.READ.name,
            tint="amber",
            order=20,
        ),
    )


@hookimpl
def on_enabled(session: TenantSession) -> None:
    """Start with the usual units."""
    services.create_usual_units(session)


@hookimpl
def register_demo() -> Sequence[DemoStep]:
    """Fill the demonstration shops."""
    return (
        DemoStep("minimercado", groceries),
        DemoStep("ferreteria", hardware),
    )

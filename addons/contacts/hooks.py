"""Everything contacts tells the core, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from addons.contacts import permissions
from addons.contacts.demo import customers
from addons.contacts.resources import PARTNERS
from core.addons import hookimpl
from core.addons.parts import DemoStep, LauncherItem, NavigationItem, Permission
from core.i18n import _
from core.resources import Resource


@hookimpl
def register_permissions() -> Sequence[Permission]:
    """Keep seeing and changing apart."""
    return (permissions.READ, permissions.WRITE)


@hookimpl
def register_resources() -> Sequence[Resource[Any]]:
    """Declare the list of partners."""
    return (PARTNERS,)


@hookimpl
def navigation_items() -> Sequence[NavigationItem]:
    """Lead to the partners."""
    return (
        NavigationItem(
            group=_("Sell"),
            title=PARTNERS.title,
            url=PARTNERS.path,
            icon=PARTNERS.icon,
            permission=permissions.READ.name,
            order=30,
        ),
    )


@hookimpl
def launcher_items() -> Sequence[LauncherItem]:
    """Offer the partners on the start page."""
    return (
        LauncherItem(
            group=_("Sell"),
            title=PARTNERS.title,
            subtitle=_("Customers and suppliers"),
            url=PARTNERS.path,
            icon=PARTNERS.icon,
            permission=permissions.READ.name,
            tint="violet",
            order=30,
        ),
    )


@hookimpl
def register_demo() -> Sequence[DemoStep]:
    """Fill the demonstration shops."""
    return (
        DemoStep("minimercado", customers),
        DemoStep("ferreteria", customers),
    )

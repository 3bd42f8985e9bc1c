"""Everything taxes tells the core, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from addons.taxes import permissions
from addons.taxes.demo import not_responsible, responsible
from addons.taxes.resources import PROFILE
from core.addons import hookimpl
from core.addons.parts import DemoStep, NavigationItem, Permission
from core.i18n import _
from core.resources import Resource


@hookimpl
def register_permissions() -> Sequence[Permission]:
    """Keep seeing and changing apart."""
    return (permissions.READ, permissions.WRITE)


@hookimpl
def register_resources() -> Sequence[Resource[Any]]:
    """Declare the tax profile."""
    return (PROFILE,)


@hookimpl
def navigation_items() -> Sequence[NavigationItem]:
    """Lead to the profile among the settings."""
    return (
        NavigationItem(
            group=_("Settings"),
            title=PROFILE.title,
            url=PROFILE.path,
            icon=PROFILE.icon,
            permission=permissions.READ.name,
            order=75,
        ),
    )


@hookimpl
def register_demo() -> Sequence[DemoStep]:
    """Fill the demonstration shops."""
    return (
        DemoStep("minimercado", responsible),
        DemoStep("ferreteria", not_responsible),
    )

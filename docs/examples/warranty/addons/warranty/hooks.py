"""Everything warranty tells the core; nothing else of it talks to the registry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint

from addons.warranty import permissions
from addons.warranty.resources import WARRANTIES
from addons.warranty.views import pages
from core.addons import hookimpl
from core.addons.parts import LauncherItem, NavigationItem, Permission
from core.i18n import _


@hookimpl
def register_permissions() -> Sequence[Permission]:
    """Keep seeing, promising and asking apart."""
    return (permissions.READ, permissions.WRITE, permissions.CONTACT)


@hookimpl
def register_resources() -> Sequence[Any]:
    """Offer the warranties: list, form, export and API."""
    return (WARRANTIES,)


@hookimpl
def register_routes() -> Sequence[Blueprint]:
    """Offer the page of a customer's wishes."""
    return (pages,)


@hookimpl
def navigation_items() -> Sequence[NavigationItem]:
    """Offer one entry of the side menu."""
    title, path = _("Warranties"), WARRANTIES.path
    return (NavigationItem(_("Sell"), title, path, "shield-check", permissions.READ.name),)


@hookimpl
def launcher_items() -> Sequence[LauncherItem]:
    """Offer one application of the start page."""
    title, text, path = _("Warranties"), _("What you promised, and until when"), WARRANTIES.path
    return (LauncherItem(_("Sell"), title, text, path, "shield-check", permissions.READ.name),)

"""Everything the ledger tells the core, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from addons.ledger import permissions
from addons.ledger.queries import entries_without_lines, unbalanced_entries
from addons.ledger.resources import ENTRIES
from core.addons import hookimpl
from core.addons.parts import Invariant, LauncherItem, NavigationItem, Permission
from core.i18n import _
from core.resources import Resource


@hookimpl
def register_permissions() -> Sequence[Permission]:
    """Let accountants read."""
    return (permissions.READ,)


@hookimpl
def register_invariants() -> Sequence[Invariant]:
    """Debits equal credits in every entry."""
    return (
        Invariant("M1", _("Every entry balances"), unbalanced_entries),
        Invariant("M1", _("Every entry has lines"), entries_without_lines),
    )


@hookimpl
def register_resources() -> Sequence[Resource[Any]]:
    """Declare the entries."""
    return (ENTRIES,)


@hookimpl
def navigation_items() -> Sequence[NavigationItem]:
    """Lead to the entries."""
    return (
        NavigationItem(
            group=_("Money"),
            title=ENTRIES.title,
            url=ENTRIES.path,
            icon=ENTRIES.icon,
            permission=permissions.READ.name,
            order=60,
        ),
    )


@hookimpl
def launcher_items() -> Sequence[LauncherItem]:
    """Offer the ledger on the start page."""
    return (
        LauncherItem(
            group=_("Money"),
            title=_("Ledger"),
            subtitle=_("What every sale and payment posted"),
            url=ENTRIES.path,
            icon=ENTRIES.icon,
            permission=permissions.READ.name,
            tint="blue",
            order=60,
        ),
    )

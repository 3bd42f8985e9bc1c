"""Everything reminders tells the core; nothing else of it talks to the registry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint

from addons.reminders import permissions, settings
from addons.reminders.resources import REMINDERS
from addons.reminders.services import DUE, QUEUE, announce_due
from addons.reminders.tasks import MAIL, WEBHOOK, mail, webhook
from addons.reminders.views import pages
from core.addons import hookimpl
from core.addons.parts import Consumer, NavigationItem, Permission, Schedule, Setting
from core.i18n import _


@hookimpl
def register_permissions() -> Sequence[Permission]:
    """Keep seeing, writing and the other system apart."""
    return (permissions.READ, permissions.WRITE, permissions.WEBHOOK)


@hookimpl
def register_settings() -> Sequence[Setting]:
    """Let a business say where reminders go."""
    return settings.ALL


@hookimpl
def register_resources() -> Sequence[Any]:
    """Offer the reminders: list, form, export and API."""
    return (REMINDERS,)


@hookimpl
def register_routes() -> Sequence[Blueprint]:
    """Offer the page of the secret."""
    return (pages,)


@hookimpl
def register_schedules() -> Sequence[Schedule]:
    """Look four times an hour at what falls due."""
    return (Schedule("announce", timedelta(minutes=15), announce_due),)


@hookimpl
def register_consumers() -> Sequence[Consumer]:
    """Send each announcement on both channels; one that fails does not hold the other."""
    return (
        Consumer(DUE, MAIL, mail, queue=QUEUE, own_transactions=True),
        Consumer(DUE, WEBHOOK, webhook, queue=QUEUE, own_transactions=True),
    )


@hookimpl
def navigation_items() -> Sequence[NavigationItem]:
    """Offer the reminders, and the other system to whoever may set it up."""
    group = _("Reminders")
    return (
        NavigationItem(group, _("Reminders"), REMINDERS.path, "bell", permissions.READ.name),
        NavigationItem(
            group, _("Another system"), "/reminders/webhook", "plug", permissions.WEBHOOK.name
        ),
    )

"""The list, the form, the export and the API of reminders, from one declaration."""

from __future__ import annotations

from typing import Final

from addons.reminders import permissions
from addons.reminders.models import Reminder
from addons.reminders.services import KINDS, RESOURCE, add_reminder, change_reminder
from core.i18n import _
from core.resources import Choice, Column, Period, Resource, Section
from core.search.services import matching
from core.web.pages.listing import Badge

KIND_BADGES: Final = {
    "document": Badge(KINDS["document"], "info", "file-text"),
    "payment": Badge(KINDS["payment"], "brand", "cash"),
}

REMINDERS: Final = Resource(
    name=RESOURCE,
    model=Reminder,
    title=_("Reminders"),
    singular=_("Reminder"),
    icon="bell",
    columns=(
        Column(Reminder.title, _("What"), "title", sort=True, priority=1),
        Column(Reminder.due_on, _("Falls due"), "day", sort=True, priority=2),
        Column(Reminder.kind, _("Kind"), "badge", options=KIND_BADGES),
        Column(Reminder.amount, _("Amount"), "money", priority=3),
        Column(Reminder.days_before, _("Days before"), "count"),
        Column(Reminder.email, _("E-mail of whom to remind")),
        Column(Reminder.announced_for, _("Announced for"), "day"),
    ),
    order_by=Reminder.due_on,
    search=lambda text: matching(RESOURCE, Reminder.id, text),
    search_hint=_("Words of what falls due"),
    filters=(Choice(Reminder.kind, _("Kind"), KINDS), Period(Reminder.due_on, _("Falls due"))),
    form=(
        Section("", ("kind", "title", "due_on", "amount")),
        Section(_("How to remind"), ("days_before", "email")),
    ),
    create=add_reminder,
    update=change_reminder,
    read_permission=permissions.READ,
    write_permission=permissions.WRITE,
    create_label=_("New reminder"),
    empty=_("Nothing to be reminded of"),
    empty_text=_("Documents and payments stand here with the day on which they fall due."),
)

"""What happened to a record, out of the audit log."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from core.audit.models import AuditEntry
from core.auth.models import User
from core.db.uow import platform_unit
from core.i18n import LazyText, _
from core.i18n.formats import money
from core.resources.commands import Command, Input, input_of, line_of, part_of
from core.resources.declaration import Resource
from core.resources.naming import names_of
from core.tenancy import TenantSession
from core.web.context import current
from core.web.pages.listing import Badge
from core.web.pages.record import ActivityEntry, ActivityView, Change
from core.web.shell import initials

#: Newest entries that are shown.
SHOWN: Final = 20
_VERBS: Final[Mapping[str, LazyText]] = {
    "create": _("Created it"),
    "update": _("Changed it"),
    "archive": _("Archived it"),
    "restore": _("Restored it"),
}


def history(resource: Resource[Any], session: TenantSession, key: UUID) -> ActivityView:
    """Give who did what to a record, newest first; what the platform did is signed Guadua."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.object_type == resource.object_type, AuditEntry.object_id == key)
        .order_by(AuditEntry.recorded_at.desc(), AuditEntry.id.desc())
        .limit(SHOWN)
    )
    entries = session.scalars(query).all()
    people = _people({one.recorded_by for one in entries if one.recorded_by is not None})
    return ActivityView(tuple(_entry(resource, one, people, session) for one in entries))


def _entry(
    resource: Resource[Any],
    entry: AuditEntry,
    people: Mapping[UUID, str],
    session: TenantSession,
) -> ActivityEntry:
    who = people.get(entry.recorded_by, "") if entry.recorded_by else ""
    fields = resource.command.model_fields if resource.command else {}
    changes = entry.details.get("changes", {})
    return ActivityEntry(
        who=who or "Guadua",
        initials=initials(who or "Guadua"),
        when=entry.recorded_at,
        text=_VERBS.get(entry.action.rpartition(".")[2], entry.action),
        changes=tuple(
            Change(
                about.label,
                _shown(about, old, session, inner),
                _shown(about, new, session, inner),
            )
            for name, (old, new) in changes.items()
            if name in fields
            for about in (input_of(name, fields[name]),)
            for inner in (line_of(fields[name]) or part_of(fields[name]),)
        ),
    )


def _shown_lines(line: type[Command], rows: Any, session: TenantSession) -> object:
    """Write lines one after the other: what was removed or added, or was and is."""
    several = rows if isinstance(rows, list) else [rows]
    written = [
        " · ".join(
            str(text)
            for name, info in line.model_fields.items()
            if name != "id" and name in row
            for text in (_shown(input_of(name, info), row[name], session),)
            if text not in {None, ""}
        )
        for row in several
        if row
    ]
    return "; ".join(written) or None


def _shown(
    about: Input, value: Any, session: TenantSession, inner: type[Command] | None = None
) -> object:
    """Write a value as the form does, not as the log keeps it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list) or inner is not None:
        return ", ".join(map(str, value)) if inner is None else _shown_lines(inner, value, session)
    if about.kind == "money" and value is not None:
        return money(Decimal(value))
    if about.options is not None and value in about.options:
        word = about.options[value]
        return word.text if isinstance(word, Badge) else word
    if about.reference is not None and value:
        row = session.get(about.reference.model, (session.tenant_id, UUID(value)))
        return getattr(row, str(about.reference.label.key), value)
    return value


def _people(ids: Collection[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    platform = current().platform
    with platform_unit(platform.database, platform.clock, writes=False) as session:
        return names_of(session, User.id, User.name, ids)

"""Deeds on many records: those that somebody selected, or all that a list finds.

Every record is changed in a unit of work of its own, through the same door as one alone, so what
is refused of one record does not stop the others; each result is told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qsl
from uuid import UUID

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict

from core.errors import BadInputError, ForbiddenError, PlatformError
from core.i18n import _
from core.resources.acting import action_of
from core.resources.asking import asked_in, here, reach_of
from core.resources.cells import title_of
from core.resources.commands import Command
from core.resources.declaration import Resource, Section
from core.resources.fields import Form, problems
from core.resources.forms import Typed, as_id, said_of, understood
from core.resources.reading import Reach, find, matching_records, not_found
from core.resources.saving import crumbs
from core.resources.writing import Door
from core.web.access import requires
from core.web.context import current
from core.web.pages.bulk import BulkPage, BulkResult
from core.web.pages.record import FieldView
from core.web.pages.shell import Text
from core.web.shell import page

#: Records that one request changes at most.
MOST: Final = 500
#: The deed that every list has whose fields may be changed for many records.
EDIT: Final = "edit"
ARCHIVE: Final = "archive"


@dataclass(frozen=True, slots=True)
class Picked:
    """One record that was chosen, as it was read; without ``version`` as it is now."""

    id: UUID
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record: done, or refused and why."""

    id: UUID
    title: str
    version: int | None = None
    error: PlatformError | None = None


#: Changes one record through the door, in a unit of work of its own.
Change = Callable[[Door[Any], UUID, int | None], Any]


def add_bulk(blueprint: Blueprint, resource: Resource[Any]) -> None:
    """Add the address of deeds on many records."""

    @requires(resource.read_permission.name)
    def many(action: str) -> str:
        return _asked(here(resource), action)

    blueprint.add_url_rule(
        f"{resource.path}/actions/<string:action>", "many", many, methods=["POST"]
    )


def change_many(
    resource: Resource[Any], reach: Reach, picked: Sequence[Picked], change: Change
) -> list[Outcome]:
    """Change records one after the other and tell what became of each."""
    return [_changed(resource, reach, one, change) for one in picked]


def action_change(resource: Resource[Any], name: str) -> tuple[Reach, Change]:
    """Give what an action does to each of many records, for somebody who may do it."""
    write = resource.write_permission
    if name == ARCHIVE and resource.is_archivable and write is not None:
        if not current().can(write.name):
            raise ForbiddenError(_("You may not do this. Ask the owner of the business."))
        return reach_of(resource), lambda door, key, expected: door.archive(key, expected)
    action = action_of(resource, name)
    if not action.bulk:
        raise ForbiddenError(_("This is done to one record at a time."))
    reach = reach_of(resource, resource.permission_of(action))
    return reach, lambda door, key, expected: door.act(action, key, expected)


def edit_change(
    resource: Resource[Any], names: Collection[str], edited: Callable[[Any], Command]
) -> tuple[Reach, Change]:
    """Give what an edit of some fields does to each of many records."""
    write = resource.write_permission
    if write is None or not resource.bulk_edit or not current().can(write.name):
        raise ForbiddenError(_("You may not do this. Ask the owner of the business."))
    if other := set(names) - set(resource.bulk_edit):
        raise BadInputError(
            _("Some values are not right."),
            fields={name: _("This is not expected here.") for name in other},
        )

    def change(door: Door[Any], key: UUID, expected: int | None) -> Any:
        record = find(resource, door.session, door.reach, key)
        return door.update(key, expected, edited(record))

    return reach_of(resource), change


def typed_edit(resource: Resource[Any], said: Mapping[str, str]) -> tuple[Reach, Change]:
    """Give what an edit that was typed does to each of many records."""
    whole = resource.command or Command

    def edited(record: Any) -> Command:
        return understood(whole, {**said_of(whole, resource.values_of(record)), **said})

    return edit_change(resource, said, edited)


def _changed(resource: Resource[Any], reach: Reach, one: Picked, change: Change) -> Outcome:
    context = current()
    title = ""
    try:
        with context.write() as session:
            record = find(resource, session, reach, one.id)
            title = title_of(resource, record)
            saved = change(Door(resource, session, reach), one.id, one.version)
            return Outcome(one.id, title, getattr(saved, "version", None))
    except PlatformError as error:
        return Outcome(one.id, title or str(one.id), None, error)


def _asked(resource: Resource[Any], name: str) -> str:
    """Ask first, then do it and show each result."""
    said = request.form
    picked = _picked(resource, said)
    label, text = _words(resource, name)
    values = {one: said.get(f"set-{one}", "") for one in resource.bulk_edit if f"use-{one}" in said}
    if "confirmed" not in said or (name == EDIT and not values):
        shown = BulkPage(
            title=label,
            back_url=_back(resource, said),
            url=f"{resource.path}/actions/{name}",
            count=len(picked),
            text=text,
            picked=tuple(_written(one) for one in picked),
            query=said.get("query", ""),
            fields=_fields(resource) if name == EDIT else (),
        )
    else:
        reach, change = (
            typed_edit(resource, values) if name == EDIT else action_change(resource, name)
        )
        outcomes = change_many(resource, reach, picked, change)
        done = sum(one.error is None for one in outcomes)
        shown = BulkPage(
            title=label,
            back_url=_back(resource, said),
            results=tuple(_result(resource, one) for one in outcomes),
            count=done,
            refused=len(outcomes) - done,
        )
    return page("bulk.html", label, breadcrumb=crumbs(resource), bulk=shown)


def _words(resource: Resource[Any], name: str) -> tuple[Text, Text]:
    """Give the name of a deed and what is asked before it; refuse one that may not be done."""
    if name == EDIT:
        typed_edit(resource, {})
        return _("Change fields"), _("Only the fields that you mark are changed.")
    action_change(resource, name)
    if name == ARCHIVE:
        return _("Archive"), _("They leave the list and stay in whatever mentions them.")
    action = action_of(resource, name)
    return action.label, action.confirm


def _picked(resource: Resource[Any], said: MultiDict[str, str]) -> list[Picked]:
    """Read which records were chosen: some by id and version, or all that the list finds."""
    if "all" in said:
        asked = asked_in(MultiDict(parse_qsl(said.get("query", ""))))
        query = matching_records(resource, reach_of(resource), asked).order_by(resource.id)
        found = current().read().scalars(query.limit(MOST + 1)).all()
        chosen = [Picked(one.id, getattr(one, "version", None)) for one in found]
    else:
        chosen = [_read(one) for one in said.getlist("ids")]
    if len(chosen) > MOST:
        raise BadInputError(_("These are more than {most}. Narrow the list and repeat.", most=MOST))
    if not chosen:
        raise BadInputError(_("Select at least one row."))
    return chosen


def _read(said: str) -> Picked:
    key, _dot, version = said.partition(".")
    found = as_id(key)
    if found is None:
        raise not_found()
    return Picked(found, int(version) if version.isdecimal() else None)


def _written(one: Picked) -> str:
    return str(one.id) if one.version is None else f"{one.id}.{one.version}"


def _back(resource: Resource[Any], said: MultiDict[str, str]) -> str:
    query = said.get("query", "")
    return f"{resource.path}?{query}" if query else resource.path


def _fields(resource: Resource[Any]) -> tuple[FieldView, ...]:
    """Give the fields that may be set for many, none of them required."""
    form = Form(resource, current().read(), Typed({}))
    (section,) = form.sections((Section("", resource.bulk_edit),))
    return tuple(replace(one, required=False) for one in section.fields)


def _result(resource: Resource[Any], one: Outcome) -> BulkResult:
    if one.error is None:
        return BulkResult(one.title, f"{resource.path}/{one.id}", _("Done."))
    told = [str(one.error.message)]
    if isinstance(one.error, BadInputError) and one.error.fields:
        told = [str(found.text) for found in problems(resource.command or Command, one.error, {})]
    return BulkResult(one.title, f"{resource.path}/{one.id}", " ".join(told), refused=True)

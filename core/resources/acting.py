"""Deeds on one record: their buttons, and their address for people."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, request

from core.api.once import do_once
from core.errors import ForbiddenError, NotFoundError, PlatformError
from core.i18n import _
from core.resources.actions import Action
from core.resources.asking import here, reach_of, version_of
from core.resources.declaration import Resource
from core.resources.keys import form_fingerprint, form_key
from core.resources.reading import find
from core.resources.writing import Door
from core.tenancy import TenantSession
from core.web.access import requires
from core.web.addresses import see_other
from core.web.context import current
from core.web.pages.listing import Badge
from core.web.pages.record import ActionView, Step

#: Who asks is not known, may not, or asks for nothing: told as everywhere else.
_NOT_OF_THE_DEED: Final = frozenset({401, 403, 404})
ARCHIVED = Badge(_("Archived"), "", "archive")


def action_views(resource: Resource[Any], record: Any) -> tuple[ActionView, ...]:
    """Give the buttons of a record: what its state allows and whoever looks may do."""
    if record is None:
        return ()
    path = f"{resource.path}/{record.id}"
    found = [
        ActionView(
            one.label,
            f"{path}/actions/{one.name}",
            icon=one.icon,
            primary=one.primary,
            danger=one.danger,
            hotkey=one.hotkey,
            confirm=one.confirm,
        )
        for one in resource.actions
        if one.is_open(record) and current().can(resource.permission_of(one).name)
    ]
    write = resource.write_permission
    if resource.is_archivable and write is not None and current().can(write.name):
        found.append(
            ActionView(_("Restore"), f"{path}/restore", icon="arrow-back-up")
            if record.archived_at is not None
            else ActionView(_("Archive"), f"{path}/archive", icon="archive")
        )
    return tuple(found)


def action_of(resource: Resource[Any], name: str) -> Action[Any]:
    """Find an action that whoever asks may do; refuse one that is not there or not theirs."""
    found = resource.action(name)
    if found is None:
        raise NotFoundError(_("There is nothing here"))
    if not current().can(resource.permission_of(found).name):
        raise ForbiddenError(_("You may not do this. Ask the owner of the business."))
    return found


def state_badge(resource: Resource[Any], record: Any) -> Badge | None:
    """Give the state of a record as a chip: archived, or what its life says."""
    if getattr(record, "archived_at", None) is not None:
        return ARCHIVED
    if record is None or resource.states is None:
        return None
    word = resource.states.word(resource, str(getattr(record, resource.states.name)))
    return word if isinstance(word, Badge) else Badge(word)


def status_steps(resource: Resource[Any], record: Any) -> tuple[Step, ...]:
    """Give the status bar of a record."""
    if record is None or resource.states is None:
        return ()
    return resource.states.steps(resource, str(getattr(record, resource.states.name)))


def add_actions(blueprint: Blueprint, resource: Resource[Any]) -> None:
    """Add the address of deeds on one record; which there are may depend on the business."""

    @requires(resource.read_permission.name)
    def act(key: UUID, action: str) -> Response:
        return _act(here(resource), key, action)

    blueprint.add_url_rule(
        f"{resource.path}/<uuid:key>/actions/<string:action>", "act", act, methods=["POST"]
    )


def _act(resource: Resource[Any], key: UUID, name: str) -> Response:
    """Do a deed and show the record again; what is refused is said there."""
    context = current()
    # A record that is not there is told before anything else.
    find(resource, context.read(), reach_of(resource), key)
    action = action_of(resource, name)
    back = f"{resource.path}/{key}"
    try:
        version = _done(resource, action, key)
    except PlatformError as error:
        if error.http_status in _NOT_OF_THE_DEED or error.http_status >= 500:
            raise
        context.flash("bad", error.message)
        return see_other(back)
    undo = resource.action(action.inverse)
    offered = undo is not None and context.can(resource.permission_of(undo).name)
    context.flash(
        "ok",
        action.done or _("Done."),
        undo_url=f"{back}/actions/{action.inverse}?version={version}" if offered else "",
    )
    return see_other(back)


def _done(resource: Resource[Any], action: Action[Any], key: UUID) -> int:
    """Do a deed, once where the form brings a key; give the version that the record has then."""
    reach = reach_of(resource, resource.permission_of(action))
    expected = version_of(request.values.get("version", ""))

    def work(session: TenantSession) -> tuple[int, int]:
        record = Door(resource, session, reach).act(action, key, expected)
        return 303, getattr(record, "version", 0)

    once = form_key()
    if once is not None:
        scope = f"{resource.name}.{action.name}"
        return int(do_once(once, form_fingerprint(), scope, work).body)
    with current().write() as session:
        return work(session)[1]

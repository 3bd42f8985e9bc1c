"""A form while somebody works on it: worked out again, made on the fly, counted beside it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
from flask import Blueprint, Response, render_template, request

from core.api.once import do_once
from core.errors import BadInputError
from core.ids import uuid7
from core.resources.asking import here, reach_of
from core.resources.commands import Command, line_of
from core.resources.declaration import Resource, Section
from core.resources.fields import Form, problems
from core.resources.forms import (
    Typed,
    draft,
    kept_keys,
    said_of,
    starting_values,
    typed,
    understood,
    written,
)
from core.resources.keys import form_fingerprint, form_key
from core.resources.reading import CAP, Asked, find, matching_records
from core.resources.related import resource_named
from core.resources.rules import Recomputed
from core.resources.saving import live_form
from core.resources.writing import Door
from core.tenancy import TenantSession
from core.web.access import requires
from core.web.context import current
from core.web.pages.record import RelatedView
from core.web.shell import bare_shell


def add_live(blueprint: Blueprint, resource: Resource[Any]) -> None:
    """Add the addresses that a form asks while somebody works on it."""
    path = resource.path
    read = resource.read_permission.name

    @requires(read)
    def related(key: UUID) -> str:
        return _related(here(resource), key)

    blueprint.add_url_rule(f"{path}/<uuid:key>/related", "related", related, methods=["GET"])
    write = resource.write_permission
    if write is None or resource.command is None:
        return

    @requires(write.name)
    def recompute() -> str:
        return _recompute(here(resource))

    blueprint.add_url_rule(f"{path}/recompute", "recompute", recompute, methods=["POST"])
    if resource.create is None:
        return

    @requires(write.name)
    def quick() -> str:
        return _quick(here(resource), Typed(_started(resource)))

    @requires(write.name)
    def quick_create() -> Response | tuple[str, int]:
        return _quick_create(here(resource))

    blueprint.add_url_rule(f"{path}/quick", "quick", quick, methods=["GET"])
    blueprint.add_url_rule(f"{path}/quick", "quick_create", quick_create, methods=["POST"])


def _recompute(resource: Resource[Any]) -> str:
    """Give the form again as what was typed makes it; nothing is written."""
    said = typed(request.form)
    command = resource.command or Command
    found = Recomputed()
    if resource.recompute is not None:
        found = resource.recompute(current().read(), draft(command, said))
        said = {**said, **_said(command, said, found)}
    form = live_form(resource, Typed(said), found.totals)
    current().pause_reading()
    return render_template("form_parts.html", record=form, shell=bare_shell(resource.title))


def _said(command: type[Command], said: dict[str, str], found: Recomputed) -> dict[str, str]:
    """Write what was worked out as it would be typed."""
    fresh = {name: written(value) for name, value in found.values.items()}
    for name, rows in found.lines.items():
        line = line_of(command.model_fields[name])
        keys = kept_keys(said, name, line) if line is not None else []
        for key, values in zip(keys, rows, strict=False):
            fresh |= {f"{name}-{key}-{one}": written(value) for one, value in values.items()}
    return fresh


def _related(resource: Resource[Any], key: UUID) -> str:
    """Give links to the records of other lists that belong to this one, with how many."""
    session = current().read()
    find(resource, session, reach_of(resource), key)
    found = []
    for one in resource.related:
        target = resource_named(one.resource)
        if target is None or not current().can(target.read_permission.name):
            continue
        asked = Asked(filters={one.filter: str(key)})
        query = matching_records(target, reach_of(target), asked).with_only_columns(target.id)
        count = len(session.scalars(query.limit(CAP + 1)).all())
        url = f"{target.path}?{urlencode({one.filter: str(key)})}"
        found.append(
            RelatedView(target.title, url, target.icon, min(count, CAP), capped=count > CAP)
        )
    current().pause_reading()
    return render_template("related.html", related=found)


def _started(resource: Resource[Any]) -> dict[str, str]:
    """Begin with what was typed into the field, as the name of the new record."""
    command = resource.command or Command
    said = starting_values(command)
    first = resource.columns[0].name
    if first in command.model_fields:
        said[first] = request.args.get("text", "").strip()
    return said


def _quick(resource: Resource[Any], shown: Typed, wrong: tuple[Any, ...] = ()) -> str:
    command = resource.command or Command
    first = resource.columns[0].name
    names = tuple(
        name for name, info in command.model_fields.items() if info.is_required() or name == first
    )
    sections = Form(resource, current().read(), shown).sections((Section("", names),))
    current().pause_reading()
    return render_template(
        "quick.html",
        title=resource.create_label,
        url=f"{resource.path}/quick",
        sections=sections,
        problems=wrong,
        form_key=request.form.get("form_key") or str(uuid7()),
        shell=bare_shell(resource.title),
    )


def _quick_create(resource: Resource[Any]) -> Response | tuple[str, int]:
    """Make a record with the least that it needs, and give it as a lookup would."""
    command, said = resource.command or Command, typed(request.form)
    reach = reach_of(resource)

    def work(session: TenantSession) -> tuple[int, Any]:
        whole = understood(command, {**starting_values(command), **said})
        made = Door(resource, session, reach).create(whole)
        label = said_of(command, resource.values_of(made)).get(resource.columns[0].name, "")
        return 201, {"value": str(made.id), "label": label}

    try:
        scope = f"{resource.name}.create"
        answer = do_once(form_key() or uuid7(), form_fingerprint(), scope, work)
    except BadInputError as error:
        told = problems(command, error, said)
        return _quick(resource, Typed(said, error.fields), told), error.http_status
    return Response(orjson.dumps(answer.body), 201, mimetype="application/json")

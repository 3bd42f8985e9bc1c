"""Finds the record that a field points at, while somebody types its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import orjson
from flask import Blueprint, Response, request
from sqlalchemy import select

from core.errors import ForbiddenError, NotFoundError
from core.i18n import _
from core.resources.asking import here, reach_of
from core.resources.commands import Command, Reference, input_of, line_of, part_of
from core.resources.declaration import Resource
from core.resources.reading import Asked, Reach, matching_records
from core.resources.related import resource_named
from core.search.folding import words
from core.tenancy import Establishment, TenantSession
from core.web.access import requires
from core.web.context import current

#: Records that are offered at once.
OFFERED: Final = 10
#: A list without a search of its own is looked through this far.
LOOKED_THROUGH: Final = 1000


def add_lookups(blueprint: Blueprint, resource: Resource[Any], permission: str) -> None:
    """Add the address that the reference fields of a form ask."""

    @requires(permission)
    def lookup(place: str) -> Response:
        found = reference_at(here(resource).command or Command, place)
        if found is None:
            raise NotFoundError(_("There is nothing here"))
        return _answer(resource, found, request.args.get("q", "").strip())

    blueprint.add_url_rule(
        f"{resource.path}/lookup/<string:place>", "lookup", lookup, methods=["GET"]
    )


def references_of(command: type[Command], place: str = "") -> Iterator[tuple[str, Reference]]:
    """Give every reference of a command with its place in the schema, those of lines too."""
    for name, info in command.model_fields.items():
        reference = input_of(name, info).reference
        inner = line_of(info) or part_of(info)
        if reference is not None:
            yield f"{place}{name}", reference
        elif inner is not None:
            yield from references_of(inner, f"{place}{name}.")


def reference_at(command: type[Command], place: str) -> Reference | None:
    """Find a reference by its place in the schema."""
    return dict(references_of(command)).get(place)


def _answer(resource: Resource[Any], reference: Reference, text: str) -> Response:
    target = resource_named(reference.resource)
    session = current().read()
    body: dict[str, Any] = {}
    if target is None and reference.resource:
        body["items"] = []
    elif target is None:
        body["items"] = list(_by_label(session, reference, reach_of(resource), text))
    else:
        _may_read(target)
        body["items"] = list(_found(target, session, reference, text))
        write = target.write_permission
        if target.create is not None and write is not None and current().can(write.name):
            body["create"] = {"url": f"{target.path}/quick", "label": str(target.create_label)}
    return Response(orjson.dumps(body, default=str), mimetype="application/json")


def _may_read(target: Resource[Any]) -> None:
    if not current().can(target.read_permission.name):
        raise ForbiddenError(_("You may not do this. Ask the owner of the business."))


def _found(
    target: Resource[Any], session: TenantSession, reference: Reference, text: str
) -> Iterator[dict[str, str]]:
    """Search as the target's own list does: its rules, its words, nothing archived."""
    asked = Asked(search=text if target.search is not None else "")
    query = matching_records(target, reach_of(target), asked).order_by(reference.label, target.id)
    if target.search is not None:
        records = session.scalars(query.limit(OFFERED)).all()
    else:
        label = str(reference.label.key)
        several = session.scalars(query.limit(LOOKED_THROUGH))
        records = [one for one in several if _has_words(getattr(one, label), text)][:OFFERED]
    note = target.columns[0].note
    for record in records:
        shown = {"value": str(record.id), "label": str(getattr(record, str(reference.label.key)))}
        yield {**shown, "note": str(note(record))} if note is not None else shown


def _by_label(
    session: TenantSession, reference: Reference, reach: Reach, text: str
) -> Iterator[dict[str, str]]:
    model: Any = reference.model
    query = select(model.id, reference.label).order_by(reference.label, model.id)
    if hasattr(model, "archived_at"):
        query = query.where(model.archived_at.is_(None))
    if model is Establishment and reach.write is not None:
        query = query.where(model.id.in_(reach.write))
    rows = session.execute(query.limit(LOOKED_THROUGH))
    found = [(key, name) for key, name in rows if _has_words(name, text)]
    for key, name in found[:OFFERED]:
        yield {"value": str(key), "label": name}


def _has_words(name: str, text: str) -> bool:
    known = words(name)
    return all(any(word.startswith(said) for word in known) for said in words(text))

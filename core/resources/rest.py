"""The API of a resource: list, get, create, update, archive, each through the doors of a screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import orjson
from flask import Blueprint, Response, request
from pydantic import BaseModel, create_model

from core.api.bodies import parse_body
from core.api.once import HEADER, once
from core.api.routes import Body, api
from core.i18n import _
from core.resources.asking import asked_list, asked_size, here, reach_of, version_of
from core.resources.declaration import Choice, Command, Period, Resource
from core.resources.extending import Extensions
from core.resources.ordering import default_sort
from core.resources.periods import PERIODS
from core.resources.reading import PAGE, find, read_page
from core.resources.representing import answered, item_body, loaded, record_body, tagged
from core.resources.rest_actions import IF_MATCH, add_api_actions
from core.resources.writing import Door
from core.tenancy import TenantSession
from core.web.context import current

#: Rows that one answer holds at most.
MOST: Final = 200


def add_api(blueprint: Blueprint, resource: Resource[Any], extensions: Extensions) -> None:
    """Add the routes of the resource; those that write only where there is a service."""
    record_model = record_model_of(resource)
    list_model = _list_model(resource)
    read = resource.read_permission.name

    query = dict(_asked(resource))

    @api(permission=read, summary=resource.title, response=list_model, asked=query)
    def items() -> Response:
        """List records by key: `after` takes `next` of the answer before."""
        return _items(here(resource))

    @api(permission=read, summary=resource.singular, response=record_model)
    def get(key: UUID) -> Response:
        """Give one record, with its version as the ETag."""
        own = here(resource)
        reach, session = reach_of(own), current().read()
        return answered(own, record_body(own, session, reach, find(own, session, reach, key)))

    path = resource.api_path
    blueprint.add_url_rule(path, "api_list", items, methods=["GET"])
    blueprint.add_url_rule(f"{path}/<uuid:key>", "api_get", get, methods=["GET"])
    add_api_actions(blueprint, resource, extensions, record_model)
    if resource.write_permission is not None:
        command = _body_of(resource, extensions)
        _add_writes(blueprint, resource, command, record_model)


def _add_writes(
    blueprint: Blueprint, resource: Resource[Any], command: Body | None, model: type[BaseModel]
) -> None:
    path = resource.api_path
    write = resource.write_permission.name if resource.write_permission else ""
    guarded = {"If-Match": IF_MATCH} if resource.is_versioned else {}

    @api(permission=write, summary=resource.create_label, request=command, response=model,
         status=201, once=f"{resource.name}.create")  # fmt: skip
    def create(body: Command, session: TenantSession) -> Any:
        """Make a record; a repeated `Idempotency-Key` answers the same record."""
        own = here(resource)
        reach = reach_of(own)
        return record_body(own, session, reach, Door(own, session, reach).create(body))

    @api(permission=write, summary=_("Change it"), reads=command, response=model, headers=guarded)
    def update(key: UUID) -> Response:
        """Replace what the command holds. `If-Match` carries the ETag that was read."""
        return _update(here(resource), key)

    @api(permission=write, summary=_("Archive it"), response=model, headers=guarded)
    def archive(key: UUID) -> Response:
        """Put the record away. `If-Match` carries the ETag that was read."""
        return _archive(here(resource), key)

    if resource.create is not None:
        blueprint.add_url_rule(path, "api_create", create, methods=["POST"])
    if resource.update is not None:
        blueprint.add_url_rule(f"{path}/<uuid:key>", "api_update", update, methods=["PUT"])
    if resource.is_archivable:
        blueprint.add_url_rule(f"{path}/<uuid:key>", "api_archive", archive, methods=["DELETE"])


def _body_of(resource: Resource[Any], extensions: Extensions) -> Body | None:
    """Give what may be written, with what the addons of the business added."""
    if resource.command is None:
        return None
    own = resource.command
    return lambda enabled: extensions.whole(resource, enabled).command or own


def record_model_of(resource: Resource[Any]) -> type[BaseModel]:
    """Describe a record for OpenAPI; what a permission may hide is optional."""
    fields = _item_fields(resource)
    if resource.command is not None:
        for name, info in resource.command.model_fields.items():
            fields.setdefault(name, (info.annotation, ...))
    return create_model(f"{resource.model.__name__}Record", **fields)


def _item_fields(resource: Resource[Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": (UUID, ...)}
    if resource.is_versioned:
        fields["version"] = (int, ...)
    if resource.is_archivable:
        fields["archived"] = (bool, ...)
    for column in resource.columns:
        kind = _python_type(column.attribute)
        optional = column.permission is not None
        fields[column.name] = (kind | None, None) if optional else (kind | None, ...)
    return fields


def _list_model(resource: Resource[Any]) -> type[BaseModel]:
    item: Any = create_model(f"{resource.model.__name__}Item", **_item_fields(resource))
    fields: dict[str, Any] = {
        "items": (list[item], ...),
        "next": (str | None, ...),
        "total": (int, ...),
        "total_capped": (bool, ...),
        "sort": (str, ...),
    }
    return create_model(f"{resource.model.__name__}Page", **fields)


def _python_type(attribute: Any) -> Any:
    if attribute is None:
        return str
    try:
        found = attribute.type.python_type
    except NotImplementedError:
        return str
    return found if found in {bool, UUID, date, datetime} or found is int else str


def _asked(resource: Resource[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Describe what a list may be asked; an empty value is not asked."""
    text = {"type": "string"}
    yield from dict.fromkeys(("sort", "after", "before"), text).items()
    yield "limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE}
    if resource.search is not None:
        yield "q", text
    if resource.is_archivable:
        yield "archived", text
    if resource.caused_by is not None:
        yield "of", text
    for one in resource.filters:
        name = str(one.attribute.key)
        if isinstance(one, Period):
            yield name, {"type": "string", "enum": list(PERIODS)}
            yield f"{name}_from", {"type": "string", "format": "date"}
            yield f"{name}_to", {"type": "string", "format": "date"}
        elif isinstance(one, Choice):
            yield name, {"type": "string", "enum": list(one.options)}
        else:
            yield name, {"type": "string", "format": "uuid"}


def _items(resource: Resource[Any]) -> Response:
    reach, asked, session = reach_of(resource), asked_list(), current().read()
    found = read_page(resource, session, reach, asked, size=asked_size(PAGE, MOST))
    names = loaded(resource, session, reach, found.records)
    body = {
        "items": [item_body(resource, reach, one, names) for one in found.records],
        "next": found.next or None,
        "total": found.total,
        "total_capped": found.capped,
        "sort": asked.sort or default_sort(resource),
    }
    return Response(orjson.dumps(body), mimetype="application/json")


def _update(resource: Resource[Any], key: UUID) -> Response:
    reach, expected = reach_of(resource), version_of(request.headers.get("If-Match", ""))
    # A record that is not there is told before what is wrong with the body.
    find(resource, current().read(), reach, key)
    command = parse_body(resource.command or Command)

    def work(session: TenantSession) -> tuple[int, Any]:
        found = Door(resource, session, reach).update(key, expected, command)
        return 200, record_body(resource, session, reach, found)

    return _done(resource, "update", work)


def _archive(resource: Resource[Any], key: UUID) -> Response:
    reach, expected = reach_of(resource), version_of(request.headers.get("If-Match", ""))

    def work(session: TenantSession) -> tuple[int, Any]:
        found = Door(resource, session, reach).archive(key, expected)
        return 200, record_body(resource, session, reach, found)

    return _done(resource, "archive", work)


def _done(resource: Resource[Any], verb: str, work: Any) -> Response:
    """Do it, once where the request brings a key; the version alone guards against repeating."""
    if request.headers.get(HEADER, "").strip():
        answer = once(f"{resource.name}.{verb}", work)
        return tagged(answer, orjson.loads(answer.get_data()))
    with current().write() as session:
        _status, body = work(session)
    return answered(resource, body)

"""A record as programs see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from flask import Response

from core.resources.cells import Names, plain, value_of
from core.resources.declaration import Resource
from core.resources.reading import Reach, names_for, visible_columns
from core.tenancy import TenantSession


def record_body(
    resource: Resource[Any], session: TenantSession, reach: Reach, record: Any
) -> dict[str, Any]:
    """Give a record as programs see it: the visible columns, and what an update would send."""
    columns = {column.name for column in visible_columns(resource, reach)}
    hidden = {column.name for column in resource.columns} - columns
    body = item_body(resource, reach, record, loaded(resource, session, reach, [record]))
    for name, value in resource.values_of(record).items():
        if name not in hidden:
            body.setdefault(name, plain(value))
    return body


def loaded(
    resource: Resource[Any], session: TenantSession, reach: Reach, records: Sequence[Any]
) -> Names:
    """Give what columns load for a page; names are for people only."""
    columns = [one for one in visible_columns(resource, reach) if one.load is not None]
    return names_for(session, columns, records)


def item_body(resource: Resource[Any], reach: Reach, record: Any, names: Names) -> dict[str, Any]:
    """Give a record as a list tells it: the visible columns, which cost no query of their own."""
    body: dict[str, Any] = {"id": str(record.id)}
    if resource.is_versioned:
        body["version"] = record.version
    if resource.is_archivable:
        body["archived"] = record.archived_at is not None
    for column in visible_columns(resource, reach):
        body[column.name] = plain(value_of(column, record, names))
    return body


def answered(resource: Resource[Any], body: dict[str, Any]) -> Response:
    """Answer with a record, its version as the ETag."""
    answer = Response(orjson.dumps(body), mimetype="application/json")
    return tagged(answer, body) if resource.is_versioned else answer


def tagged(answer: Response, body: dict[str, Any]) -> Response:
    """Say the version of the record in an answer as its ETag."""
    if "version" in body:
        answer.headers["ETag"] = f'"{body["version"]}"'
    return answer

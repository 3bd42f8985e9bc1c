"""Deeds on records for programs: one record with its version, or many with a result for each."""

from __future__ import annotations

from typing import Any, Final, Literal
from uuid import UUID

import orjson
from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, Field

from core.api.bodies import validated
from core.api.once import HEADER, once
from core.api.routes import api
from core.i18n import _
from core.resources.acting import action_of
from core.resources.asking import here, reach_of, version_of
from core.resources.bulk import ARCHIVE, EDIT, MOST, Picked, action_change, change_many, edit_change
from core.resources.commands import Command
from core.resources.declaration import Resource
from core.resources.extending import Extensions
from core.resources.reading import find
from core.resources.representing import record_body, tagged
from core.resources.writing import Door
from core.tenancy import TenantSession
from core.web.context import current

IF_MATCH: Final = "The ETag of the record as it was read; an older one is refused with 412."
KEY: Final = "The same key answers the same; a fresh UUID for each write."


class Chosen(BaseModel):
    """One record of many, as it was read: it is refused when somebody changed it meanwhile."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    version: int | None = None


class Many(BaseModel):
    """The records that something is done to."""

    model_config = ConfigDict(extra="forbid")

    items: list[Chosen] = Field(min_length=1, max_length=MOST)
    #: Only for ``edit``: the fields that are set for all of them.
    values: dict[str, Any] = Field(default_factory=dict)


class Result(BaseModel):
    """What became of one record."""

    id: UUID
    status: Literal["done", "refused"]
    version: int | None = None
    code: str | None = None
    detail: str | None = None


class Results(BaseModel):
    """What became of each record, in the order of the request."""

    done: int
    refused: int
    results: list[Result]


def add_api_actions(
    blueprint: Blueprint,
    resource: Resource[Any],
    extensions: Extensions,
    model: type[BaseModel],
) -> None:
    """Add the addresses of deeds; which there are may depend on the business."""
    read, path = resource.read_permission.name, resource.api_path
    guarded = {"If-Match": IF_MATCH} if resource.is_versioned else {}

    def names(enabled: frozenset[str]) -> list[str]:
        return [one.name for one in extensions.whole(resource, enabled).actions]

    def several(enabled: frozenset[str]) -> list[str]:
        whole = extensions.whole(resource, enabled)
        edit = [EDIT] if resource.bulk_edit else []
        edit += [ARCHIVE] if resource.is_archivable else []
        return [one.name for one in whole.actions if one.bulk] + edit

    @api(
        permission=read, summary=_("Do something with it"), response=model,
        headers={**guarded, HEADER: KEY}, choices={"action": names},
    )  # fmt: skip
    def act(key: UUID, action: str) -> Response:
        """Do an action; where the record's state does not allow it, 409 with the reason."""
        return _act(here(resource), key, action)

    @api(
        permission=read, summary=_("Do something with many"), request=Many, response=Results,
        choices={"action": several},
    )  # fmt: skip
    def many(action: str, body: Many) -> Results:
        """Do an action to each record by itself, or `edit` with `values`; a result for each."""
        return _many(here(resource), action, body)

    if any((resource.actions, resource.write_permission)):
        blueprint.add_url_rule(
            f"{path}/<uuid:key>/actions/<string:action>", "api_act", act, methods=["POST"]
        )
        blueprint.add_url_rule(
            f"{path}/actions/<string:action>", "api_many", many, methods=["POST"]
        )


def _act(resource: Resource[Any], key: UUID, name: str) -> Response:
    find(resource, current().read(), reach_of(resource), key)
    action = action_of(resource, name)
    reach = reach_of(resource, resource.permission_of(action))
    expected = version_of(request.headers.get("If-Match", ""))

    def work(session: TenantSession) -> tuple[int, Any]:
        found = Door(resource, session, reach).act(action, key, expected)
        return 200, record_body(resource, session, reach, found)

    answer = once(f"{resource.name}.{name}", work)
    return tagged(answer, orjson.loads(answer.get_data()))


def _many(resource: Resource[Any], name: str, body: Many) -> Results:
    if name == EDIT:
        whole = resource.command or Command

        def edited(record: Any) -> Command:
            values = {**resource.values_of(record), **body.values}
            return validated(whole, values)

        reach, change = edit_change(resource, body.values, edited)
    else:
        reach, change = action_change(resource, name)
    picked = [Picked(one.id, one.version) for one in body.items]
    outcomes = change_many(resource, reach, picked, change)
    results = [
        Result(
            id=one.id,
            status="refused" if one.error else "done",
            version=one.version,
            code=one.error.code if one.error else None,
            detail=str(one.error.message) if one.error else None,
        )
        for one in outcomes
    ]
    done = sum(one.error is None for one in outcomes)
    return Results(done=done, refused=len(results) - done, results=results)

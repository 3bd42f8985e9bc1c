"""What people keep of a list: its views, their columns; and the sums below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict

from core.errors import BadInputError
from core.i18n import _
from core.resources.asking import asked_in, asked_list, here, reach_of
from core.resources.declaration import Resource
from core.resources.list_page import list_page
from core.resources.reading import SUMMED, summed
from core.resources.saved import (
    keep_columns,
    remove_view,
    save_view,
    usable_columns,
    usable_query,
)
from core.web.access import requires
from core.web.addresses import see_other
from core.web.context import current
from core.web.pages.listing import ViewDraft


def add_list_routes(blueprint: Blueprint, resource: Resource[Any]) -> None:
    """Add what belongs to a list beside its rows."""
    read = requires(resource.read_permission.name)

    @read
    def views() -> Response | tuple[str, int]:
        return _save(here(resource))

    @read
    def drop_view(key: UUID) -> Response:
        return _drop(here(resource), key)

    @read
    def columns() -> Response:
        return _columns(here(resource))

    @read
    def sums() -> str:
        return _sums(here(resource))

    path = resource.path
    blueprint.add_url_rule(f"{path}/views", "views", views, methods=["POST"])
    blueprint.add_url_rule(
        f"{path}/views/<uuid:key>/remove", "drop_view", drop_view, methods=["POST"]
    )
    blueprint.add_url_rule(f"{path}/columns", "columns", columns, methods=["POST"])
    blueprint.add_url_rule(f"{path}/sums", "sums", sums, methods=["GET"])


def _asked_query() -> dict[str, str]:
    return dict(parse_qsl(request.form.get("query", "")))


def _save(resource: Resource[Any]) -> Response | tuple[str, int]:
    reach = reach_of(resource)
    query = usable_query(resource, reach, _asked_query())
    shown = usable_columns(resource, reach, request.form.getlist("columns"))
    title, shared = request.form.get("title", ""), "shared" in request.form
    try:
        with current().write() as session:
            save_view(resource, session, title, query, shown, shared=shared)
    except BadInputError as error:
        errors = (str(error.fields.get("title", error.message)),)
        asked = replace(asked_in(MultiDict(query)), columns=shown)
        return list_page(resource, asked, ViewDraft(title, shared, errors)), error.http_status
    current().flash("ok", _("Saved."))
    return see_other(_back(resource, query))


def _drop(resource: Resource[Any], key: UUID) -> Response:
    with current().write() as session:
        remove_view(resource, session, key)
    current().flash("ok", _("Removed."))
    return see_other(resource.path)


def _columns(resource: Resource[Any]) -> Response:
    reach = reach_of(resource)
    chosen = [] if "all" in request.form else request.form.getlist("columns")
    with current().write() as session:
        keep_columns(resource, session, usable_columns(resource, reach, chosen))
    return see_other(_back(resource, usable_query(resource, reach, _asked_query())))


def _back(resource: Resource[Any], query: Mapping[str, str]) -> str:
    return f"{resource.path}?{urlencode(query)}" if query else resource.path


def _sums(resource: Resource[Any]) -> str:
    found = summed(resource, current().read(), reach_of(resource), asked_list())
    current().pause_reading()
    sums = [(one.label, one.kind, total) for one, total in found]
    return render_template("sums.html", sums=sums, most=SUMMED)

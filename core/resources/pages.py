"""The screens of a resource: its list, its form or document, its export."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, stream_with_context

from core.i18n import _
from core.ids import uuid7
from core.resources.acting import action_views, add_actions, state_badge, status_steps
from core.resources.asking import asked_list, here, reach_of, version_of
from core.resources.bulk import add_bulk
from core.resources.cells import screen_cell, title_of
from core.resources.declaration import Resource
from core.resources.export import csv_lines
from core.resources.list_page import list_page
from core.resources.list_routes import add_list_routes
from core.resources.live import add_live
from core.resources.lookups import add_lookups
from core.resources.reading import (
    Reach,
    find,
    matching_records,
    names_for,
    visible_columns,
)
from core.resources.related import related
from core.resources.saving import crumbs, new_form, record_page
from core.resources.saving import save as save_form
from core.resources.writing import Door
from core.tenancy import TenantSession
from core.web.access import requires
from core.web.addresses import see_other
from core.web.context import current
from core.web.pages.listing import Title
from core.web.pages.record import DocumentView, Fact
from core.web.shell import page


def add_pages(blueprint: Blueprint, resource: Resource[Any]) -> None:
    """Add the screens that whoever may read sees, and those that write where there is a service."""
    read = requires(resource.read_permission.name)

    @read
    def records() -> str:
        return list_page(here(resource), asked_list())

    @read
    def export() -> Response:
        return _export(here(resource))

    @read
    def show(key: UUID) -> str:
        return _show(here(resource), key)

    path = resource.path
    blueprint.add_url_rule(path, "list", records, methods=["GET"])
    blueprint.add_url_rule(f"{path}/export.csv", "export", export, methods=["GET"])
    blueprint.add_url_rule(f"{path}/<uuid:key>", "show", show, methods=["GET"])
    add_actions(blueprint, resource)
    add_bulk(blueprint, resource)
    add_list_routes(blueprint, resource)
    add_live(blueprint, resource)
    if resource.write_permission is not None:
        _add_writes(blueprint, resource, resource.write_permission.name)


def _add_writes(blueprint: Blueprint, resource: Resource[Any], permission: str) -> None:
    write = requires(permission)

    @write
    def new() -> str:
        return new_form(here(resource))

    @write
    def create() -> Response | tuple[str, int]:
        return save_form(here(resource), None)

    @write
    def save(key: UUID) -> Response | tuple[str, int]:
        return save_form(here(resource), key)

    @write
    def archive(key: UUID) -> Response:
        return _put_away(here(resource), key)

    @write
    def restore(key: UUID) -> Response:
        return _take_back(here(resource), key)

    add_lookups(blueprint, resource, permission)
    path = resource.path
    if resource.create is not None:
        blueprint.add_url_rule(f"{path}/new", "new", new, methods=["GET"])
        blueprint.add_url_rule(f"{path}/new", "create", create, methods=["POST"])
    if resource.update is not None:
        blueprint.add_url_rule(f"{path}/<uuid:key>", "save", save, methods=["POST"])
    if resource.is_archivable:
        blueprint.add_url_rule(f"{path}/<uuid:key>/archive", "archive", archive, methods=["POST"])
        blueprint.add_url_rule(f"{path}/<uuid:key>/restore", "restore", restore, methods=["POST"])


def _export(resource: Resource[Any]) -> Response:
    asked, reach = asked_list(), reach_of(resource)
    # What is asked wrongly is refused before the first line is sent.
    matching_records(resource, reach, asked)
    lines = csv_lines(resource, current().read(), reach, asked)
    name = resource.name.replace(".", "-")
    return Response(
        stream_with_context(lines),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _show(resource: Resource[Any], key: UUID) -> str:
    context, reach = current(), reach_of(resource)
    session = context.read()
    record = find(resource, session, reach, key)
    if resource.update is not None and _may_write(resource, reach, record):
        return record_page(resource, key, record)
    if resource.document is not None:
        shown = resource.document(session, record)
    else:
        shown = _facts(resource, session, reach, record)
    links = related(resource, session, record)
    document = replace(
        shown,
        actions=(*shown.actions, *action_views(resource, record), *links),
        path=shown.path or status_steps(resource, record),
        state=shown.state or state_badge(resource, record),
        version=str(record.version) if resource.is_versioned else "",
        form_key=str(uuid7()),
        related_url=f"{resource.path}/{key}/related" if resource.related else None,
    )
    return page("document.html", document.title, breadcrumb=crumbs(resource), document=document)


def _may_write(resource: Resource[Any], reach: Reach, record: Any) -> bool:
    if resource.establishment is None or reach.write is None:
        return reach.write != frozenset()
    return getattr(record, str(resource.establishment.key)) in reach.write


def _facts(
    resource: Resource[Any], session: TenantSession, reach: Reach, record: Any
) -> DocumentView:
    """Show a record that has neither form nor document: the values of its columns."""
    columns = visible_columns(resource, reach)
    names = names_for(session, columns, [record])
    facts = tuple(
        Fact(column.label, *_value(screen_cell(resource, column, record, names), column.kind))
        for column in columns
    )
    title = title_of(resource, record, names)
    return DocumentView(title=title, facts=facts)


def _value(cell: object, kind: str) -> tuple[object, str]:
    """Write what names the record as plain text: there is nothing more to lead to."""
    return (str(cell.text), "text") if isinstance(cell, Title) else (cell, kind)


def _put_away(resource: Resource[Any], key: UUID) -> Response:
    context, reach = current(), reach_of(resource)
    with context.write() as session:
        expected = version_of(request.form.get("version", ""))
        Door(resource, session, reach).archive(key, expected)
    context.flash("ok", _("Archived."), undo_url=f"{resource.path}/{key}/restore")
    return see_other(resource.path)


def _take_back(resource: Resource[Any], key: UUID) -> Response:
    context, reach = current(), reach_of(resource)
    with context.write() as session:
        Door(resource, session, reach).restore(key)
    context.flash("ok", _("Restored."))
    return see_other(f"{resource.path}/{key}")

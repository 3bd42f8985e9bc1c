"""Leads from a document to what it caused in other addons, without either knowing the other."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import and_, select

from core.resources.declaration import Resource
from core.tenancy import TenantSession
from core.web.context import current
from core.web.pages.record import ActionView


def enabled_resources() -> list[Resource[Any]]:
    """Give the resources of the addons that the business switched on."""
    context = current()
    declared = context.platform.registry.everywhere.register_resources()
    return [resource for addon, resource in declared if addon in context.enabled]


def resource_named(name: str) -> Resource[Any] | None:
    """Find a resource of an addon that the business switched on."""
    return next((one for one in enabled_resources() if one.name == name), None)


def related(resource: Resource[Any], session: TenantSession, record: Any) -> tuple[ActionView, ...]:
    """Give links to what caused a record and to what it caused; one record alone is opened."""
    links = _effects(resource, session, record.id) if resource.sources else []
    return (*_cause(resource, record), *links)


def _cause(resource: Resource[Any], record: Any) -> list[ActionView]:
    if resource.caused_by is None:
        return []
    name, key = (getattr(record, str(one.key)) for one in resource.caused_by)
    return [
        ActionView(other.singular, f"{other.path}/{key}", icon=other.icon, link=True)
        for other in enabled_resources()
        if name in other.sources and current().can(other.read_permission.name)
    ]


def _effects(resource: Resource[Any], session: TenantSession, key: UUID) -> list[ActionView]:
    context, found = current(), []
    for other in enabled_resources():
        if other.caused_by is None or not context.can(other.read_permission.name):
            continue
        source, source_id = other.caused_by
        query = (
            select(other.id).where(and_(source.in_(resource.sources), source_id == key)).limit(2)
        )
        rows = session.scalars(query).all()
        if rows:
            asked = urlencode({"of": f"{','.join(resource.sources)}:{key}"})
            url = f"{other.path}?{asked}" if len(rows) > 1 else f"{other.path}/{rows[0]}"
            found.append(ActionView(other.title, url, icon=other.icon, link=True))
    return found

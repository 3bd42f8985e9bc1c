"""Gives every declared resource its routes when the application starts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from core.addons.registry import AddonRegistry
from core.resources.check import check
from core.resources.declaration import Resource
from core.resources.errors import ResourceError
from core.resources.extending import Extensions
from core.resources.pages import add_pages
from core.resources.rest import add_api


def declared_resources(registry: AddonRegistry) -> list[tuple[str, Resource[Any]]]:
    """Give every resource with its addon, each checked; one that cannot work stops the start."""
    found = registry.everywhere.register_resources()
    for addon, resource in found:
        check(addon, resource)
    return found


def take_extensions(
    registry: AddonRegistry, extensions: Extensions, resources: list[tuple[str, Resource[Any]]]
) -> list[tuple[str, Resource[Any]]]:
    """Take up what addons add to the resources of others; give the resources that remain.

    An addon whose extension cannot work is quarantined with those that require it, and nothing
    else: every other page is as it was.
    """
    known = {resource.name: (addon, resource) for addon, resource in resources}
    for addon, extension in registry.everywhere.register_resource_extensions():
        try:
            extensions.add(addon, _target(registry, known, extension.target), extension)
        except ResourceError as error:
            registry.quarantine(addon, f"its extension does not fit: {error}")
    extensions.forget(registry.quarantined)
    return [(addon, resource) for addon, resource in resources if addon in registry.running]


def _target(
    registry: AddonRegistry, known: dict[str, tuple[str, Resource[Any]]], name: str
) -> Resource[Any]:
    addon, resource = known.get(name, ("", None))
    if resource is None or addon not in registry.running:
        raise ResourceError(f"there is no resource {name} to extend")
    return resource


def blueprint_of(resource: Resource[Any], extensions: Extensions) -> Blueprint:
    """Make the routes of one resource, screens and API."""
    blueprint = Blueprint(resource.name.replace(".", "_"), __name__)
    add_pages(blueprint, resource)
    add_api(blueprint, resource, extensions)
    return blueprint

"""Keeps what a business did not switch on out of its sight; no addon has to remember it.

Seven doors: hooks (``AddonRegistry.enabled``), URLs and the API (``check_request``), tasks and
schedules (``may_consume``, ``is_visible``), permissions, template slots, and extension attributes
(``core.db.extension``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

from flask import Blueprint, Flask, Request
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import MapAdapter, RequestRedirect
from werkzeug.routing import exceptions as routing

from core.addons.errors import AddonError
from core.addons.hooks import Pairs
from core.addons.parts import Slot
from core.db.ownership import CORE

T = TypeVar("T")

#: Something every map knows: asking with it makes the map tell which methods there are.
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")


def is_visible(addon: str | None, enabled: frozenset[str]) -> bool:
    """Tell whether a business sees what belongs to ``addon``; the core's is always seen."""
    return addon in {None, CORE} or addon in enabled


def may_consume(addon: str, enabled: frozenset[str], draining: frozenset[str]) -> bool:
    """Tell whether an event may be handled now; otherwise it is parked, never acknowledged."""
    return is_visible(addon, enabled) or addon in draining


def visible(pairs: Pairs[T], enabled: frozenset[str]) -> list[T]:
    """Keep the items of addons that the business switched on, in their order."""
    return [item for addon, item in pairs if is_visible(addon, enabled)]


def addon_of_permission(name: str) -> str:
    """Tell whose permission it is: ``pos`` for ``pos.sale.create``."""
    return name.partition(".")[0]


def visible_permissions(names: Iterable[str], enabled: frozenset[str]) -> frozenset[str]:
    """Keep the permissions that mean something now; a disabled addon's are held but do nothing."""
    return frozenset(name for name in names if is_visible(addon_of_permission(name), enabled))


def visible_slots(pairs: Pairs[Slot], place: str, enabled: frozenset[str]) -> list[Slot]:
    """Give the pieces for ``place`` of the page, highest priority first, then in load order."""
    found = [slot for slot in visible(pairs, enabled) if slot.place == place]
    return sorted(found, key=lambda slot: -slot.priority)


class Gate:
    """Knows which addon every endpoint of the application belongs to."""

    def __init__(self) -> None:
        self._addons: dict[str, str] = {}

    def bind(self, app: Flask, addon: str, blueprint: Blueprint) -> None:
        """Register an addon's blueprint; its pages exist only where the addon is enabled."""
        if blueprint.name in self._addons or blueprint.name in app.blueprints:
            raise AddonError(f"{addon}: there is a blueprint named {blueprint.name} already")
        self._addons[blueprint.name] = addon
        app.register_blueprint(blueprint)

    def addon_of_endpoint(self, endpoint: str | None) -> str | None:
        """Tell whose page it is; None for the core's and for none."""
        return self._addons.get((endpoint or "").partition(".")[0])

    def check_request(self, app: Flask, request: Request, enabled: frozenset[str]) -> None:
        """Answer 404, as for a page that does not exist, where the addon is not enabled.

        Call it before every request, also one that routing refuses: "wrong method" or "add a
        slash" would tell that the page is there.
        """
        endpoint = request.endpoint
        if endpoint is None and request.routing_exception is not None:
            endpoint = _meant(app.create_url_adapter(request), request)
        if not is_visible(self.addon_of_endpoint(endpoint), enabled):
            raise NotFound


def _meant(adapter: MapAdapter | None, request: Request) -> str | None:
    """Find the endpoint that a request with another method, or with a slash, would reach."""
    if adapter is None:
        return None
    error = request.routing_exception
    path = request.path
    if isinstance(error, RequestRedirect):
        path = f"{path}/"
    elif not isinstance(error, MethodNotAllowed):
        return None
    for method in _METHODS:
        try:
            endpoint, _arguments = adapter.match(path, method=method)
        except (routing.RoutingException, MethodNotAllowed, NotFound):
            continue
        return str(endpoint)
    return None

"""Puts the web application together, one named step after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import structlog
from flask import Flask, Response
from flask.json.provider import JSONProvider
from jinja2 import BytecodeCache, ChoiceLoader, FileSystemLoader
from sqlalchemy import select
from werkzeug.middleware.proxy_fix import ProxyFix

from config.settings import Settings
from core.addons.discovery import CORE_ADDON, Discovery, discover
from core.addons.lifecycle import generation
from core.addons.loading import import_core_models
from core.addons.registry import AddonRegistry
from core.addons.templates import ExtendingEnvironment
from core.api.limits import Limits
from core.auth.models import User
from core.auth.passwords import Passwords
from core.auth.permissions import Permissions
from core.clock import Clock, SystemClock
from core.db.engine import Database, open_database
from core.db.uow import platform_unit
from core.demo import PASSWORD, USERS
from core.i18n import load_catalogs
from core.installation import equip_database, load_installed
from core.logs import set_up_logs
from core.process import is_equipped
from core.resources.mounting import blueprint_of, declared_resources, take_extensions
from core.tenancy.roles import refuse_unsafe_role
from core.web.access import access_of
from core.web.errors import install_errors
from core.web.lifecycle import install_lifecycle
from core.web.platform import EXTENSION, Platform
from core.web.rendering import HERE, install_rendering
from core.web.static_files import StaticFiles
from core.web.views import BLUEPRINTS

log = structlog.get_logger(__name__)

_DEMO: Final = {user.email: user.name for user in USERS}
_CORE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a caller brings along instead of having it made: tests bring nearly all."""

    clock: Clock | None = None
    database: Database | None = None
    registry: AddonRegistry | None = None
    discovery: Discovery | None = None
    #: Where compiled templates are kept.
    templates: BytecodeCache | None = None


def create_app(settings: Settings, parts: Parts | None = None) -> Flask:
    """Make the application of one process. Nothing is global: two in one process do not meet."""
    brought = parts or Parts()
    platform = make_platform(settings, brought)
    app = Flask("guadua", static_folder=None, template_folder=None)
    app.extensions[EXTENSION] = platform
    app.jinja_environment = ExtendingEnvironment
    app.jinja_env.bytecode_cache = brought.templates
    for step in STEPS:
        step(app, platform)
    return app


def make_platform(settings: Settings, parts: Parts) -> Platform:
    """Give what an application stands on; ``create_app`` fills in what its routes ask."""
    # The models first: every step after may ask the database.
    import_core_models()
    clock = parts.clock or SystemClock()
    database = parts.database or open_database(settings.database_url)
    refuse_unsafe_role(database.engine)
    discovery = parts.discovery or discover(settings.addons_path)
    registry = parts.registry or load_installed(database, clock, discovery)
    if not is_equipped(database):
        equip_database(settings, database, registry, "web")
    folders = {name: found.folder for name, found in discovery.found.items()}
    running = [name for name in registry.running if name in folders]
    load_catalogs([_CORE / "locale", *(folder / "locale" for folder in folders.values())])
    with platform_unit(database, clock, writes=False) as session:
        loaded = generation(session)
    return Platform(
        settings=settings,
        database=database,
        registry=registry,
        clock=clock,
        permissions=Permissions(registry.everywhere.register_permissions()),
        passwords=Passwords(quick=settings.profile == "testing"),
        limits=Limits(),
        statics=StaticFiles(HERE / "static", [(n, folders[n] / "static") for n in running]),
        templates=(HERE / "templates", *(folders[name] / "templates" for name in running)),
        version=CORE_ADDON.manifest.version,
        generation=loaded,
        discovery=discovery,
        demo_users=_demo_users(settings, database, clock),
    )


def _demo_users(
    settings: Settings, database: Database, clock: Clock
) -> tuple[tuple[str, str, str], ...]:
    """Read which people of the demonstration are here; production offers nobody."""
    if settings.profile == "production":
        return ()
    with platform_unit(database, clock, writes=False) as session:
        here = set(session.scalars(select(User.email).where(User.email.in_(_DEMO))))
    return tuple((_DEMO[email], email, PASSWORD) for email in _DEMO if email in here)


def _logs(_app: Flask, platform: Platform) -> None:
    if platform.settings.profile != "testing":
        set_up_logs(production=platform.settings.profile == "production")


def _json(app: Flask, _platform: Platform) -> None:
    app.json = _Json(app)


def _templates(app: Flask, platform: Platform) -> None:
    # The core's win: an addon's templates live in a folder of its name.
    app.jinja_loader = ChoiceLoader([FileSystemLoader(folder) for folder in platform.templates])
    install_rendering(app, platform)


def _lifecycle(app: Flask, platform: Platform) -> None:
    install_lifecycle(app, platform)


def _errors(app: Flask, _platform: Platform) -> None:
    install_errors(app)


def _core_routes(app: Flask, _platform: Platform) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)


def _addon_routes(app: Flask, platform: Platform) -> None:
    registry = platform.registry
    # First, because an extension that does not fit takes its addon out.
    resources = take_extensions(registry, platform.extensions, declared_resources(registry))
    for addon, blueprint in registry.everywhere.register_routes():
        if platform.settings.serve and addon not in platform.settings.serve:
            continue
        platform.gate.bind(app, addon, blueprint)
    for addon, resource in resources:
        if platform.settings.serve and addon not in platform.settings.serve:
            continue
        platform.gate.bind(app, addon, blueprint_of(resource, platform.extensions))


def _access(app: Flask, platform: Platform) -> None:
    for endpoint, view in app.view_functions.items():
        access = access_of(endpoint, view)
        if access.permission:
            # An unknown name would shut the page for everybody, silently.
            platform.permissions.addon_of(access.permission)
        platform.access[endpoint] = access


def _proxies(app: Flask, platform: Platform) -> None:
    if hops := platform.settings.proxies:
        wrapped: Any = ProxyFix(app.wsgi_app, x_for=hops, x_proto=0, x_host=0)
        app.wsgi_app = wrapped  # type: ignore[method-assign]


#: In this order: logs hear of all that follows; the lifecycle is in place before any route; the
#: core's routes before the addons', so that none can take their addresses; access is checked when
#: every route is known.
STEPS: Final[tuple[Callable[[Flask, Platform], None], ...]] = (
    _logs,
    _json,
    _templates,
    _lifecycle,
    _errors,
    _core_routes,
    _addon_routes,
    _access,
    _proxies,
)


class _Json(JSONProvider):
    """JSON by orjson; decimals and ids are written as strings."""

    def dumps(self, obj: Any, **_options: Any) -> str:
        return orjson.dumps(obj, default=str).decode()

    def loads(self, s: str | bytes, **_options: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        body = self._prepare_response_obj(args, kwargs)
        return Response(orjson.dumps(body, default=str), mimetype="application/json")

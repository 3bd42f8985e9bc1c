"""What a running web application stands on; kept in ``app.extensions["guadua"]``, never global."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from flask import Flask, current_app

from config.settings import Settings
from core.addons.discovery import Discovery
from core.addons.gate import Gate
from core.addons.registry import AddonRegistry
from core.api.limits import Limits
from core.auth.passwords import Passwords
from core.auth.permissions import Permissions
from core.clock import Clock
from core.db.engine import Database
from core.resources.extending import Extensions
from core.web.access import Access
from core.web.static_files import StaticFiles

EXTENSION: Final = "guadua"


@dataclass(slots=True, kw_only=True)
class Platform:
    """One per application; made by ``create_app`` and not changed afterwards."""

    settings: Settings
    database: Database
    registry: AddonRegistry
    clock: Clock
    permissions: Permissions
    passwords: Passwords
    limits: Limits
    statics: StaticFiles
    templates: tuple[Path, ...]
    version: str
    #: The generation of the installed set that this process loaded.
    generation: int
    #: Everything on disk, installed or not.
    discovery: Discovery
    #: (name, login, password) that the log-in page of a demo installation offers.
    demo_users: tuple[tuple[str, str, str], ...] = ()
    gate: Gate = field(default_factory=Gate)
    #: What addons add to the resources of others.
    extensions: Extensions = field(default_factory=Extensions)
    #: Endpoint to what it asks; filled while routes are registered.
    access: dict[str, Access] = field(default_factory=dict)


def platform_of(app: Flask) -> Platform:
    """Give the platform of an application."""
    return cast("Platform", app.extensions[EXTENSION])


def current_platform() -> Platform:
    """Give the platform of the application that answers this request."""
    return platform_of(current_app)

"""The core's own pages, all under the blueprint ``web``."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from core.api.views import blueprint as api
from core.web.views import (
    account,
    apps,
    docs,
    entry,
    health,
    home,
    preferences,
    settings,
    static,
)
from core.web.views.blueprint import web

#: Every module is imported for the routes that it puts on ``web``.
PAGES: Final = (account, apps, docs, entry, health, home, preferences, settings, static)
BLUEPRINTS: Final[tuple[Blueprint, ...]] = (web, api)

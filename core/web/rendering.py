"""The environment that pages are written in: the names and filters of the template contract."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from flask import Flask, url_for
from jinja2 import StrictUndefined

from core.addons.gate import visible_slots
from core.addons.parts import Slot
from core.i18n import formats, gettext
from core.web.context import current
from core.web.doors import may_open
from core.web.platform import Platform

HERE: Final = Path(__file__).parent
FILTERS: Final[dict[str, Callable[..., str]]] = {
    "money": formats.money,
    "money2": partial(formats.money, decimals=2),
    "quantity": formats.quantity,
    "percent": formats.percent,
    "whole": formats.whole,
    "day": formats.day,
    "moment": formats.moment,
}


def install_rendering(app: Flask, platform: Platform) -> None:
    """Give templates their functions and filters, and nothing unnamed."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.globals.update(_=gettext, url=url_for, static=platform.statics.address)
    environment.globals.update(slots=partial(slots, platform), may_open=may_open)
    environment.filters.update(FILTERS)
    # A half-written page is worse than a failed one: nothing of Flask's request is in reach.
    for name in ("session", "config", "get_flashed_messages"):
        environment.globals.pop(name, None)


def slots(platform: Platform, place: str) -> list[Slot]:
    """Give the pieces of page that enabled addons put into ``place``, those permitted only."""
    context = current()
    pairs: Any = platform.registry.everywhere.register_slots()
    found = visible_slots(pairs, place, context.enabled)
    return [slot for slot in found if context.can(slot.permission)]

"""The start page: figures of today and the applications that are on."""

from __future__ import annotations

from typing import Final

from core.addons.parts import Figure as Offered
from core.i18n import _
from core.web.access import LOGGED_IN, requires
from core.web.context import current
from core.web.doors import may_open
from core.web.pages.home import Figure, Home
from core.web.shell import page
from core.web.views.blueprint import web

#: More would push the applications out of sight.
FIGURES: Final = 4


@web.get("/")
@requires(LOGGED_IN)
def home() -> str:
    """Greet, show what matters today, and lead on."""
    context = current()
    offered = sorted(context.hooks.figure_items(session=context.read()), key=lambda one: one.order)
    # Figures add all establishments up: a right in one of them is not enough.
    shown = [one for one in offered if context.establishments(one.permission) is None][:FIGURES]
    name = context.principal.name.partition(" ")[0]
    greeting = Home(
        title=_("Hello, {name}", name=name), figures=tuple(_figure(one) for one in shown)
    )
    return page("launcher.html", _("Start"), home=greeting)


def _figure(one: Offered) -> Figure:
    return Figure(
        label=str(one.label),
        value=one.value,
        note=str(one.meaning),
        icon=one.icon,
        url=one.url if one.url and may_open(one.url) else None,
    )

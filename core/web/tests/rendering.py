"""Templates without the application: the globals and filters they may count on, and no others."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.i18n import formats, gettext, load_catalogs, use_language
from core.web.pages.shell import Shell

WEB: Final = Path(__file__).resolve().parents[1]
TEMPLATES: Final = WEB / "templates"
STATIC: Final = WEB / "static"
NONCE: Final = "bm9uY2U"

#: Every endpoint that the templates of the shell ask an address of.
ENDPOINTS: Final = frozenset(
    {
        "web.account",
        "web.apps",
        "web.establishment",
        "web.home",
        "web.language",
        "web.logout",
        "web.switch",
        "web.theme",
    }
)


def address(endpoint: str, **values: object) -> str:
    """Give an address for a known endpoint; an unknown one is a mistake in the template."""
    if endpoint not in ENDPOINTS:
        raise LookupError(f"no such endpoint: {endpoint}")
    return "/" + "/".join([endpoint.removeprefix("web."), *map(str, values.values())])


@cache
def environment() -> Environment:
    """Build the environment that pages are written in, strict about every name."""
    load_catalogs([WEB.parent / "locale"])
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    made.globals.update(_=gettext, url=address, static=lambda path: f"/static/{path}")
    made.globals.update(may_open=lambda _url: True)
    made.filters.update(
        money=formats.money,
        money2=partial(formats.money, decimals=2),
        quantity=formats.quantity,
        percent=formats.percent,
        whole=formats.whole,
        day=formats.day,
        moment=formats.moment,
    )
    return made


def render(template: str, *, shell: Shell, **context: object) -> str:
    """Write one page in the language of its shell."""
    with use_language(shell.language):
        return environment().get_template(template).render(shell=shell, **context)

"""Language, theme and establishment: small choices that every page offers."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response, request

from core.auth.logins import choose_establishment
from core.auth.users import THEMES, set_language, set_theme
from core.db.uow import platform_unit
from core.errors import BadInputError, NotFoundError
from core.i18n import LANGUAGES, _
from core.tenancy import PlatformSession
from core.web.access import LOGGED_IN, PUBLIC, requires
from core.web.addresses import see_other, where_from
from core.web.context import current
from core.web.shell import is_place
from core.web.views.blueprint import web


@web.post("/language")
@requires(PUBLIC, any_business=True)
def language() -> Response:
    """Read in another language from now on."""
    said = request.form.get("language", "")
    if said not in LANGUAGES:
        raise BadInputError(_("Choose one of the languages shown."))
    _keep(lambda session, user_id: set_language(session, user_id, said), language=said)
    return see_other(where_from())


@web.post("/theme")
@requires(PUBLIC, any_business=True)
def theme() -> Response:
    """See light or dark pages from now on."""
    said = request.form.get("theme", "")
    if said not in THEMES:
        raise BadInputError(_("Choose one of the themes shown."))
    _keep(lambda session, user_id: set_theme(session, user_id, said), theme=said)
    return see_other(where_from())


@web.post("/establishment")
@requires(LOGGED_IN)
def establishment() -> Response:
    """Work in another establishment of the business from now on."""
    context = current()
    try:
        chosen = UUID(request.form.get("establishment", ""))
    except ValueError:
        chosen = None
    if chosen is None or not is_place(context, chosen):
        raise NotFoundError(_("There is no such establishment."))
    platform = context.platform
    context.pause_reading()
    with platform_unit(platform.database, platform.clock, writes=True) as session:
        choose_establishment(session, context.login, chosen)
    return see_other(where_from())


def _keep(
    write: Callable[[PlatformSession, UUID], None], *, language: str = "", theme: str = ""
) -> None:
    context = current()
    if context.visitor is None:
        context.cookie = context.cookie.with_choice(language=language, theme=theme)
        return
    platform = context.platform
    with platform_unit(platform.database, platform.clock, writes=True) as session:
        write(session, context.visitor.user_id)

"""What happens to every request before its view and after it. The order is the point."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from secrets import token_urlsafe
from time import perf_counter
from typing import Final
from uuid import UUID

import structlog
from flask import Flask, Response, g, redirect, request
from werkzeug.exceptions import BadRequest, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from core.auth.errors import BadFormTokenError
from core.auth.logins import keep_notices, touch
from core.auth.tokens import note_use
from core.db.uow import platform_unit, tenant_unit
from core.errors import ForbiddenError
from core.i18n import LANGUAGES, _, use_language
from core.ids import uuid7
from core.metrics import REQUESTS
from core.tenancy import SwitchedError
from core.web.access import PUBLIC, Access
from core.web.addresses import as_response
from core.web.caller import bearer_token, identify, is_api
from core.web.context import RequestContext, current
from core.web.cookies import Cookie, is_form_token, read_cookie, set_cookie
from core.web.headers import secure
from core.web.platform import Platform

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
#: Answered under any host name; everything else is a page and has one origin.
_ANY_HOST: Final = ("/static/", "/docs", "/healthz", "/readyz", "/metrics")

#: What people read who did not choose.
FIRST: Final = next(iter(LANGUAGES))

log = structlog.get_logger(__name__)


def install_lifecycle(app: Flask, platform: Platform) -> None:
    """Let every request pass the same doors, in this order."""
    checks = _checks(app, platform)

    def before() -> Response | None:
        begin(platform)
        for check in checks:
            answered = check(current())
            if answered is not None:
                return answered
        return None

    app.before_request(before)
    app.after_request(partial(finish, platform))
    app.teardown_request(_end)


def _checks(
    app: Flask, platform: Platform
) -> tuple[Callable[[RequestContext], Response | None], ...]:
    return (
        # Before anything is read: a page under another name would get cookies of its own.
        partial(_one_origin, platform),
        # Before the body is read.
        partial(_size, platform),
        # Who, and in their language: everything after may have to say something.
        partial(_known, platform),
        # No text that PostgreSQL cannot keep, so that nobody needs to think of it.
        _kept_by_databases,
        # A page of another business: nothing it asks for may happen or be shown.
        partial(_right_business, platform),
        partial(_own_form, platform),
        # Before permissions: what is switched off is not there, not forbidden.
        partial(_enabled, app, platform),
        partial(_permitted, platform),
    )


def begin(platform: Platform) -> None:
    """Make the context of a request."""
    cookie = read_cookie(request, platform.settings)
    sent = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    g.guadua = RequestContext(
        platform=platform,
        request_id=str(uuid7()),
        nonce=token_urlsafe(16),
        cookie=cookie,
        identify=lambda: identify(platform, sent, cookie),
    )
    g.began = perf_counter()
    structlog.contextvars.bind_contextvars(request=g.guadua.request_id)
    _speak(g.guadua, _strangers_language(cookie))


def finish(platform: Platform, response: Response) -> Response:
    """Put cookie, headers and figures on the answer."""
    context = current()
    secure(response, context.nonce, platform.settings)
    response.headers["X-Request-Id"] = context.request_id
    if context.cookie.is_new and (response.mimetype == "text/html" or context.cookie.is_login):
        set_cookie(response, context.cookie, platform.settings)
    _keep(context)
    REQUESTS.labels(request.endpoint or "", request.method, str(response.status_code)).observe(
        perf_counter() - g.began
    )
    return response


def access_for(platform: Platform) -> Access:
    """Tell what the present request asks for; an address without a page asks for nothing."""
    return platform.access.get(request.endpoint or "", PUBLIC)


def _one_origin(platform: Platform, _context: RequestContext) -> Response | None:
    settings = platform.settings
    path = request.path
    if path.startswith(_ANY_HOST) or is_api(path):
        return None
    if request.host == settings.public_url.partition("://")[2]:
        return None
    target = settings.public_url + request.full_path.rstrip("?")
    return as_response(redirect(target, 307 if request.method in SAFE else 303))


def _size(platform: Platform, _context: RequestContext) -> None:
    request.max_content_length = access_for(platform).body_limit
    request.max_form_memory_size = access_for(platform).body_limit


def _known(platform: Platform, context: RequestContext) -> None:
    access = access_for(platform)
    if access.audience == "public" and request.method in SAFE and request.endpoint is not None:
        return
    if context.visitor is not None and context.visitor.token_id is None:
        _speak(context, context.visitor.language)
        structlog.contextvars.bind_contextvars(user=str(context.visitor.user_id))
    if access.audience != "public":
        context.refuse_strangers()


def _kept_by_databases(_context: RequestContext) -> None:
    # What an API route takes is refused by field, in core.api.bodies.
    said = [*request.args.items(multi=True)]
    if not is_api(request.path) and request.method not in SAFE:
        said += request.form.items(multi=True)
    if any("\0" in name + text for name, text in [(request.path, ""), *said]):
        raise BadRequest


def _right_business(platform: Platform, context: RequestContext) -> None:
    access = access_for(platform)
    safe = request.method in SAFE
    public = access.audience == "public" and safe and request.endpoint is not None
    if access.any_business or public or not context.cookie.is_login:
        return
    said = request.headers.get("X-Tenant") or ("" if safe else request.form.get("tenant_uid", ""))
    if safe and not said:
        return
    standing = context.standing
    if standing is None:
        return
    now = str(standing.tenant.uid) if standing.tenant else ""
    if said != now:
        raise SwitchedError(
            _("You changed business in another tab. Nothing was saved."),
            return_url=f"/switch/{said}" if _is_uid(said) else "",
        )


def _own_form(platform: Platform, context: RequestContext) -> None:
    if request.method in SAFE or bearer_token(request) is not None:
        return
    if request.endpoint is None and context.visitor is None:
        return
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise BadFormTokenError(_("That form comes from another site. Nothing was saved."))
    said = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not is_form_token(said, context.cookie, platform.settings):
        raise BadFormTokenError(_("The page is too old. Load it again and repeat."))


def _enabled(app: Flask, platform: Platform, context: RequestContext) -> None:
    gate = platform.gate
    if gate.addon_of_endpoint(request.endpoint) is None:
        wrong_way = isinstance(request.routing_exception, MethodNotAllowed | RequestRedirect)
        if request.endpoint is not None or not wrong_way:
            return
    # A page that anybody may open belongs to no business: where none is known, none has it.
    known = context.standing is not None and context.standing.tenant is not None
    if access_for(platform).audience != "public":
        context.refuse_without_business()
    gate.check_request(app, request, context.enabled if known else frozenset())


def _permitted(platform: Platform, context: RequestContext) -> None:
    access = access_for(platform)
    if access.audience == "permitted" and not context.can(access.permission):
        raise ForbiddenError(_("You may not do this. Ask the owner of the business."))


def _keep(context: RequestContext) -> None:
    """Write down, seldom, that a log-in or token is in use, and what the next page says first."""
    standing = context.standing if context.asked else None
    notices = context.notices_to_keep if standing is not None else None
    if standing is None or (notices is None and not standing.is_stale):
        return
    context.pause_reading()
    database, clock = context.platform.database, context.platform.clock
    if standing.principal.token_id is not None and standing.tenant is not None:
        with tenant_unit(database, standing.tenant, clock, writes=True) as inside:
            note_use(inside, standing.principal.token_id)
    elif standing.login:
        with platform_unit(database, clock, writes=True) as session:
            login = context.new_login or standing.login
            touch(session, login)
            if notices is not None:
                keep_notices(session, login, notices)


def _end(_error: BaseException | None) -> None:
    context: RequestContext | None = g.pop("guadua", None)
    if context is not None:
        context.end()
    structlog.contextvars.clear_contextvars()


def _speak(context: RequestContext, language: str) -> None:
    context.closing.enter_context(use_language(language))


def _strangers_language(cookie: Cookie) -> str:
    """Choose for who is not known: programs say it; a browser is often set to English by others."""
    if is_api(request.path):
        return request.accept_languages.best_match(tuple(LANGUAGES)) or FIRST
    return cookie.language or FIRST


def _is_uid(said: str) -> bool:
    try:
        UUID(said)
    except ValueError:
        return False
    return True

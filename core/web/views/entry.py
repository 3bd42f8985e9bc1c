"""The way in, the way out, and the choice of the business to work for."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from flask import Response, render_template, request

from core.auth.errors import LogInRefusedError, TooManyTriesError
from core.auth.logins import Attempt, NewLogin, log_in, log_out, login_id, switch_business
from core.db.uow import platform_unit
from core.errors import PlatformError
from core.i18n import _
from core.web.access import LOGGED_IN, PUBLIC, requires
from core.web.addresses import own_path, see_other
from core.web.caller import address_of
from core.web.context import current
from core.web.cookies import login_cookie, strangers_cookie
from core.web.pages.home import LoginPage, SwitchPage
from core.web.pages.record import Problem
from core.web.shell import bare_shell, choosing_shell
from core.web.views.blueprint import web


@web.get("/login")
@requires(PUBLIC)
def login() -> str | Response:
    """Show the way in; whoever is in already goes on."""
    wanted = own_path(request.args.get("next"))
    if current().visitor is not None:
        return see_other(wanted)
    return _login_page(wanted)


@web.post("/login")
@requires(PUBLIC, any_business=True)
def enter() -> Response | tuple[str, int, dict[str, str]]:
    """Check what was typed and begin a log-in."""
    context, form = current(), request.form
    platform = context.platform
    wanted = own_path(form.get("next"))
    attempt = Attempt(
        form.get("login", ""),
        form.get("password", ""),
        remember=bool(form.get("remember")),
        user_agent=request.user_agent.string,
    )
    address = address_of(request)
    try:
        platform.limits.log_in.refuse_empty(address)
        new = log_in(platform.database, platform.clock, platform.passwords, attempt)
    except (LogInRefusedError, TooManyTriesError) as error:
        if isinstance(error, LogInRefusedError):
            platform.limits.log_in.take(address)
        wait = error.context.get("retry_after")
        headers = {"Retry-After": str(wait)} if wait else {}
        return _login_page(wanted, attempt.email, error), error.http_status, headers
    _forget_old_login()
    _hold(new)
    return see_other(wanted if new.has_business else f"/switch?{urlencode({'next': wanted})}")


@web.post("/logout")
@requires(PUBLIC, any_business=True)
def logout() -> Response:
    """End the log-in."""
    _forget_old_login()
    current().cookie = strangers_cookie()
    return see_other("/login")


@web.get("/switch")
@requires(LOGGED_IN)
def switch() -> str:
    """Show the businesses that the person may enter."""
    page = SwitchPage(next_url=own_path(request.args.get("next")))
    return render_template("switch.html", shell=choosing_shell(_("Which business?")), page=page)


@web.post("/switch/<uuid:uid>")
@requires(LOGGED_IN, any_business=True)
def switch_to(uid: UUID) -> Response:
    """Work for another business from now on, under a new log-in token."""
    context = current()
    platform = context.platform
    with platform_unit(platform.database, platform.clock, writes=True) as session:
        new = switch_business(session, context.login, uid)
    _hold(new)
    return see_other(own_path(request.form.get("next")))


def _hold(new: NewLogin) -> None:
    context = current()
    lives = new.expires_at - context.platform.clock.now()
    age = int(lives.total_seconds()) if new.remember else None
    context.cookie = login_cookie(new.token, max_age=age)
    context.new_login = login_id(new.token)


def _forget_old_login() -> None:
    context = current()
    if not context.cookie.is_login:
        return
    platform = context.platform
    with platform_unit(platform.database, platform.clock, writes=True) as session:
        log_out(session, login_id(context.cookie.token))


def _login_page(wanted: str, typed: str = "", error: PlatformError | None = None) -> str:
    page = LoginPage(
        action_url="/login",
        login=typed,
        next_url=wanted,
        problems=(Problem(str(error.message)),) if error else (),
        remember=False,
        demo_users=current().platform.demo_users,
    )
    return render_template("login.html", shell=bare_shell(_("Enter your business")), page=page)

"""One's own name, password and log-ins."""

from __future__ import annotations

from flask import Response, request

from core.auth.logins import end_other_logins
from core.auth.users import change_password, password_hash_of, rename
from core.db.uow import platform_unit
from core.errors import BadInputError
from core.i18n import _
from core.web.access import LOGGED_IN, requires
from core.web.addresses import see_other
from core.web.context import current
from core.web.pages.record import ActionView, FieldView, Problem, RecordForm, SectionView
from core.web.shell import page
from core.web.views.blueprint import web


@web.get("/account")
@requires(LOGGED_IN)
def account() -> str:
    """Show one's own data."""
    return _page(current().principal.name)


@web.post("/account")
@requires(LOGGED_IN)
def save_account() -> Response | tuple[str, int]:
    """Change one's name, and the password where a new one was typed."""
    context, form = current(), request.form
    name = form.get("name", "").strip()
    try:
        hashed = _new_password()
        platform = context.platform
        context.pause_reading()
        with platform_unit(platform.database, platform.clock, writes=True) as session:
            rename(session, context.principal.user_id, name)
            if hashed:
                change_password(session, context.principal.user_id, hashed)
                end_other_logins(session, context.principal.user_id, context.login)
    except BadInputError as error:
        return _page(name, error), error.http_status
    context.flash("ok", _("Saved."))
    return see_other("/account")


@web.post("/account/others")
@requires(LOGGED_IN)
def end_others() -> Response:
    """End every other log-in of this person, everywhere, now."""
    context = current()
    platform = context.platform
    with platform_unit(platform.database, platform.clock, writes=True) as session:
        ended = end_other_logins(session, context.principal.user_id, context.login)
    context.flash("ok", _("Other log-ins ended: {count}.", count=ended))
    return see_other("/account")


def _new_password() -> str:
    """Hash the new password; empty when none was typed. Knowing the old one is a must."""
    context, form = current(), request.form
    wanted = form.get("new_password", "")
    if not wanted:
        return ""
    platform, person = context.platform, context.principal
    limit, key = platform.limits.log_in, f"password:{person.user_id}"
    limit.refuse_empty(key)
    with platform_unit(platform.database, platform.clock, writes=False) as session:
        known = password_hash_of(session, person.user_id)
    if not platform.passwords.agrees(form.get("password", ""), known):
        limit.take(key)
        text = _("That is not your present password.")
        raise BadInputError(text, fields={"password": text})
    return platform.passwords.hashed(wanted, about=(person.email, person.name))


def _page(name: str, error: BadInputError | None = None) -> str:
    wrong = dict(error.fields) if error else {}
    person = current().principal

    def errors(field: str) -> tuple[str, ...]:
        return (str(wrong[field]),) if field in wrong else ()

    record = RecordForm(
        title=_("My account"),
        save_url="/account",
        sections=(
            SectionView(
                fields=(
                    FieldView(
                        "name", _("Name"), value=name, required=True, errors=errors("name"),
                        autocomplete="name", maxlength=120,
                    ),
                    FieldView("email", _("E-mail"), kind="static", value=person.email),
                )
            ),
            SectionView(
                title=_("Change the password"),
                fields=(
                    FieldView(
                        "password", _("Present password"), kind="password",
                        errors=errors("password"), autocomplete="current-password",
                    ),
                    FieldView(
                        "new_password", _("New password"), kind="password",
                        errors=errors("new_password"), autocomplete="new-password",
                        hint=_("At least 8 characters; other log-ins end."),
                    ),
                ),
            ),
        ),
        actions=(
            ActionView(
                _("End other log-ins"), "/account/others", icon="logout",
                confirm=_("Other computers and phones will have to enter again."),
            ),
        ),
        problems=tuple(Problem(str(text), f"f-{field}") for field, text in wrong.items()),
    )  # fmt: skip
    return page("form.html", _("My account"), record=record)

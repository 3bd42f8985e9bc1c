"""Turns every error into an answer, in one place: a page, a piece of page, or problem details.

What nobody foresaw answers 500 with the reference of the request; the reason is in the log only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

import structlog
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from core.api.problems import problem_response
from core.auth.errors import LogInNeededError, NoBusinessError
from core.errors import BadInputError, NotFoundError, PlatformError
from core.i18n import LazyText, _
from core.web.addresses import see_other
from core.web.caller import is_api
from core.web.context import RequestContext, current
from core.web.pages.home import ErrorPage
from core.web.shell import bare_shell

log = structlog.get_logger(__name__)

#: What is said where the error has no words of its own.
TITLES: Final[Mapping[int, LazyText]] = {
    400: _("We did not understand that"),
    401: _("Log in to continue."),
    403: _("You may not see this"),
    404: _("There is nothing here"),
    405: _("That cannot be done here"),
    406: _("We cannot answer in that format"),
    409: _("Somebody changed it before you"),
    410: _("It is not here any more"),
    411: _("We did not understand that"),
    412: _("Somebody changed it before you"),
    413: _("That is too large"),
    414: _("The address is too long"),
    415: _("We cannot read that format"),
    422: _("Something needs correcting"),
    428: _("We did not understand that"),
    429: _("Too many attempts"),
    431: _("We did not understand that"),
    500: _("Something failed on our side"),
    501: _("That cannot be done here"),
    502: _("Something failed on our side"),
    503: _("Guadua is being updated"),
    504: _("Something failed on our side"),
}
#: Stable codes of the errors that HTTP itself knows.
CODES: Final[Mapping[int, str]] = {
    400: "http.bad_request",
    404: NotFoundError.code,
    405: "http.method_not_allowed",
    406: "http.not_acceptable",
    413: "http.too_large",
    414: "http.uri_too_long",
    415: "http.unsupported_media_type",
    429: "http.too_many_requests",
    503: "http.unavailable",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as it is told to whoever asked."""

    status: int
    code: str
    #: The error's own words; empty when the status says all.
    text: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    context: Mapping[str, object] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """A few words about the status."""
        return str(TITLES.get(self.status) or TITLES[500 if self.status >= 500 else 400])


def install_errors(app: Flask) -> None:
    """Let ``answer`` render every error of the application."""
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> Response:
    """Render an error for whoever asked: a program, a script, or a person."""
    context = current()
    failure = told(error)
    if failure.status >= 500:
        log.error("request_failed", request=context.request_id, code=failure.code, exc_info=error)
    if is_api(request.path) or _prefers_json():
        response = problem_response(
            failure.status,
            failure.code,
            failure.title,
            detail=failure.text,
            fields=failure.fields,
            codes=failure.codes,
            reference=context.request_id,
            more=_plain(failure.context),
        )
    elif (way := _way_in(error)) is not None:
        return way
    else:
        response = _page(context, failure)
    response.status_code = failure.status
    response.headers["X-Error-Code"] = failure.code
    for name, value in failure.headers:
        response.headers[name] = value
    return response


def told(error: Exception) -> Failure:
    """Say of an error what may be said; what is not meant for people is not."""
    if isinstance(error, PlatformError):
        return _told_platform(error)
    if isinstance(error, HTTPException) and error.code and error.response is None:
        code = error.code
        if code == 404:
            return Failure(404, NotFoundError.code)
        kept = ("Allow", "Retry-After", "WWW-Authenticate")
        headers = tuple((k, v) for k, v in error.get_headers() if k in kept)
        text = _too_large() if code == 413 else ""
        return Failure(code, CODES.get(code, f"http.{code}"), text, headers=headers)
    return Failure(500, "platform.unexpected")


def _too_large() -> str:
    allowed = (request.max_content_length or 0) // 1_000_000
    return str(_("What was sent is over the {allowed} MB allowed. Send less.", allowed=allowed))


def _told_platform(error: PlatformError) -> Failure:
    status = error.http_status
    if status >= 500 and status != 503:
        return Failure(status, error.code)
    headers = []
    wait = error.context.get("retry_after")
    if isinstance(wait, int):
        headers.append(("Retry-After", str(wait)))
    if status == 401 and is_api(request.path):
        headers.append(("WWW-Authenticate", 'Bearer realm="guadua"'))
    fields = error.fields if isinstance(error, BadInputError) else {}
    return Failure(
        status,
        error.code,
        str(error.message),
        {name: str(text) for name, text in fields.items()},
        tuple(headers),
        error.context,
        error.codes if isinstance(error, BadInputError) else {},
    )


def _prefers_json() -> bool:
    if request.headers.get("X-Fragment"):
        return False
    offered = ("text/html", "application/json", "application/problem+json")
    best = request.accept_mimetypes.best_match(offered, default="text/html")
    return best != "text/html"


def _way_in(error: Exception) -> Response | None:
    """Lead a person who opened a page to where they can continue."""
    if request.headers.get("X-Fragment") or request.method not in {"GET", "HEAD"}:
        return None
    # No url_for here: it fails where the routes themselves are wrong.
    here = request.full_path.rstrip("?")
    query = "" if here == "/" else "?" + urlencode({"next": here})
    if isinstance(error, LogInNeededError):
        return see_other(f"/login{query}")
    if isinstance(error, NoBusinessError):
        return see_other(f"/switch{query}")
    return None


def _page(context: RequestContext, failure: Failure) -> Response:
    if request.headers.get("X-Fragment"):
        text = failure.text or failure.title
        return Response(render_template("error_fragment.html", text=text), mimetype="text/html")
    page = ErrorPage(
        status=failure.status,
        code=failure.code,
        text=failure.text,
        reference=context.request_id if failure.status >= 500 else "",
        retry_after=_seconds(failure.context.get("retry_after")),
        other=context.standing.tenant_name if context.standing else "",
        return_url=_seen(failure.context.get("return_url")),
    )
    shell = bare_shell(failure.title)
    return Response(render_template("error.html", page=page, shell=shell), mimetype="text/html")


def _plain(context: Mapping[str, object]) -> dict[str, object]:
    hidden = {"return_url"}
    return {name: value for name, value in context.items() if name not in hidden}


def _seconds(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _seen(value: object) -> str | None:
    return value if isinstance(value, str) else None

"""The one cookie: the token of a log-in, or of a stranger with their language and theme.

Form tokens are made of it: HMAC-SHA256 of the cookie's token under the installation's key, so a
form serves exactly the log-in that it was made for.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from hashlib import sha256
from hmac import compare_digest, digest
from secrets import token_urlsafe
from typing import Final

from flask import Request, Response

from config.settings import Settings
from core.auth.users import THEMES
from core.i18n import LANGUAGES

_STRANGER: Final = "s"
_LOGIN: Final = "l"
#: A stranger's choice of language lasts this many seconds.
_YEAR: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Cookie:
    """What the browser sent, or what it will be sent."""

    token: str
    #: Whether ``token`` belongs to a log-in.
    is_login: bool = False
    #: Empty: nothing was chosen.
    language: str = ""
    theme: str = "auto"
    #: Whether the browser does not have it yet.
    is_new: bool = False
    #: Seconds that it lives; None ends it with the browser.
    max_age: int | None = None

    @property
    def value(self) -> str:
        """Write it down."""
        if self.is_login:
            return f"{_LOGIN}.{self.token}"
        return f"{_STRANGER}.{self.token}.{self.language}.{self.theme}"

    def with_choice(self, *, language: str = "", theme: str = "") -> Cookie:
        """Give a stranger's cookie with another language or theme."""
        return replace(
            self,
            language=language or self.language,
            theme=theme or self.theme,
            is_new=True,
            max_age=_YEAR,
        )


def login_cookie(token: str, *, max_age: int | None) -> Cookie:
    """Give the cookie of a fresh log-in."""
    return Cookie(token, is_login=True, is_new=True, max_age=max_age)


def strangers_cookie() -> Cookie:
    """Give a cookie for somebody who is not logged in."""
    return Cookie(token_urlsafe(18), is_new=True)


def cookie_name(settings: Settings) -> str:
    """Name the cookie; with https the browser itself ties it to this host."""
    return "__Host-guadua" if settings.https else "guadua"


def read_cookie(request: Request, settings: Settings) -> Cookie:
    """Read the cookie; one that makes no sense counts as none."""
    kind, *parts = request.cookies.get(cookie_name(settings), "").split(".")
    if kind == _LOGIN and len(parts) == 1 and len(parts[0]) >= 40:
        return Cookie(parts[0], is_login=True)
    if kind == _STRANGER and len(parts) == 3 and parts[0]:
        language = parts[1] if parts[1] in LANGUAGES else ""
        return Cookie(parts[0], language=language, theme=parts[2] if parts[2] in THEMES else "auto")
    return strangers_cookie()


def set_cookie(response: Response, cookie: Cookie, settings: Settings) -> None:
    """Send the cookie."""
    response.set_cookie(
        cookie_name(settings),
        cookie.value,
        max_age=cookie.max_age,
        secure=settings.https,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def form_token(cookie: Cookie, settings: Settings) -> str:
    """Give what every form of this browser's log-in carries."""
    key = sha256(b"form token\0" + settings.secret_key.encode()).digest()
    return urlsafe_b64encode(digest(key, cookie.token.encode(), "sha256")).decode().rstrip("=")


def is_form_token(said: str, cookie: Cookie, settings: Settings) -> bool:
    """Tell whether a form was made for this browser's log-in."""
    return compare_digest(said.encode(), form_token(cookie, settings).encode())

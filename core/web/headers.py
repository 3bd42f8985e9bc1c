"""The headers every answer carries: nothing of ours runs inline, nobody frames us."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from flask import Response

from config.settings import Settings

_ALWAYS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    (
        "Permissions-Policy",
        # What a till needs of its own machine, and nothing for anybody else.
        (
            "camera=(self), serial=(self), usb=(self), hid=(self), "
            "publickey-credentials-get=(self), geolocation=(), microphone=(), payment=(), "
            "display-capture=(), accelerometer=(), gyroscope=(), magnetometer=(), midi=()"
        ),
    ),
)
_POLICY: Final = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; object-src 'none'"
)
#: For what is no page: opened on its own it can do nothing.
_NOTHING: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def secure(response: Response, nonce: str, settings: Settings) -> None:
    """Put the security headers on an answer; a policy that a view set stays."""
    headers = response.headers
    for name, value in _fixed(https=settings.https):
        headers[name] = value
    if "Content-Security-Policy" not in headers:
        is_page = response.mimetype == "text/html"
        headers["Content-Security-Policy"] = _POLICY.format(nonce=nonce) if is_page else _NOTHING
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"


@lru_cache(maxsize=2)
def _fixed(*, https: bool) -> tuple[tuple[str, str], ...]:
    if not https:
        return _ALWAYS
    return (*_ALWAYS, ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))

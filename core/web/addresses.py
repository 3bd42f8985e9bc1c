"""Addresses that came from outside: followed only when they stay on this site."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, redirect, request


def own_path(said: str | None) -> str:
    """Give ``said`` if it is a path of this site, else the start page."""
    path = said or ""
    # Browsers read a backslash as a slash, and drop line breaks and tabs.
    if not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable():
        return "/"
    parts = urlsplit(path)
    return "/" if parts.scheme or parts.netloc else path


def where_from() -> str:
    """Give the path of the page that sent the request, if it is one of ours."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return "/"
    return own_path(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def see_other(path: str) -> Response:
    """Send the browser to ``path`` with a GET, as after every form."""
    return as_response(redirect(path, 303))


def as_response(made: object) -> Response:
    """Say what Flask does not: what it makes is its own kind of answer."""
    if not isinstance(made, Response):
        raise TypeError(f"{type(made).__name__} is no answer of ours")
    return made

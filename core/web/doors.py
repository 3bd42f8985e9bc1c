"""Whether a link leads anywhere for whoever reads it: pages show only what may be opened."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from core.web.access import access_of
from core.web.context import current


def may_open(url: str) -> bool:
    """Tell whether the one who reads holds the permission of the page at ``url``.

    An address outside the application may be opened by anybody; one that no route has, by nobody.
    Which records of a page somebody sees is the page's own to say.
    """
    parts = urlsplit(url)
    if parts.netloc or not parts.path.startswith("/"):
        return True
    try:
        endpoint, _values = current_app.url_map.bind("localhost").match(parts.path, "GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    access = access_of(endpoint, current_app.view_functions[endpoint])
    return access.audience != "permitted" or current().can(access.permission)

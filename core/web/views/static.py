"""Style sheets, scripts and pictures."""

from __future__ import annotations

from typing import Final

from flask import Response, request
from werkzeug.exceptions import NotFound

from core.web.access import PUBLIC, requires
from core.web.addresses import as_response
from core.web.platform import current_platform
from core.web.views.blueprint import web

_FOREVER: Final = "public, max-age=31536000, immutable"
#: A worker runs under the policy of its own script; a picture opened alone runs nothing.
_POLICY: Final = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'"


@web.get("/static/<path:name>")
@requires(PUBLIC)
def static(name: str) -> Response:
    """Give a file: for ever under its hash, to be asked for again under any other address."""
    platform = current_platform()
    found = platform.statics.find(name)
    if found is None:
        raise NotFound
    file, for_ever = found
    kept = for_ever and platform.settings.profile != "development"
    response = Response(file.path.read_bytes(), content_type=file.content_type)
    response.set_etag(file.etag)
    response.headers["Cache-Control"] = _FOREVER if kept else "no-cache"
    response.headers["Content-Security-Policy"] = _POLICY
    if request.path.endswith(".mjs") or request.path.endswith(".js"):
        response.headers["Service-Worker-Allowed"] = "/"
    return as_response(response.make_conditional(request))

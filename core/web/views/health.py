"""What balancers, supervisors and operators' dashboards ask."""

from __future__ import annotations

from hmac import compare_digest
from ipaddress import ip_address

from flask import Response, jsonify, request
from werkzeug.exceptions import NotFound

from core.metrics import exposition
from core.web.access import PUBLIC, requires
from core.web.platform import current_platform
from core.web.readiness import readiness
from core.web.views.blueprint import web


@web.get("/healthz")
@requires(PUBLIC)
def healthz() -> Response:
    """Say that the process lives; it asks nobody."""
    return Response("ok\n", mimetype="text/plain")


@web.get("/readyz")
@requires(PUBLIC)
def readyz() -> Response:
    """Say whether requests can be answered, and whether the process is of today."""
    found = readiness(current_platform())
    response = jsonify(
        ready=found.ready,
        current=found.current,
        generation=found.generation,
        **({"problem": found.problem} if found.problem else {}),
    )
    response.status_code = 200 if found.ready else 503
    return response


@web.get("/metrics")
@requires(PUBLIC)
def metrics() -> Response:
    """Give the figures to this machine, or to who holds GUADUA_METRICS_TOKEN."""
    if not (_is_this_machine() or _holds_token(current_platform().settings.metrics_token)):
        raise NotFound
    body, content_type = exposition()
    return Response(body, content_type=content_type)


def _is_this_machine() -> bool:
    # A proxy on this machine forwards for strangers.
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _holds_token(token: str) -> bool:
    said = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and compare_digest(said.encode(), token.encode())

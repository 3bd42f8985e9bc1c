"""Finds out who sent a request: a browser with a log-in, or a program with a token."""

from __future__ import annotations

from flask import Request

from core.auth.errors import BadTokenError
from core.auth.lookup import FoundToken, Standing, find_login, find_token
from core.auth.policy import known_token
from core.auth.principal import Principal
from core.i18n import _
from core.tenancy import TenantSession
from core.web.cookies import Cookie
from core.web.platform import Platform

_SCHEME = "bearer "


def is_api(path: str) -> bool:
    """Tell whether a path is for programs: ``/api/…`` and ``/<addon>/api/…``."""
    parts = path.split("/", 3)
    return "api" in parts[1:3] and parts[1] != "docs"


def bearer_token(request: Request) -> str | None:
    """Give the token that a program sent, or None; pages know no tokens."""
    said = request.headers.get("Authorization", "")
    if not is_api(request.path) or said[: len(_SCHEME)].lower() != _SCHEME:
        return None
    return said[len(_SCHEME) :].strip()


def address_of(request: Request) -> str:
    """Give the address that limits are counted for."""
    return request.remote_addr or "?"


def identify(platform: Platform, request: Request, cookie: Cookie) -> Standing | None:
    """Tell who asks; a wrong token is refused, a wrong cookie is nobody's."""
    token = bearer_token(request)
    if token is not None:
        return _program(platform, token, address_of(request))
    if not cookie.is_login:
        return None
    return find_login(platform.database, cookie.token, platform.clock.now())


def _program(platform: Platform, token: str, address: str) -> Standing:
    platform.limits.token.refuse_empty(address)
    found = find_token(platform.database, token)
    standing = _serving(platform, found) if found else None
    if standing is None:
        platform.limits.token.take(address)
        raise BadTokenError(_("The API token is not valid. Create another one."))
    return standing


def _serving(platform: Platform, found: FoundToken) -> Standing | None:
    with TenantSession(
        platform.database, tenant=found.tenant, clock=platform.clock, epoch=found.epoch
    ) as session:
        facts = known_token(session, found.token_id)
    if facts is None or not facts.serves(platform.clock.now()):
        return None
    return Standing(
        principal=Principal(facts.created_by, facts.name, token_id=found.token_id),
        tenant=found.tenant,
        tenant_name=found.tenant_name,
        is_demo=found.is_demo,
        epoch=found.epoch,
        generation=found.generation,
        is_stale=platform.limits.token_use.due(found.token_id, platform.clock.now()),
    )

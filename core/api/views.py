"""The core's own routes for programs."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Blueprint, Response, current_app, jsonify
from pydantic import BaseModel

from core.api.openapi import openapi_document
from core.api.routes import api
from core.i18n import _
from core.web.access import LOGGED_IN, requires
from core.web.context import current

blueprint: Final = Blueprint("core_api", __name__, url_prefix="/api/v1")


class Me(BaseModel):
    """Who asks, for which business, and what they may do."""

    name: str
    business: UUID
    business_name: str
    applications: list[str]
    permissions: list[str]


@blueprint.get("/openapi.json")
@requires(LOGGED_IN)
def openapi() -> Response:
    """Describe the API of the business that is worked for: only of what it turned on."""
    return jsonify(openapi_document(current_app, current().enabled))


@blueprint.get("/me")
@api(permission=LOGGED_IN, summary=_("Who asks, and what they may do"), response=Me)
def me() -> Me:
    """Tell a program whether its token works, and what for."""
    context = current()
    standing = context.standing
    return Me(
        name=context.principal.name,
        business=context.tenant.uid,
        business_name=standing.tenant_name if standing else "",
        applications=sorted(context.enabled),
        permissions=sorted(context.rights),
    )

"""The till's API: JSON in and out, decimals as strings, errors as problem details."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final, TypeVar
from uuid import UUID

import orjson
from flask import Blueprint, Response, request
from pydantic import BaseModel, ValidationError

from addons.contacts.services import find_partners, written_identification
from addons.pos import permissions, services
from addons.pos.bootstrap import bootstrap
from addons.pos.drafts import (
    CloseDrawer,
    MoveCash,
    OpenDrawer,
    SaleDraft,
    SyncItem,
    SyncRequest,
)
from addons.pos.facts import TillFacts, till_facts
from addons.pos.flows import complete_sale
from addons.pos.models import DrawerSession
from addons.pos.pricing import Seller, Ticket
from addons.pos.queries import DrawerSummary, drawer_summary
from addons.pos.receipt import figure, find_sale, receipt
from addons.pos.till_catalog import catalog_page, stock_now
from core.api.bodies import refuse_unkept
from core.db.idempotency import IdempotencyConflictError
from core.errors import BadInputError, NotFoundError, PlatformError
from core.i18n import _
from core.web.access import requires
from core.web.context import RequestContext, current

Model = TypeVar("Model", bound=BaseModel)

blueprint = Blueprint("pos_api", __name__, url_prefix="/pos/api/v1")

#: From here on an error is ours or passing: the till keeps the sale and sends it again.
_TRY_AGAIN: Final = 500


@blueprint.get("/tills/<uuid:till_id>/bootstrap")
@requires(permissions.SELL.name)
def start(till_id: UUID) -> Response:
    """Tell a till what it needs to know."""
    context = current()
    till = _till(context, till_id, permissions.SELL.name)
    standing = context.standing
    name = standing.tenant_name if standing else ""
    is_demo = bool(standing and standing.is_demo)
    return answer(bootstrap(context, till, name, is_demo=is_demo))


@blueprint.get("/tills/<uuid:till_id>/catalog")
@requires(permissions.SELL.name)
def catalog(till_id: UUID) -> Response:
    """Give a page of the till's products."""
    context = current()
    till = _till(context, till_id, permissions.SELL.name)
    after = request.args.get("after")
    try:
        cursor = UUID(after) if after else None
    except ValueError:
        raise BadInputError(_("This page of products does not exist. Reload the till.")) from None
    address = context.platform.statics.address
    return answer(catalog_page(context.read(), context.hooks, till, cursor, address))


@blueprint.get("/tills/<uuid:till_id>/stock/<uuid:product_id>")
@requires(permissions.SELL.name)
def stock(till_id: UUID, product_id: UUID) -> Response:
    """Say what is left of a product now, for a till about to warn that there is too little."""
    context = current()
    till = _till(context, till_id, permissions.SELL.name)
    return answer(stock_now(context.read(), context.hooks, till, product_id))


@blueprint.post("/sync")
@requires(permissions.SELL.name)
def sync() -> Response:
    """Write up to twenty sales, each on its own; every one is answered by its uuid.

    ``stored`` and ``replayed`` carry the answer; ``rejected`` and ``conflict`` say why and wait for
    a person. A failure of ours ends the request: what was stored answers again when it is resent.
    """
    context = current()
    asked = parse(SyncRequest)
    till = _till(context, asked.register_id, permissions.SELL.name)
    seller = _seller(context)
    return answer({"results": [_item(context, till, seller, item) for item in asked.items]})


@blueprint.get("/sales/<uuid:sale_id>")
@requires(permissions.READ.name)
def sale(sale_id: UUID) -> Response:
    """Show a sale as its ticket does, with the state of its legal document."""
    context = current()
    session = context.read()
    found = find_sale(session, sale_id, context.establishments(permissions.READ.name))
    return answer(receipt(session, context.hooks, found))


@blueprint.post("/tills/<uuid:till_id>/session")
@requires(permissions.DRAWER.name)
def open_drawer(till_id: UUID) -> Response:
    """Open the drawer with its float."""
    context = current()
    _till(context, till_id, permissions.DRAWER.name)
    wanted = parse(OpenDrawer)
    with context.write() as session:
        drawer = services.open_drawer(
            session,
            till_id,
            key=wanted.id,
            seller=_seller(context),
            float_amount=wanted.float_amount,
        )
    return answer(
        {
            "id": str(drawer.id),
            "opened_at": drawer.opened_at.isoformat(),
            "float": figure(drawer.float_amount),
        }
    )


@blueprint.post("/sessions/<uuid:session_id>/movements")
@requires(permissions.DRAWER.name)
def move_cash(session_id: UUID) -> Response:
    """Put cash into the drawer, or take it out."""
    context = current()
    movement = parse(MoveCash)
    with context.write() as session:
        services.move_cash(session, _drawer(context, session_id).id, movement)
    return answer({"id": str(movement.id)})


@blueprint.get("/sessions/<uuid:session_id>/summary")
@requires(permissions.DRAWER.name)
def summary(session_id: UUID) -> Response:
    """Sum a drawer session; ``blind=1`` leaves out what is expected to be counted."""
    context = current()
    drawer = _drawer(context, session_id)
    found = drawer_summary(context.read(), drawer)
    blind = request.args.get("blind") == "1" and drawer.state == "open"
    return answer(_summary(drawer, found, blind=blind))


@blueprint.post("/sessions/<uuid:session_id>/close")
@requires(permissions.DRAWER.name)
def close_drawer(session_id: UUID) -> Response:
    """Close the drawer with what was counted, and say what was expected."""
    context = current()
    count = parse(CloseDrawer)
    _drawer(context, session_id)
    with context.write() as session:
        closing = services.close_drawer(session, session_id, count)
    drawer = _drawer(context, session_id)
    found = drawer_summary(context.read(), drawer)
    return answer(
        {
            **_summary(drawer, found, blind=False),
            "expected": figure(closing.expected),
            "counted": figure(closing.counted),
            "difference": figure(closing.difference),
        }
    )


@blueprint.get("/customers")
@requires(permissions.SELL.name)
def customers() -> Response:
    """Find customers by the beginnings of words of their name, or their identification."""
    text = request.args.get("q", "")[:80]
    found = find_partners(current().read(), text) if text.strip() else []
    return answer(
        [
            {
                "id": str(row.id),
                "name": row.name,
                "identification": written_identification(
                    row.identification_type, row.identification, row.check_digit
                ),
            }
            for row in found
        ]
    )


def answer(body: Any) -> Response:
    """Give JSON."""
    return Response(orjson.dumps(body, default=str), mimetype="application/json")


def parse(model: type[Model]) -> Model:
    """Read the request's body as ``model``, or say field by field what is wrong with it."""
    body = request.get_json(force=True)
    refuse_unkept(request.get_data())
    return check(model, body)


def check(model: type[Model], body: Any) -> Model:
    """Check ``body``; raise ``BadInputError`` with one text per field."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        fields = {
            ".".join(str(part) for part in each["loc"]): each["msg"] for each in error.errors()
        }
        raise BadInputError(
            _("What the till sent cannot be understood. Reload the page."), fields=fields
        ) from error


def _item(
    context: RequestContext, till: TillFacts, seller: Seller, item: SyncItem
) -> dict[str, Any]:
    result: dict[str, Any] = {"uuid": str(item.uuid), "answer": None, "error": None}
    fingerprint = sha256(orjson.dumps(item.doc, option=orjson.OPT_SORT_KEYS)).digest()
    try:
        draft = check(SaleDraft, item.doc)
        ticket = Ticket(id=item.uuid, draft=draft, till=till, seller=seller)
        written = complete_sale(context.hot(), context.platform.registry, ticket, fingerprint)
    except PlatformError as error:
        if error.http_status >= _TRY_AGAIN:
            raise
        conflict = isinstance(error, IdempotencyConflictError)
        result["status"] = "conflict" if conflict else "rejected"
        result["error"] = {
            "code": error.context.get("objection", error.code),
            "message": str(error),
            "fields": {k: str(v) for k, v in getattr(error, "fields", {}).items()},
        }
    else:
        result["status"] = "replayed" if written.replayed else "stored"
        result["answer"] = {**written.body.get("document", {}), **written.body}
    return result


def _till(context: RequestContext, till_id: UUID, permission: str) -> TillFacts:
    """Give a till where the permission is held; any other does not exist."""
    found = till_facts(context.read(), till_id)
    where = context.establishments(permission)
    if where is not None and found.establishment_id not in where:
        raise NotFoundError(_("This till does not exist."))
    return found


def _drawer(context: RequestContext, session_id: UUID) -> DrawerSession:
    session = context.read()
    drawer = session.get(DrawerSession, (session.tenant_id, session_id), populate_existing=True)
    where = context.establishments(permissions.DRAWER.name)
    if drawer is None or (where is not None and drawer.establishment_id not in where):
        raise NotFoundError(_("This drawer session does not exist."))
    return drawer


def _seller(context: RequestContext) -> Seller:
    return Seller(
        context.principal.user_id,
        context.principal.name,
        may_change_prices=context.can(permissions.CHANGE_PRICE.name),
        may_discount=context.can(permissions.DISCOUNT.name),
    )


def _summary(drawer: DrawerSession, found: DrawerSummary, *, blind: bool) -> dict[str, Any]:
    expected = {
        "expected": figure(found.expected),
        "cash_in": figure(found.cash_in),
        "cash_out": figure(found.cash_out),
        "sales_total": figure(found.sales_total),
    }
    return {
        "id": str(drawer.id),
        "state": drawer.state,
        "float": figure(drawer.float_amount),
        "sales_count": found.sales_count,
        "by_method": [
            {
                "method": row.method,
                "title": row.title,
                "kind": row.kind,
                "count": row.count,
                "expected": None if blind else figure(row.expected),
            }
            for row in found.by_method
        ],
        **({} if blind else expected),
    }

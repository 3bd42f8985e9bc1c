"""Declares a route for programs: permission, models and words in one place.

What is declared is what is checked and what ``/api/v1/openapi.json`` says::

    @blueprint.post("/api/v1/partners")
    @api(
        permission="contacts.partner.write",
        summary="Create a partner",
        request=NewPartner,
        response=PartnerOut,
        status=201,
        once="contacts.partner.create",
    )
    def create_partner(body: NewPartner, session: TenantSession) -> PartnerOut: ...
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final, TypeAlias

import orjson
from flask import Response
from pydantic import BaseModel

from core.api.bodies import parse_body, parse_query
from core.api.once import once as do_once
from core.i18n import LazyText
from core.tenancy import TenantSession
from core.web.access import BODY_LIMIT, Access, requires
from core.web.context import current

_MARK: Final = "__guadua_api__"
#: The model of a body, or what gives it for the addons that a business switched on.
Body: TypeAlias = type[BaseModel] | Callable[[frozenset[str]], type[BaseModel]]


@dataclass(frozen=True, slots=True)
class Declared:
    """One route as the API document tells it."""

    permission: str | Access
    summary: str | LazyText
    request: Body | None
    response: Any
    query: type[BaseModel] | None
    status: int
    once: str
    description: str
    #: Headers that the request must carry, by name: what they say.
    headers: Mapping[str, str] = field(default_factory=dict)
    #: What a value of the path may be, where it depends on the business.
    choices: Mapping[str, Callable[[frozenset[str]], Sequence[str]]] = field(default_factory=dict)
    #: What the view reads of the query by itself: JSON schemas by name.
    asked: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def api(  # noqa: PLR0913 - all by name: it reads as the declaration it is
    *,
    permission: str | Access,
    summary: str | LazyText,
    request: Body | None = None,
    reads: Body | None = None,
    response: Any = None,
    query: type[BaseModel] | None = None,
    status: int = 200,
    once: str = "",
    fiscal: bool = False,
    body_limit: int = BODY_LIMIT,
    headers: Mapping[str, str] | None = None,
    choices: Mapping[str, Callable[[frozenset[str]], Sequence[str]]] | None = None,
    asked: Mapping[str, Mapping[str, Any]] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Declare a view for programs; put it directly on the function, under the route's decorator.

    The view is called with the values of the path, ``body`` (when ``request`` is a model),
    ``query`` likewise, and ``session`` when ``once`` names the write: then the request needs an
    ``Idempotency-Key`` and the session's unit of work keeps the answer, for ever when the write is
    ``fiscal``. It gives a model, a list of models, or None. ``response`` is the model, or
    ``list[Model]``. A ``request`` that depends on the addons of the business is a function of them;
    ``reads`` is one that the view parses itself, and ``asked`` tells its query likewise.
    """

    def declare(view: Callable[..., Any]) -> Callable[..., Response]:
        @wraps(view)
        def answer(**path: Any) -> Response:
            given = dict(path)
            if request is not None:
                given["body"] = parse_body(body_model(request, _enabled))
            if query is not None:
                given["query"] = parse_query(query)
            if not once:
                return _response(view(**given), status)

            def work(session: TenantSession) -> tuple[int, Any]:
                return status, plain(view(**given, session=session))

            return do_once(once, work, fiscal=fiscal)

        declared = Declared(
            permission, summary, request or reads, response, query, status, once,
            (view.__doc__ or "").strip(), headers or {}, choices or {}, asked or {},
        )  # fmt: skip
        setattr(answer, _MARK, declared)
        return requires(permission, body_limit=body_limit)(answer)

    return declare


def declared(view: Callable[..., Any]) -> Declared | None:
    """Give what a view declared with ``@api``."""
    found = getattr(view, _MARK, None)
    return found if isinstance(found, Declared) else None


def plain(answer: Any) -> Any:
    """Turn models into plain JSON values: decimals and ids become strings."""
    if isinstance(answer, BaseModel):
        return answer.model_dump(mode="json")
    if isinstance(answer, list | tuple):
        return [plain(one) for one in answer]
    return answer


def body_model(body: Body, enabled: Callable[[], frozenset[str]]) -> type[BaseModel]:
    """Give the model of a body for whoever asks; most do not depend on that."""
    return body if isinstance(body, type) else body(enabled())


def _enabled() -> frozenset[str]:
    return current().enabled


def _response(answer: Any, status: int) -> Response:
    if isinstance(answer, Response):
        return answer
    if answer is None:
        return Response(status=204 if status == 200 else status)
    return Response(orjson.dumps(plain(answer), default=str), status, mimetype="application/json")

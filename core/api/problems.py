"""Problem details (RFC 9457): how an error looks to a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from flask import Response

CONTENT_TYPE = "application/problem+json"
#: The place of what is wrong with a body as a whole.
BODY: Final = "body"


def problem_response(  # noqa: PLR0913 - the members of RFC 9457, all by name
    status: int,
    code: str,
    title: str,
    *,
    detail: str = "",
    fields: Mapping[str, str] | None = None,
    codes: Mapping[str, str] | None = None,
    reference: str = "",
    more: Mapping[str, object] | None = None,
) -> Response:
    """Answer with problem details.

    ``code`` is stable and what a program looks at; ``title`` and ``detail`` are for people;
    ``fields`` names what is wrong in the body; ``errors`` says the same with JSON pointers
    (RFC 6901) and a stable ``code`` for each; ``reference`` finds the request in the log.
    """
    body: dict[str, Any] = {
        **(more or {}),
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or title,
        "code": code,
        "reference": reference,
    }
    if fields:
        body["fields"] = dict(fields)
        body["errors"] = [
            {
                "pointer": pointer(place),
                "code": (codes or {}).get(place, "invalid"),
                "detail": text,
            }
            for place, text in fields.items()
        ]
    return Response(orjson.dumps(body, default=str), status, mimetype=CONTENT_TYPE)


def pointer(place: str) -> str:
    """Write a place such as ``lines.1.qty`` as a pointer into the body: ``#/lines/1/qty``."""
    if place == BODY:
        return "#"
    return "#/" + "/".join(step.replace("~", "~0").replace("/", "~1") for step in place.split("."))

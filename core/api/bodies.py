"""Reads bodies and queries by their models; every fault names its field, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, TypeVar

import orjson
from flask import request
from pydantic import BaseModel, ValidationError

from core.api.faults import fault
from core.api.problems import BODY
from core.errors import BadInputError, PlatformError
from core.i18n import _

Model = TypeVar("Model", bound=BaseModel)


class MalformedError(PlatformError):
    """The body is no JSON at all."""

    code: ClassVar[str] = "api.malformed"
    http_status: ClassVar[int] = 400


class WrongMediaTypeError(PlatformError):
    """The body says that it is something else than JSON."""

    code: ClassVar[str] = "api.media_type"
    http_status: ClassVar[int] = 415


def parse_body(model: type[Model]) -> Model:
    """Read the JSON body as ``model``; 400 for what is no JSON, 422 naming each wrong field."""
    if request.mimetype != "application/json" and not request.mimetype.endswith("+json"):
        raise WrongMediaTypeError(_("Send JSON, with Content-Type: application/json."))
    body = request.get_data()
    try:
        found = model.model_validate_json(body)
    except ValidationError as error:
        raise invalid(error) from error
    refuse_unkept(body)
    return found


def refuse_unkept(body: bytes) -> None:
    """Refuse texts with the character U+0000, by field: PostgreSQL keeps none.

    JSON can only say it as an escape, so nothing is read again without one.
    """
    if b"\\u0000" not in body:
        return
    fields = {
        path or "body": _("This value is not valid.") for path in _unkept("", orjson.loads(body))
    }
    if fields:
        raise BadInputError(_("Some values are not right."), fields=fields)


def _unkept(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, str) and "\0" in value:
        yield path
    parts: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, dict) else ()
    parts = enumerate(value) if isinstance(value, list) else parts
    for name, part in parts:
        yield from _unkept(f"{path}.{name}".lstrip("."), part)
        yield from _unkept(path, name)


def parse_query(model: type[Model]) -> Model:
    """Read the query as ``model``; a name that comes several times is a list."""
    said: dict[str, Any] = {
        name: values if len(values) > 1 else values[0] for name, values in request.args.lists()
    }
    try:
        return model.model_validate(said)
    except ValidationError as error:
        raise invalid(error) from error


def validated(model: type[Model], values: Mapping[str, Any]) -> Model:
    """Make a model of values that did not come as one body; refuse naming each wrong field."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        raise invalid(error) from error


def invalid(error: ValidationError) -> PlatformError:
    """Say what a model found wrong, field by field, in the reader's words."""
    found = error.errors(include_url=False, include_input=False)
    if any(one["type"] == "json_invalid" for one in found):
        return MalformedError(_("The body is not valid JSON."))
    fields: Mapping[str, object] = {
        ".".join(map(str, one["loc"])) or BODY: fault(one) for one in found
    }
    codes = {".".join(map(str, one["loc"])) or BODY: one["type"] for one in found}
    return BadInputError(_("Some values are not right."), fields=fields, codes=codes)

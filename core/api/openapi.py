"""Writes the OpenAPI 3.1 document of the routes that a business can use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, Literal, get_args, get_origin

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from core.api.once import HEADER
from core.api.routes import Declared, body_model, declared
from core.web.access import Access
from core.web.platform import platform_of

VERSION: Final = "3.1.0"
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_REF: Final = "#/components/schemas/{model}"
_PARAMETER: Final = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
_KINDS: Final[dict[str, dict[str, str]]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer"},
    "date": {"type": "string", "format": "date"},
}
_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "Problem details (RFC 9457). `code` is stable; `title` and `detail` are words.",
    "required": ["type", "title", "status", "detail", "code", "reference"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "reference": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901: `#/lines/1/qty`"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}

#: What a model looks like depends on the way it goes.
Mode = Literal["validation", "serialization"]


def openapi_document(app: Flask, enabled: frozenset[str]) -> dict[str, Any]:
    """Describe the core's routes and those of ``enabled`` addons, in a fixed order."""
    platform = platform_of(app)
    routes = sorted(_routes(app, enabled), key=lambda one: (one[0].rule, one[1]))
    models = {model for _rule, _method, told in routes for model in _models(told, enabled)}
    ordered = sorted(models, key=lambda one: (one[0].__qualname__, one[1]))
    names, definitions = models_json_schema(ordered, ref_template=_REF)
    paths: dict[str, Any] = {}
    for rule, method, told in routes:
        path = _PARAMETER.sub(r"{\g<name>}", rule.rule)
        paths.setdefault(path, {})[method.lower()] = _operation(app, rule, told, names, enabled)
    return {
        "openapi": VERSION,
        "info": {
            "title": "Guadua",
            "version": platform.version,
            "description": "Decimals and ids are strings; moments carry their zone.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": platform.settings.public_url}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {**definitions.get("$defs", {}), "Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _routes(app: Flask, enabled: frozenset[str]) -> Iterator[tuple[Rule, str, Declared]]:
    gate = platform_of(app).gate
    for rule in app.url_map.iter_rules():
        told = declared(app.view_functions[rule.endpoint])
        owner = gate.addon_of_endpoint(rule.endpoint)
        if told is None or (owner is not None and owner not in enabled):
            continue
        if not all(possible(enabled) for possible in told.choices.values()):
            continue
        for method in _METHODS:
            if method in (rule.methods or ()):
                yield rule, method, told


def _operation(
    app: Flask, rule: Rule, told: Declared, names: dict[Any, Any], enabled: frozenset[str]
) -> dict[str, Any]:
    owner = platform_of(app).gate.addon_of_endpoint(rule.endpoint) or "core"
    operation: dict[str, Any] = {
        "operationId": rule.endpoint.replace(".", "_"),
        "summary": str(told.summary),
        "description": told.description,
        "tags": [owner],
        "parameters": list(_parameters(rule, told, enabled)),
        "responses": {
            str(told.status): _answer(told, names),
            "default": {
                "description": "What went wrong",
                "content": {
                    "application/problem+json": {"schema": {"$ref": _REF.format(model="Problem")}}
                },
            },
        },
    }
    scope = told.permission if isinstance(told.permission, str) else told.permission.permission
    if scope:
        operation["x-permission"] = scope
    elif isinstance(told.permission, Access) and told.permission.audience == "public":
        operation["security"] = []
    if told.request is not None:
        schema = names[body_model(told.request, lambda: enabled), "validation"]
        body = {"required": True, "content": {"application/json": {"schema": schema}}}
        operation["requestBody"] = body
    return operation


def _parameters(rule: Rule, told: Declared, enabled: frozenset[str]) -> Iterator[dict[str, Any]]:
    for found in _PARAMETER.finditer(rule.rule):
        schema: dict[str, Any] = dict(_KINDS.get(found["kind"] or "", {"type": "string"}))
        if found["name"] in told.choices:
            schema["enum"] = list(told.choices[found["name"]](enabled))
        yield {"name": found["name"], "in": "path", "required": True, "schema": schema}
    if told.query is not None:
        described = told.query.model_json_schema(ref_template=_REF)
        needed = described.get("required", [])
        for name, schema in described.get("properties", {}).items():
            yield {"name": name, "in": "query", "required": name in needed, "schema": schema}
    for name, plain in told.asked.items():
        yield {"name": name, "in": "query", "required": False, "schema": dict(plain)}
    for name, said in told.headers.items():
        yield {
            "name": name,
            "in": "header",
            "required": True,
            "description": said,
            "schema": {"type": "string"},
        }
    if told.once:
        yield {
            "name": HEADER,
            "in": "header",
            "required": True,
            "description": "The same key answers the same; a fresh UUID for each write.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200},
        }


def _answer(told: Declared, names: dict[Any, Any]) -> dict[str, Any]:
    if told.response is None:
        return {"description": "Done"}
    item = _listed(told.response)
    schema: dict[str, Any] = names[item or told.response, "serialization"]
    if item is not None:
        schema = {"type": "array", "items": schema}
    return {"description": "Done", "content": {"application/json": {"schema": schema}}}


def _models(told: Declared, enabled: frozenset[str]) -> Iterator[tuple[type[BaseModel], Mode]]:
    if told.request is not None:
        yield body_model(told.request, lambda: enabled), "validation"
    if told.response is not None:
        yield _listed(told.response) or told.response, "serialization"


def _listed(response: Any) -> type[BaseModel] | None:
    """Give the model of a list of models."""
    if get_origin(response) is not list:
        return None
    item: type[BaseModel] = get_args(response)[0]
    return item

"""Every door of the application, and the same question asked with their id and with nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from flask import Flask
from sqlalchemy import Table, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core.db.base import Base
from core.db.engine import open_owner
from core.db.scope import is_tenant_bound
from core.testing.house import House
from core.testing.shared import ROOT
from core.testing.web import ORIGIN, Browser

SAFE: Final = frozenset({"GET", "HEAD"})
#: HEAD is GET without its body.
_NO_DOORS: Final = frozenset({"OPTIONS", "HEAD"})
_ARGUMENT: Final = re.compile(r"""(?:args|form|values)\.(?:get|getlist)\(\s*["'](\w+)["']""")
_UUID_FIELD: Final = re.compile(r"^    (\w+): (?:UUID|Annotated\[UUID)", re.MULTILINE)
_ALIAS: Final = re.compile(r'alias="(\w+)"')
#: What every answer has of its own.
_OWN: Final = (
    re.compile(r'nonce="[^"]*"'),
    re.compile(r"'nonce-[^']*'"),
    re.compile(r'(name="csrf-token" content|name="(?:csrf_token|form_key)" value)="[^"]*"'),
)
_OWN_HEADERS: Final = frozenset({"Date", "X-Request-Id"})


@dataclass(frozen=True)
class Door:
    """A route and a method."""

    rule: Rule
    method: str

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"

    def address(self, value: str) -> str:
        """Fill every place of the address with ``value``."""
        return re.sub(r"<[^>]+>", quote(value), str(self.rule))

    @property
    def takes_id(self) -> bool:
        """Tell whether its address has a place for an id."""
        return bool(self.rule.arguments)


@dataclass(frozen=True)
class Said:
    """An answer without what differs between two answers to the same question."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


def doors(app: Flask) -> list[Door]:
    """Give every route with every method; a new route is in it by itself."""
    return [
        Door(rule, method)
        for rule in sorted(app.url_map.iter_rules(), key=str)
        for method in sorted((rule.methods or set()) - _NO_DOORS)
    ]


@cache
def names() -> tuple[str, ...]:
    """Give every name under which some code of ours looks for a value in query, form or JSON."""
    found: set[str] = {"id", "uuid", "after", "register"}
    for folder in ("core", "addons"):
        for path in (ROOT / folder).rglob("*.py"):
            if not {"tests", "testing", "simulator", "migrations"} & set(path.parts):
                text = path.read_text(encoding="utf-8")
                found.update(_ARGUMENT.findall(text), _UUID_FIELD.findall(text))
                found.update(_ALIAS.findall(text))
    return tuple(sorted(found - {"csrf_token", "tenant_uid", "next", "tenant_id"}))


def plain(answer: TestResponse, *ids: object) -> Said:
    """Take out the ids that were asked for, and what belongs to the single answer."""
    request_id = answer.headers.get("X-Request-Id", "")

    def cleaned(text: str) -> str:
        for one in (*ids, request_id):
            if str(one):
                text = text.replace(str(one), "ID").replace(quote(str(one)), "ID")
        for pattern in _OWN:
            text = pattern.sub("OWN", text)
        return text

    headers = [(k, cleaned(v)) for k, v in answer.headers if k not in _OWN_HEADERS]
    body = answer.get_data().decode("utf-8", "replace")
    kept = [(k, "COOKIE" if k == "Set-Cookie" else v) for k, v in headers if k != "Content-Length"]
    return Said(answer.status_code, tuple(kept), cleaned(body))


def ids_of(house: House, tenant_id: int) -> dict[str, list[UUID]]:
    """Give the ids that a business has in each table."""
    found: dict[str, list[UUID]] = {}
    engine = open_owner(house.owner_url)
    with engine.connect() as connection:
        for table in tenant_tables(house):
            query = select(table.c.id).where(table.c.tenant_id == tenant_id).limit(2)
            if ids := list(connection.scalars(query)):
                found[table.name] = ids
    engine.dispose()
    return found


def rows_of(house: House, tenant_id: int) -> dict[str, list[str]]:
    """Give every row of a business as text, to see whether anything changed."""
    engine = open_owner(house.owner_url)
    with engine.connect() as connection:
        rows = {
            table.name: sorted(
                str(tuple(row))
                for row in connection.execute(select(table).where(table.c.tenant_id == tenant_id))
            )
            for table in tenant_tables(house)
        }
    engine.dispose()
    return rows


def tenant_tables(house: House) -> Iterator[Table]:
    """Give every table whose rows belong to one business."""
    wanted = {*house.enabled, "core"}
    for table in Base.metadata.sorted_tables:
        if table.info.get("addon") in wanted and is_tenant_bound(table):
            yield table


@dataclass
class Visitor:
    """Somebody of the bakery who tries doors; logs in again where a door logged them out."""

    name: str
    browser: Browser
    log_in: Any
    token: str = ""

    def ask(self, door: Door, address: str, asked: Mapping[str, Any]) -> TestResponse:
        """Open a door as a page or a program of ours would."""
        headers = {"X-CSRF-Token": self.browser.token, "X-Tenant": self.browser.tenant}
        if self.token:
            headers = {"Authorization": f"Bearer {self.token}"}
        answer = self.browser.client.open(
            address, method=door.method, headers=headers, base_url=ORIGIN, **asked
        )
        if door.method not in SAFE and not self.token:
            tenant = self.browser.tenant
            if self.browser.read().status_code != 200 or self.browser.tenant != tenant:
                self.browser = self.log_in()
        return answer

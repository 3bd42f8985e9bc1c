"""The contract that every declared resource keeps; an addon's own tests inherit it.

A test module makes ``world`` (two businesses with records in both) and ``resource`` (its
parameters), and subclasses ``ResourceContract``. What a resource can write is in
``World.samples``: a new body for each call.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import create_engine, event, select, text
from werkzeug.test import TestResponse

from core.audit.models import AuditEntry
from core.db.engine import driver_url, open_owner
from core.ids import uuid7
from core.resources.declaration import Resource
from core.resources.forms import said_of
from core.resources.reading import (
    Asked,
    Reach,
    matching_records,
    read_page,
)
from core.tenancy import TenantRef
from core.testing.house import House
from core.testing.web import Browser, Site

SERIAL: Final = count(1)
_CHANGING: Final = re.compile(
    r'nonce="[^"]*"|nonce-[\w-]+|(?:csrf_token|form_key)" value="[^"]*"|csrf-token" content="[^"]*"'
    r'|"reference":"[^"]*"'
)
SCRIPT: Final = "<script>alert(1)</script>"
#: Headers that differ between any two answers.
_PASSING: Final = frozenset({"Date", "X-Request-Id", "Content-Length", "Set-Cookie"})
Body = dict[str, Any]


@dataclass
class World:
    """An application over two businesses that both have records, and people who ask."""

    site: Site
    own: TenantRef
    other: TenantRef
    owner: Browser
    stranger: Browser
    nobody: Browser
    application_url: str
    samples: Mapping[str, Callable[[int, Mapping[str, str]], Body]]
    #: Ids of records of ``own`` that samples point at: category, unit, establishment.
    known: Mapping[str, str]

    @property
    def house(self) -> House:
        """The database with both businesses."""
        return self.site.house

    def sample(self, resource: Resource[Any]) -> Body:
        """Give a body that makes one more record."""
        if resource.name not in self.samples:
            pytest.fail(f"write a sample body of {resource.name}")
        return self.samples[resource.name](next(SERIAL), self.known)

    def ids(self, resource: Resource[Any], tenant: TenantRef) -> list[UUID]:
        """Give the ids of all records that ``tenant`` has in use."""
        with self.house.unit(tenant, writes=False) as session:
            asked = matching_records(resource, EVERYWHERE, Asked())
            return [record.id for record in session.scalars(asked)]

    def create(self, resource: Resource[Any], **changed: Any) -> Body:
        """Make a record through the API."""
        body = {**self.sample(resource), **changed}
        answer = self.owner.send(resource.api_path, body, Idempotency_Key=str(uuid7()))
        assert answer.status_code == 201, answer.text
        made: Body = answer.json
        return made


EVERYWHERE: Final = Reach(read=None, write=None, can=lambda _permission: True)


def comparable(answer: TestResponse, key: UUID) -> tuple[int, str, list[tuple[str, str]]]:
    """Give an answer without what differs between any two: id, nonce, token, request id."""

    def bare(said: str) -> str:
        return _CHANGING.sub("~", said.replace(str(key), "<id>"))

    headers = [(name, bare(said)) for name, said in answer.headers if name not in _PASSING]
    return answer.status_code, bare(answer.text), sorted(headers)


def form_of(resource: Resource[Any], body: Body) -> dict[str, str]:
    """Write a body as the form posts it: a switch that is off is not sent."""
    assert resource.command is not None
    command = resource.command.model_validate(body)
    said = said_of(resource.command, dict(command))
    return {name: value for name, value in said.items() if value}


def first_text(resource: Resource[Any]) -> str:
    """Name a text of the command that may hold anything; empty when there is none."""
    fields = resource.command.model_fields if resource.command else {}
    return next(
        (
            name
            for name in ("name", "trade_name")
            if name in fields and fields[name].annotation is str
        ),
        "",
    )


def every_way(world: World, resource: Resource[Any]) -> list[Callable[[UUID], TestResponse]]:
    """Give every way to ask for one record."""
    copies: list[Callable[[UUID], TestResponse]] = []
    if resource.create is not None:
        copies = [lambda key: world.owner.get(f"{resource.path}/new?copy={key}")]
    return [
        lambda key: world.owner.get(f"{resource.path}/{key}"),
        lambda key: world.owner.get(f"{resource.api_path}/{key}"),
        lambda key: world.owner.get(f"{resource.path}/{key}/related"),
        *copies,
        *writes(world, resource, world.owner),
    ]


def writes(world: World, resource: Resource[Any], browser: Browser) -> list[Callable[[UUID], Any]]:
    """Give every way to change a record that is there."""
    ways: list[Callable[[UUID], Any]] = []
    path, api = resource.path, resource.api_path
    if resource.update is not None:
        body = world.sample(resource)
        form = {**form_of(resource, body), "version": "1"}
        ways += [
            lambda key: browser.send(f"{api}/{key}", body, method="PUT", If_Match='"1"'),
            lambda key: browser.post(f"{path}/{key}", form),
        ]
    for action in resource.actions:
        ways += _deeds(resource, browser, f"actions/{action.name}")
    if resource.is_archivable:
        ways += [
            lambda key: browser.send(f"{api}/{key}", method="DELETE", If_Match='"1"'),
            lambda key: browser.post(f"{path}/{key}/archive", {"version": "1"}),
            lambda key: browser.post(f"{path}/{key}/restore"),
        ]
    return ways


def _deeds(resource: Resource[Any], browser: Browser, deed: str) -> list[Callable[[UUID], Any]]:
    headers = {"If_Match": '"1"', "Idempotency_Key": str(uuid7())}
    return [
        lambda key: browser.send(f"{resource.api_path}/{key}/{deed}", **headers),
        lambda key: browser.post(f"{resource.path}/{key}/{deed}", {"version": "1"}),
    ]


def writable(resource: Resource[Any], made: Body) -> Body:
    """Give the part of a record that can be sent back."""
    assert resource.command is not None
    return {name: made[name] for name in resource.command.model_fields}


def without_ids(value: Any) -> Any:
    """Give a value without the ids of its lines: each record has lines of its own."""
    if not isinstance(value, list):
        return value
    return [
        {name: said for name, said in one.items() if name != "id"} if isinstance(one, dict) else one
        for one in value
    ]


def walk(resource: Resource[Any], session: Any, sort: str) -> tuple[list[UUID], str]:
    """Give all ids, page by page forwards, and the key of the page before the last."""
    seen: list[UUID] = []
    after = last = ""
    while True:
        found = read_page(resource, session, EVERYWHERE, Asked(sort=sort, after=after), size=2)
        seen += [record.id for record in found.records]
        last = found.previous or last
        if not found.next:
            return seen, last
        after = found.next


def walk_back(resource: Resource[Any], session: Any, sort: str, before: str) -> list[UUID]:
    """Give the whole list again, from its last page backwards."""
    whole, _last = walk(resource, session, sort)
    tail = whole[-(len(whole) % 2 or 2) :] if before else whole
    seen: list[UUID] = []
    while before:
        found = read_page(resource, session, EVERYWHERE, Asked(sort=sort, before=before), size=2)
        seen = [record.id for record in found.records] + seen
        before = found.previous
    return seen + tail


class statements:  # noqa: N801 - reads as the question it answers
    """Collect the statements that the house's engine sends."""

    def __init__(self, world: World) -> None:
        self._engine = world.house.database.engine
        self._seen: list[str] = []

    def __enter__(self) -> list[str]:
        event.listen(self._engine, "before_cursor_execute", self._hear)
        return self._seen

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._hear)

    def _hear(self, *sent: Any) -> None:
        self._seen.append(str(sent[2]))


def plan(world: World, resource: Resource[Any], asked: Asked, *, ordered: bool = True) -> str:
    """Let PostgreSQL explain, as the application's role, what reads the page (or counts it)."""
    sent: list[tuple[str, Any]] = []

    def hear(*said: Any) -> None:
        sent.append((said[2], said[3]))

    engine = world.house.database.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        with world.house.unit(world.own, writes=False) as session:
            read_page(resource, session, EVERYWHERE, asked)
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    statement, values = next(
        (said, given)
        for said, given in sent
        if ("ORDER BY" if ordered else "count(") in said and resource.table in said
    )
    _analyse(world)
    plain = create_engine(driver_url(world.application_url))
    try:
        with plain.begin() as connection:
            connection.execute(
                text("SELECT set_config('app.tenant', :own, true)"), {"own": str(world.own.id)}
            )
            for setting in ("seqscan", "bitmapscan", *(("sort",) if ordered else ())):
                connection.execute(text(f"SET LOCAL enable_{setting} = off"))
            lines = connection.exec_driver_sql(f"EXPLAIN {statement}", values)
            return "\n".join(row[0] for row in lines)
    finally:
        plain.dispose()


def _analyse(world: World) -> None:
    """Let the planner know how many rows there are: with nothing known all indexes are alike."""
    owner = open_owner(world.house.owner_url)
    with owner.begin() as connection:
        connection.execute(text("ANALYZE"))
    owner.dispose()


def beyond_the_tenant(condition: str) -> bool:
    """Tell whether an index condition names more than the business."""
    named = set(re.findall(r"(\w+)\)? (?:=|>=|<|>)", condition))
    return bool(named - {"tenant_id", "id"})


def strange_places(sort: str) -> Iterator[str]:
    """Give places in a list that nobody was ever shown; a database could not take some."""
    values: tuple[Any, ...] = (
        "\0",
        "NaN",
        "Infinity",
        "1e400",
        "2026-03-16T10:00:00",
        2**70,
        -(2**63) - 1,
        [],
        {},
    )
    for value in (*values, None):
        said = json.dumps([sort, value, str(uuid7())])
        yield base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def epoch(world: World) -> int:
    """Tell the epoch of the business now."""
    with world.house.unit(world.own, writes=False) as session:
        return session.epoch


def audited(world: World, key: str) -> list[AuditEntry]:
    """Give the audit entries of a record, oldest first."""
    with world.house.unit(world.own, writes=False) as session:
        query = (
            select(AuditEntry)
            .where(AuditEntry.object_id == UUID(key))
            .order_by(AuditEntry.recorded_at, AuditEntry.id)
        )
        return list(session.scalars(query))

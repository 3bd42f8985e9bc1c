"""What every declared resource promises; the tests of an addon inherit it.

A test module gives the fixtures ``world`` and ``resource`` and subclasses ``ReadContract``, and
``WriteContract`` for the resources that people write.
"""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from io import StringIO
from typing import Any
from uuid import UUID

import pytest

from core.addons.parts import Permission
from core.errors import BadInputError
from core.ids import uuid7
from core.resources.check import check
from core.resources.declaration import Resource
from core.resources.export import csv_lines
from core.resources.reading import (
    Asked,
    read_page,
    sortable,
    visible_columns,
    visible_filters,
)
from core.testing.resources import (
    EVERYWHERE,
    SCRIPT,
    SERIAL,
    World,
    audited,
    beyond_the_tenant,
    comparable,
    epoch,
    every_way,
    first_text,
    form_of,
    plan,
    statements,
    strange_places,
    walk,
    walk_back,
    without_ids,
    writable,
    writes,
)

#: Its first digits are a limit that is allowed.
PADDED = "limit=0000000019999"
#: Statements that a page makes for its frame beyond what an API answer takes.
PAGE_FRAME = 4


class ReadContract:
    """What holds for every resource."""

    def test_the_declaration_is_sound(self, resource: Resource[Any]) -> None:
        check(resource.name.partition(".")[0], resource)

    def test_a_list_shows_own_records_only(self, world: World, resource: Resource[Any]) -> None:
        own = {str(key) for key in world.ids(resource, world.own)}
        other = {str(key) for key in world.ids(resource, world.other)}
        assert own
        assert other
        answer = world.owner.get(f"{resource.api_path}?limit=200").get_json()
        listed = {one["id"] for one in answer["items"]}
        assert listed <= own
        page = world.owner.get(resource.path)
        assert page.status_code == 200
        assert not any(key in page.text for key in other)
        exported = world.owner.get(f"{resource.path}/export.csv").text
        assert not any(key in exported for key in other)

    def test_a_foreign_record_answers_like_a_missing_one(
        self, world: World, resource: Resource[Any]
    ) -> None:
        foreign, missing = world.ids(resource, world.other)[0], uuid7()
        for ask in every_way(world, resource):
            first, second = ask(foreign), ask(missing)
            assert first.status_code == 404, first.text
            assert comparable(first, foreign) == comparable(second, missing)

    def test_nobody_without_the_permission_gets_in(
        self, world: World, resource: Resource[Any]
    ) -> None:
        key = world.ids(resource, world.own)[0]
        paths = (
            resource.path,
            f"{resource.path}/export.csv",
            f"{resource.path}/{key}",
            resource.api_path,
            f"{resource.api_path}/{key}",
        )
        for path in paths:
            assert world.nobody.get(path).status_code == 403, path
        for ask in writes(world, resource, world.nobody):
            assert ask(key).status_code == 403
        if resource.create is not None:
            assert world.nobody.get(f"{resource.path}/new").status_code == 403
            assert world.nobody.post(f"{resource.path}/new").status_code == 403
            assert world.nobody.send(resource.api_path, {}).status_code == 403

    def test_a_record_opens(self, world: World, resource: Resource[Any]) -> None:
        for key in world.ids(resource, world.own)[:3]:
            assert world.owner.get(f"{resource.path}/{key}").status_code == 200
            answer = world.owner.get(f"{resource.api_path}/{key}")
            assert answer.get_json()["id"] == str(key)

    def test_a_hidden_column_leaves_no_trace(self, world: World, resource: Resource[Any]) -> None:
        secret = Permission("core.secret.read", "secret")
        asker = replace(EVERYWHERE, can=lambda permission: permission is not secret)
        for column in resource.columns[1:]:
            if column.attribute is resource.order_by:
                continue
            hidden = replace(
                resource,
                columns=tuple(
                    replace(one, permission=secret) if one is column else one
                    for one in resource.columns
                ),
            )
            assert column.name not in {one.name for one in visible_columns(hidden, asker)}
            assert column.name not in sortable(hidden, asker)
            assert column.name not in {
                str(one.attribute.key) for one in visible_filters(hidden, asker)
            }
            with world.house.unit(world.own, writes=False) as session:
                for asked in (Asked(sort=column.name), Asked(filters={column.name: "x"})):
                    with pytest.raises(BadInputError):
                        read_page(hidden, session, asker, asked)
                header = next(csv_lines(hidden, session, asker, Asked()))
            assert len(next(csv.reader(StringIO(header)))) == len(resource.columns) - 1

    def test_an_unknown_filter_or_order_is_refused(
        self, world: World, resource: Resource[Any]
    ) -> None:
        wrong = ("sort=tenant_id", "sort=-nothing", "tenant_id=1", "limit=0", PADDED, "limit=²")
        for query in (*wrong, "after=abc", "after=é"):
            answer = world.owner.get(f"{resource.api_path}?{query}")
            assert answer.status_code == 422, query

    def test_a_place_that_nobody_was_shown_is_answered(
        self, world: World, resource: Resource[Any]
    ) -> None:
        for name in sortable(resource, EVERYWHERE):
            for place in strange_places(name):
                query = f"{resource.api_path}?sort={name}&after={place}"
                assert world.owner.get(query).status_code in {200, 422}, query

    def test_the_document_tells_what_may_be_asked_and_sent(
        self, world: World, resource: Resource[Any]
    ) -> None:
        paths = world.owner.get("/api/v1/openapi.json").get_json()["paths"]
        told = {one["name"] for one in paths[resource.api_path]["get"]["parameters"]}
        assert {"sort", "after", "before", "limit"} <= told
        for name in told - {"limit", "sort", "after", "before", "q", "archived", "of"}:
            bare = name.removesuffix("_from").removesuffix("_to")
            assert {name, bare} & {str(one.attribute.key) for one in resource.filters}
        if resource.update is not None:
            change = paths[f"{resource.api_path}/{{key}}"]["put"]
            assert "requestBody" in change
            assert {one["name"] for one in change["parameters"]} >= {"key", "If-Match"}

    def test_pages_by_key_visit_every_record_once(
        self, world: World, resource: Resource[Any]
    ) -> None:
        with world.house.unit(world.own, writes=False) as session:
            everything = world.ids(resource, world.own)
            for sort in sortable(resource, EVERYWHERE):
                for said in (sort, f"-{sort}"):
                    forwards, last = walk(resource, session, said)
                    assert sorted(forwards) == sorted(everything), said
                    assert walk_back(resource, session, said, last) == forwards, said

    def test_statements_do_not_grow_with_the_page(
        self, world: World, resource: Resource[Any]
    ) -> None:
        for path in (f"{resource.api_path}?limit=1", resource.path):
            world.owner.get(path)
        with statements(world) as few:
            world.owner.get(f"{resource.api_path}?limit=1")
        with statements(world) as many:
            world.owner.get(f"{resource.api_path}?limit=200")
        # A list says what costs no query of its own: log-in and business, then rows and count.
        assert len(few) == len(many)
        with statements(world) as page:
            world.owner.get(resource.path)
        names = [column for column in resource.columns if column.names is not None]
        assert len(page) <= len(many) + len(names) + PAGE_FRAME

    def test_every_order_and_search_uses_an_index(
        self, world: World, resource: Resource[Any]
    ) -> None:
        if not world.application_url.startswith("postgresql"):
            # Only its planner tells what row-level security lets through.
            return
        for sort in sortable(resource, EVERYWHERE):
            with world.house.unit(world.own, writes=False) as session:
                cursor = read_page(resource, session, EVERYWHERE, Asked(sort=sort), size=1).next
            told = plan(world, resource, Asked(sort=sort, after=cursor))
            assert re.search(rf"Index (?:Only )?Scan using \w+_tenant_id_{sort}_id\b", told), told
        if resource.search is not None:
            told = plan(world, resource, Asked(search="R1"), ordered=False)
            conditions = re.findall(r"Index Cond: (.+)", told)
            assert any(beyond_the_tenant(one) for one in conditions), told


class WriteContract:
    """What holds for every resource that people make and change."""

    def test_what_is_written_is_read_audited_and_told_to_every_cache(
        self, world: World, resource: Resource[Any]
    ) -> None:
        before = epoch(world)
        made = world.create(resource)
        assert made.get("version", 1) == 1
        answer = world.owner.get(f"{resource.api_path}/{made['id']}")
        assert answer.json == made
        assert audited(world, made["id"])[-1].action == f"{resource.object_type}.create"
        assert epoch(world) > before

    def test_the_form_makes_what_the_api_makes(self, world: World, resource: Resource[Any]) -> None:
        body = world.sample(resource)
        answer = world.owner.post(f"{resource.path}/new", form_of(resource, body))
        assert answer.status_code == 303, answer.text
        key = answer.headers["Location"].rpartition("/")[2]
        made = world.owner.get(f"{resource.api_path}/{key}").get_json()
        same = {name: without_ids(made[name]) for name in body if name != "identification"}
        assert same == {name: body[name] for name in same}

    def test_a_repeated_key_makes_one_record(self, world: World, resource: Resource[Any]) -> None:
        body, key = world.sample(resource), str(uuid7())
        first = world.owner.send(resource.api_path, body, Idempotency_Key=key)
        again = world.owner.send(resource.api_path, body, Idempotency_Key=key)
        assert first.json["id"] == again.json["id"]
        assert world.owner.send(resource.api_path, body).status_code == 400

    def test_a_stale_version_is_refused(self, world: World, resource: Resource[Any]) -> None:
        made = world.create(resource)
        path = f"{resource.api_path}/{made['id']}"
        body = writable(resource, made)
        name = first_text(resource)
        changed = {**body, name: f"{body[name]} 2"} if name else body
        ours = world.owner.send(path, changed, method="PUT", If_Match=f'"{made["version"]}"')
        assert ours.status_code == 200, ours.text
        if not name:
            return
        assert ours.headers["ETag"] == '"2"'
        assert world.owner.send(path, body, method="PUT").status_code == 428
        stale = world.owner.send(path, body, method="PUT", If_Match='"1"')
        assert (stale.status_code, stale.json["code"]) == (412, "resources.stale")
        typed = {**form_of(resource, body), name: "Lo que escribí", "version": "1"}
        page = world.owner.post(f"{resource.path}/{made['id']}", typed)
        assert page.status_code == 409
        assert 'value="Lo que escribí"' in page.text
        assert 'name="version" value="2"' in page.text
        assert audited(world, made["id"])[-1].details["changes"][name][1] == changed[name]

    def test_an_unknown_field_is_refused(self, world: World, resource: Resource[Any]) -> None:
        body = {**world.sample(resource), "tenant_id": "1"}
        answer = world.owner.send(resource.api_path, body, Idempotency_Key=str(uuid7()))
        assert answer.status_code == 422
        assert "tenant_id" in answer.json["fields"]
        known = form_of(resource, world.sample(resource))
        page = world.owner.post(f"{resource.path}/new", {**known, "recorded_by": "x"})
        assert page.status_code == 422
        assert "recorded_by" in page.text

    def test_every_wrong_field_is_said_beside_it(
        self, world: World, resource: Resource[Any]
    ) -> None:
        page = world.owner.post(f"{resource.path}/new", {})
        assert resource.command is not None
        fields = resource.command.model_fields
        needed = [name for name, one in fields.items() if one.is_required()]
        wrong = [name for name in needed if bool is not fields[name].annotation]
        assert page.status_code == 422
        for name in wrong:
            if fields[name].annotation is not list:
                assert f'id="f-{name}-error"' in page.text or "textarea" in page.text, name

    def test_archived_records_leave_the_list_and_come_back(
        self, world: World, resource: Resource[Any]
    ) -> None:
        if not resource.is_archivable:
            return
        made = world.create(resource)
        path = f"{resource.api_path}/{made['id']}"
        stale = world.owner.send(path, method="DELETE", If_Match='"7"')
        assert stale.status_code == 412
        gone = world.owner.send(path, method="DELETE", If_Match='"1"')
        assert gone.status_code == 200, gone.text
        assert gone.json["archived"] is True
        assert UUID(made["id"]) not in world.ids(resource, world.own)
        assert world.owner.get(path).status_code == 200
        back = world.owner.post(f"{resource.path}/{made['id']}/restore")
        assert back.status_code == 303
        assert UUID(made["id"]) in world.ids(resource, world.own)

    def test_an_export_runs_no_formula_and_a_page_no_script(
        self, world: World, resource: Resource[Any]
    ) -> None:
        name = first_text(resource)
        if not name:
            return
        for start in ("=", "+", "-", "@"):
            world.create(resource, **{name: f"{start}1+1 {next(SERIAL)}"})
        shown = [one.name for one in resource.columns]
        rows = list(csv.reader(StringIO(world.owner.get(f"{resource.path}/export.csv").text)))
        assert len(rows) == len(world.ids(resource, world.own)) + 1
        place = shown.index(name)
        cells = [row[place] for row in rows[1:]]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
        assert sum(cell.startswith(("'=", "'+", "'-", "'@")) for cell in cells) >= 4
        made = world.create(resource, **{name: f"{SCRIPT} {next(SERIAL)}"})
        for path in (resource.path, f"{resource.path}/{made['id']}"):
            assert SCRIPT not in world.owner.get(path).text

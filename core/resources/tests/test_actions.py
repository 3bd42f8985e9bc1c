"""Deeds on one record and on many, for people and programs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from core.audit.models import AuditEntry
from core.ids import uuid7
from core.resources.tests.stand import ORDERS, STATES
from core.testing.house import House
from core.testing.web import Browser, Site

pytestmark = pytest.mark.services

Body = dict[str, Any]
API = "/api/v1/stand/orders"
PATH = "/stand/orders"


def act(browser: Browser, made: Body, action: str, **headers: str) -> Any:
    usual = {"If_Match": f'"{made["version"]}"', "Idempotency_Key": str(uuid7())}
    return browser.send(f"{API}/{made['id']}/actions/{action}", **{**usual, **headers})


def test_an_action_changes_the_state_and_is_audited(
    owner: Browser, house: House, order: Callable[..., Body]
) -> None:
    made = order()
    answer = act(owner, made, "confirm")
    assert answer.status_code == 200, answer.text
    assert (answer.json["state"], answer.headers["ETag"]) == ("confirmed", '"2"')
    with house.unit(house.bakery, writes=False) as session:
        query = select(AuditEntry).where(AuditEntry.action == "stand.order.confirm")
        assert session.scalars(query).one().details["changes"] == {"state": ["draft", "confirmed"]}


def test_an_action_needs_its_version_and_its_key(
    owner: Browser, order: Callable[..., Body]
) -> None:
    made = order()
    assert act(owner, made, "confirm", If_Match="").status_code == 428
    assert act(owner, made, "confirm", If_Match='"7"').status_code == 412
    assert act(owner, made, "confirm", Idempotency_Key="").status_code == 400
    key = str(uuid7())
    first = act(owner, made, "confirm", Idempotency_Key=key)
    again = act(owner, made, "confirm", Idempotency_Key=key)
    assert first.json == again.json
    assert again.headers["Idempotency-Replayed"] == "true"


def test_what_the_state_does_not_allow_is_refused_to_programs_too(
    owner: Browser, order: Callable[..., Body]
) -> None:
    made = order()
    for action in ("pay", "reopen"):
        refused = act(owner, made, action)
        assert (refused.status_code, refused.json["code"]) == (409, "resources.action_refused")
    leap = act(owner, made, "leap")
    assert (leap.status_code, leap.json["code"]) == (409, "resources.action_refused")
    assert owner.get(f"{API}/{made['id']}").get_json()["state"] == "draft"
    assert act(owner, made, "dance").status_code == 404


def test_who_may_see_may_not_act(
    site: Site, owner: Browser, house: House, order: Callable[..., Body]
) -> None:
    made = order()
    cashier = site.browser("cashier@bakery.co")
    assert act(cashier, made, "confirm").status_code == 403
    posted = cashier.post(f"{PATH}/{made['id']}/actions/confirm", {"version": "1"})
    assert posted.status_code == 403
    page = cashier.get(f"{PATH}/{made['id']}")
    assert page.status_code == 200
    assert "actions/confirm" not in page.text
    stranger = site.browser("owner@pharmacy.co")
    missing = str(uuid7())
    for key in (made["id"], missing):
        assert act(stranger, {**made, "id": key}, "confirm").status_code == 404
        assert stranger.post(f"{PATH}/{key}/actions/confirm").status_code == 404


def test_the_page_offers_what_can_be_done_now_with_its_key(
    owner: Browser, order: Callable[..., Body]
) -> None:
    made = order()
    page = owner.get(f"{PATH}/{made['id']}").text
    assert re.search(r'formaction="[^"]*/actions/confirm"[^>]*data-hotkey="c"', page)
    assert 'aria-keyshortcuts="c"' in page
    assert "actions/pay" not in page
    assert 'aria-current="step"' in page
    posted = owner.post(f"{PATH}/{made['id']}/actions/confirm", {"version": "1"})
    assert posted.status_code == 303
    after = owner.get(f"{PATH}/{made['id']}").text
    assert "Confirmed." in after
    assert f'action="{PATH}/{made["id"]}/actions/reopen?version=2"' in after
    assert 'data-confirm="It is paid."' in after
    owner.post(f"{PATH}/{made['id']}/actions/reopen?version=2")
    assert owner.get(f"{API}/{made['id']}").get_json()["state"] == "draft"


def test_what_is_refused_on_a_page_is_said_there(
    owner: Browser, order: Callable[..., Body]
) -> None:
    made = order(lines=[])
    owner.post(f"{PATH}/{made['id']}/actions/confirm", {"version": "1"})
    assert "An order without lines is not confirmed." in owner.get(f"{PATH}/{made['id']}").text
    owner.post(f"{PATH}/{made['id']}/actions/confirm", {"version": "9"})
    assert "Otra persona guardó" in owner.get(f"{PATH}/{made['id']}").text


def test_undoing_does_not_undo_what_somebody_did_since(
    owner: Browser, order: Callable[..., Body]
) -> None:
    made = order()
    act(owner, made, "confirm")
    act(owner, {**made, "version": 2}, "pay")
    owner.post(f"{PATH}/{made['id']}/actions/reopen?version=2")
    assert owner.get(f"{API}/{made['id']}").get_json()["state"] == "paid"


def test_many_are_asked_for_first_and_each_result_is_told(
    owner: Browser, order: Callable[..., Body]
) -> None:
    good, empty, old = order(), order(number="A2", lines=[]), order(number="A3")
    act(owner, act(owner, old, "confirm").json, "reopen")
    marks = [f"{one['id']}.{one['version']}" for one in (good, empty, old)]
    listed = owner.get(PATH).text
    assert f'value="{marks[0]}"' in listed
    asked = owner.post(f"{PATH}/actions/confirm", {"ids": marks})
    assert asked.status_code == 200
    assert 'name="confirmed"' in asked.text
    assert owner.get(f"{API}/{good['id']}").get_json()["state"] == "draft"
    done = owner.post(f"{PATH}/actions/confirm", {"ids": marks, "confirmed": "1"})
    assert "Hechos: 1" in done.text
    assert "Rechazados: 2" in done.text
    assert "An order without lines is not confirmed." in done.text
    assert "Otra persona guardó" in done.text
    assert owner.get(f"{API}/{good['id']}").get_json()["state"] == "confirmed"


def test_all_that_match_are_those_that_the_list_finds(
    owner: Browser, order: Callable[..., Body]
) -> None:
    inside, outside = order(kind="away", address="Calle 1"), order(number="A2")
    form = {"all": "1", "query": "kind=away", "confirmed": "1"}
    assert "Hechos: 1" in owner.post(f"{PATH}/actions/confirm", form).text
    assert owner.get(f"{API}/{inside['id']}").get_json()["state"] == "confirmed"
    assert owner.get(f"{API}/{outside['id']}").get_json()["state"] == "draft"


def test_programs_do_something_to_many(owner: Browser, order: Callable[..., Body]) -> None:
    good, empty = order(), order(number="A2", lines=[])
    items = [{"id": one["id"], "version": one["version"]} for one in (good, empty)]
    answer = owner.send(f"{API}/actions/confirm", {"items": items})
    assert answer.status_code == 200, answer.text
    assert (answer.json["done"], answer.json["refused"]) == (1, 1)
    assert [one["status"] for one in answer.json["results"]] == ["done", "refused"]
    bare = owner.send(f"{API}/actions/cancel", {"items": [{"id": empty["id"]}]})
    assert bare.json["results"][0]["code"] == "resources.version_missing"
    assert owner.send(f"{API}/actions/pay", {"items": items}).status_code == 403


def test_fields_are_set_for_many_through_the_same_door(
    site: Site, owner: Browser, order: Callable[..., Body]
) -> None:
    first, second = order(), order(number="A2")
    marks = [f"{one['id']}.{one['version']}" for one in (first, second)]
    asked = owner.post(f"{PATH}/actions/edit", {"ids": marks}).text
    assert 'name="use-kind"' in asked
    assert 'name="set-kind"' in asked
    form = {"ids": marks, "confirmed": "1", "use-note": "1", "set-kind": "away", "set-note": "x"}
    assert "Hechos: 2" in owner.post(f"{PATH}/actions/edit", form).text
    saved = owner.get(f"{API}/{first['id']}").get_json()
    assert (saved["kind"], saved["note"], len(saved["lines"])) == ("here", "x", 2)
    items = [{"id": second["id"], "version": 2}]
    told = owner.send(f"{API}/actions/edit", {"items": items, "values": {"note": "y" * 300}})
    assert told.json["results"][0]["code"] == "input.invalid"
    other = owner.send(f"{API}/actions/edit", {"items": items, "values": {"number": "Z"}})
    assert other.status_code == 422
    cashier = site.browser("cashier@bakery.co")
    assert cashier.post(f"{PATH}/actions/edit", form).status_code == 403


def test_many_of_another_business_are_nobodys(
    site: Site, owner: Browser, order: Callable[..., Body]
) -> None:
    made, missing = order(), str(uuid7())
    stranger = site.browser("owner@pharmacy.co")
    items = [{"id": one, "version": 1} for one in (made["id"], missing)]
    told = stranger.send(f"{API}/actions/confirm", {"items": items}).json["results"]
    assert [one["code"] for one in told] == ["platform.not_found"] * 2
    assert owner.get(f"{API}/{made['id']}").get_json()["state"] == "draft"


def test_the_api_document_tells_what_can_be_done(owner: Browser) -> None:
    paths = owner.get("/api/v1/openapi.json").get_json()["paths"]
    said = paths[f"{API}/{{key}}/actions/{{action}}"]["post"]["parameters"]
    named = {one["name"]: one for one in said}
    assert named["action"]["schema"]["enum"] == ["confirm", "reopen", "pay", "cancel", "leap"]
    assert named["If-Match"]["required"]
    assert named["Idempotency-Key"]["required"]


def test_a_life_is_a_path_of_states() -> None:
    states = ORDERS.states
    assert states is not None
    assert states.known == ("draft", "confirmed", "cancelled", "paid")
    assert states.known == tuple(dict.fromkeys((*states.known, *STATES)))
    assert states.path("draft") == ("draft", "confirmed", "paid")
    assert states.path("cancelled") == ("draft", "cancelled")
    assert [one.status for one in states.steps(ORDERS, "confirmed")] == ["done", "current", "next"]


def test_many_are_archived_at_once(site: Site, owner: Browser, order: Callable[..., Body]) -> None:
    first, second = order(), order(number="A2")
    marks = [f"{first['id']}.1", f"{second['id']}.7"]
    assert "actions/archive" in owner.get(PATH).text
    done = owner.post(f"{PATH}/actions/archive", {"ids": marks, "confirmed": "1"})
    assert "Hechos: 1" in done.text
    assert "Rechazados: 1" in done.text
    assert [one["number"] for one in owner.get(API).get_json()["items"]] == ["A2"]
    cashier = site.browser("cashier@bakery.co")
    assert "actions/archive" not in cashier.get(PATH).text
    items = {"items": [{"id": second["id"], "version": 1}]}
    assert cashier.send(f"{API}/actions/archive", items).status_code == 403

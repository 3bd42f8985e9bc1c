"""What programs rely on: tokens, keys that make writes safe to repeat, the API document."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select

from core.api.limits import Bucket
from core.api.once import KEPT
from core.auth.errors import TooManyTriesError
from core.auth.models import ApiToken, TokenIndex
from core.auth.tokens import NewToken, create_token, revoke_token
from core.clock import StoppedClock
from core.db.uow import platform_unit
from core.errors import ForbiddenError
from core.events.pruning import prune
from core.tenancy import TenantRef
from core.testing.web import ORIGIN, Site
from core.web.tests.toy_addon import READ, WRITE, Hooks

pytestmark = pytest.mark.services

TOYS = "/toys/api/v1/toys"
NEW = {"name": "Tin car", "price": "12.50"}


def token_for(site: Site, tenant: TenantRef, *scopes: str, **more: Any) -> str:
    with site.house.unit(tenant) as session:
        holder: dict[str, None] = dict.fromkeys((READ, WRITE))
        return create_token(session, NewToken("Shop window", scopes, **more), holder)


def ask(site: Site, token: str, path: str, body: Any = None, **headers: str) -> Any:
    given = {"Authorization": f"Bearer {token}"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    method = "GET" if body is None else "POST"
    client = site.app.test_client()
    return client.open(path, method=method, json=body, headers=given, base_url=ORIGIN)


# ---- tokens


def test_a_token_opens_what_its_scopes_say_in_its_business(site: Site) -> None:
    token = token_for(site, site.house.bakery, READ)
    me = ask(site, token, "/api/v1/me").json
    assert me["business"] == str(site.house.bakery.uid)
    assert me["permissions"] == [READ]
    own, foreign = (site.establishment(t) for t in (site.house.bakery, site.house.pharmacy))
    assert ask(site, token, f"{TOYS}/{own}").json["price"] == "1.50"
    assert ask(site, token, f"{TOYS}/{foreign}").status_code == 404
    refused = ask(site, token, TOYS, NEW, Idempotency_Key="1")
    assert (refused.status_code, refused.json["code"]) == (403, "auth.forbidden")


def test_a_token_is_no_log_in(site: Site) -> None:
    token = token_for(site, site.house.bakery, READ)
    assert ask(site, token, "/toys/").status_code == 303
    assert ask(site, token, "/account").status_code == 303


def test_what_the_business_switched_off_is_not_there_for_a_token(site: Site) -> None:
    token = token_for(site, site.house.pharmacy, READ)
    assert ask(site, token, "/toys/api/v1/count").status_code == 404
    assert ask(site, token, "/api/v1/me").json["permissions"] == []


@pytest.mark.parametrize("change", ["", "x", "gua_", "tail", "head"])
def test_a_wrong_token_is_refused(site: Site, change: str) -> None:
    token = token_for(site, site.house.bakery, READ)
    wrong = {"tail": token[:-1] + "#", "head": "x" + token[1:]}.get(change, change)
    answer = ask(site, wrong, "/api/v1/me")
    assert (answer.status_code, answer.json["code"]) == (401, "auth.bad_token")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.content_type == "application/problem+json"


def test_a_revoked_token_is_refused_at_once(site: Site) -> None:
    token = token_for(site, site.house.bakery, READ)
    assert ask(site, token, "/api/v1/me").status_code == 200
    with site.house.unit(site.house.bakery) as session:
        revoke_token(session, session.scalars(select(ApiToken.id)).one())
    assert ask(site, token, "/api/v1/me").status_code == 401


def test_a_token_ends_when_it_says(site: Site, clock: StoppedClock) -> None:
    ends = clock.now() + timedelta(hours=1)
    token = token_for(site, site.house.bakery, READ, expires_at=ends)
    assert ask(site, token, "/api/v1/me").status_code == 200
    clock.advance(timedelta(hours=1))
    assert ask(site, token, "/api/v1/me").status_code == 401


def test_the_use_of_a_token_is_noted_once_an_hour(site: Site, clock: StoppedClock) -> None:
    token = token_for(site, site.house.bakery, READ)
    noted = []
    for minutes in (0, 30, 31):
        clock.advance(timedelta(minutes=minutes))
        ask(site, token, "/api/v1/me")
        with site.house.unit(site.house.bakery, writes=False) as session:
            noted.append(session.scalars(select(ApiToken.last_used_at)).one())
    assert noted[0] == noted[1]
    assert noted[2] == clock.now()


def test_only_the_hash_of_a_token_is_kept(site: Site) -> None:
    token = token_for(site, site.house.bakery, READ)
    with platform_unit(site.house.database, site.house.clock, writes=False) as session:
        row = session.scalars(select(TokenIndex)).one()
    assert token.startswith(row.prefix)
    assert token.encode() not in bytes(row.digest)


def test_nobody_hands_out_more_than_they_hold(site: Site) -> None:
    place = site.establishment(site.house.bakery)
    with site.house.unit(site.house.bakery) as session:
        with pytest.raises(ForbiddenError):
            create_token(session, NewToken("x", [WRITE]), {READ: None})
        with pytest.raises(ForbiddenError):
            create_token(session, NewToken("x", [READ]), {READ: frozenset({place})})
        create_token(
            session, NewToken("x", [READ], establishment_id=place), {READ: frozenset({place})}
        )


def test_guessing_tokens_is_slowed_down(site: Site) -> None:
    answers = [ask(site, "wrong", "/api/v1/me").status_code for _ in range(12)]
    assert answers == [401] * 10 + [429] * 2
    good = token_for(site, site.house.bakery, READ)
    assert ask(site, good, "/api/v1/me").status_code == 429


def test_a_bucket_fills_again() -> None:
    now = [0.0]
    bucket = Bucket(2, 10, lambda: now[0])
    bucket.take("a")
    bucket.take("a")
    with pytest.raises(TooManyTriesError) as refused:
        bucket.refuse_empty("a")
    assert refused.value.context["retry_after"] == 11
    bucket.refuse_empty("b")
    now[0] = 10.5
    bucket.refuse_empty("a")


# ---- writes that may be sent again


def test_a_write_sent_twice_happens_once(site: Site, hooks: Hooks) -> None:
    token = token_for(site, site.house.bakery, READ, WRITE)
    first = ask(site, token, TOYS, NEW, Idempotency_Key="order 7")
    again = ask(site, token, TOYS, NEW, Idempotency_Key="order 7")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert first.json["price"] == "12.50"
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert hooks.made == 1


def test_a_character_that_no_database_keeps_is_refused(site: Site) -> None:
    token = token_for(site, site.house.bakery, READ, WRITE)
    told = ask(site, token, TOYS, {**NEW, "name": "Tin\0car"}, Idempotency_Key="order 8")
    assert (told.status_code, told.json["code"]) == (422, "input.invalid")
    assert set(told.json["fields"]) == {"name"}
    for address in ("/toys/api/v1/count?q=a%00b", "/toys/api/v1/count?a%00b=1", "/docs/a%00b"):
        assert ask(site, token, address).status_code == 400, address
    written = ask(site, token, TOYS, {**NEW, "name": r"Tin\u0000car"}, Idempotency_Key="order 9")
    assert written.status_code == 201


def test_a_form_with_a_character_that_no_database_keeps_is_refused(site: Site) -> None:
    browser = site.browser()
    assert browser.log_in("owner\0@bakery.co").status_code == 400
    assert browser.log_in("owner@bakery.co").status_code == 303


def test_only_the_answer_to_a_fiscal_write_is_kept_for_ever(
    site: Site, hooks: Hooks, clock: StoppedClock
) -> None:
    token = token_for(site, site.house.bakery, READ, WRITE)
    ask(site, token, TOYS, NEW, Idempotency_Key="order 7")
    ask(site, token, f"{TOYS}/fiscal", NEW, Idempotency_Key="invoice 7")
    clock.advance(KEPT + timedelta(seconds=1))
    with site.house.unit(site.house.bakery) as session:
        assert prune(session) == 1
        assert prune(session) == 0
    ask(site, token, TOYS, NEW, Idempotency_Key="order 7")
    again = ask(site, token, f"{TOYS}/fiscal", NEW, Idempotency_Key="invoice 7")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert hooks.made == 3


def test_the_same_key_with_another_body_is_refused(site: Site, hooks: Hooks) -> None:
    token = token_for(site, site.house.bakery, READ, WRITE)
    ask(site, token, TOYS, NEW, Idempotency_Key="1")
    other = ask(site, token, TOYS, {**NEW, "price": "13"}, Idempotency_Key="1")
    assert (other.status_code, other.json["code"]) == (409, "api.idempotency_conflict")
    assert hooks.made == 1


def test_a_refused_write_may_be_corrected_under_its_key(site: Site) -> None:
    token = token_for(site, site.house.bakery, READ, WRITE)
    wrong = ask(site, token, TOYS, {"name": "x", "price": "many"}, Idempotency_Key="1")
    assert wrong.status_code == 422
    assert ask(site, token, TOYS, NEW, Idempotency_Key="1").status_code == 201


def test_a_write_needs_a_key(site: Site, hooks: Hooks) -> None:
    token = token_for(site, site.house.bakery, READ, WRITE)
    for key in ({}, {"Idempotency_Key": " "}, {"Idempotency_Key": "x" * 201}):
        answer = ask(site, token, TOYS, NEW, **key)
        assert answer.json["code"] == "api.idempotency_key_missing"
    assert hooks.made == 0


def test_keys_of_two_businesses_do_not_meet(site: Site) -> None:
    site.enable(site.house.pharmacy, "toys")
    for tenant in (site.house.bakery, site.house.pharmacy):
        token = token_for(site, tenant, READ, WRITE)
        answer = ask(site, token, TOYS, NEW, Idempotency_Key="1")
        assert "Idempotency-Replayed" not in answer.headers


def test_a_write_sent_many_times_at_once_happens_once(site: Site) -> None:
    token = token_for(site, site.house.bakery, READ, WRITE)
    answers: list[Any] = []
    threads = [
        Thread(target=lambda: answers.append(ask(site, token, TOYS, NEW, Idempotency_Key="1")))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.json["id"] for answer in answers}) == 1


# ---- the API document


def test_the_document_tells_what_a_business_can_use(site: Site) -> None:
    token = token_for(site, site.house.bakery, READ)
    told = ask(site, token, "/api/v1/openapi.json").json
    assert told["openapi"] == "3.1.0"
    toys = {TOYS, f"{TOYS}/fiscal", f"{TOYS}/{{key}}", "/toys/api/v1/count"}
    assert set(told["paths"]) == {"/api/v1/me", *toys}
    make = told["paths"][TOYS]["post"]
    assert make["x-permission"] == WRITE
    assert make["parameters"][0]["name"] == "Idempotency-Key"
    assert set(make["responses"]) == {"201", "default"}
    one = told["paths"][f"{TOYS}/{{key}}"]["get"]["parameters"]
    assert one == [
        {
            "name": "key",
            "in": "path",
            "required": True,
            "schema": {"type": "string", "format": "uuid"},
        }
    ]
    other = token_for(site, site.house.pharmacy, READ)
    assert set(ask(site, other, "/api/v1/openapi.json").json["paths"]) == {"/api/v1/me"}


def test_every_reference_of_the_document_leads_somewhere(site: Site) -> None:
    token = token_for(site, site.house.bakery, READ)
    told = ask(site, token, "/api/v1/openapi.json").json
    references = list(_references(told))
    assert references
    for reference in references:
        found: Any = told
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
    operations = [one for path in told["paths"].values() for one in path.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    price = told["components"]["schemas"]["Toy"]["properties"]["price"]
    assert price["type"] == "string"


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [one for inner in value.values() for one in _references(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in _references(inner)]
    return []

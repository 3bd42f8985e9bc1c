"""The doors that every request passes: origin, business, form, gate, permission, size."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from flask import Blueprint

from core.addons.activation import disable
from core.addons.registry import AddonRegistry
from core.app import Parts, create_app
from core.auth.errors import UnknownPermissionError
from core.auth.roles import grant_role, revoke_role, set_permission
from core.errors import ConflictError
from core.testing.house import House
from core.testing.web import ORIGIN, Browser, Site, settings_for
from core.web.access import UndeclaredAccessError, requires
from core.web.tests.toy_addon import READ, WRITE, toy_registry

pytestmark = pytest.mark.services

NEW = {"name": "Tin car", "price": "12.50"}


def same(text: str, *ids: object) -> str:
    """Take out what differs between two answers to the same question."""
    for one in ids:
        text = text.replace(str(one), "ID")
    text = re.sub(r'nonce="[^"]+"', 'nonce=""', text)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID", text)


# ---- the business that a page was made for


def test_a_page_of_another_business_does_nothing(site: Site) -> None:
    browser = site.browser("both@example.co")
    browser.post(f"/switch/{site.house.bakery.uid}")
    browser.read()
    stale = Browser(browser.client, browser.token, str(site.house.pharmacy.uid))
    for answer in (stale.post("/account", {"name": "Otro"}), stale.send("/toys/api/v1/count")):
        assert answer.status_code == 409
        assert answer.headers["X-Error-Code"] == "tenancy.switched"
    assert "Panadería Trigal" in stale.post("/account").text
    assert stale.send("/toys/api/v1/count").json["code"] == "tenancy.switched"
    assert stale.get("/toys/", headers={"X-Tenant": stale.tenant}).status_code == 409
    assert stale.get("/toys/").status_code == 200


def test_a_form_says_which_business_it_is_for(site: Site) -> None:
    browser = site.browser("owner@bakery.co")
    nameless = Browser(browser.client, browser.token, "")
    assert nameless.post("/account", {"name": "X"}).status_code == 409


def test_the_other_business_is_said_before_anything_else(site: Site) -> None:
    browser = site.browser("cashier@bakery.co")
    stale = Browser(browser.client, "wrong token", str(site.house.pharmacy.uid))
    assert stale.post("/admin/apps/toys/enable").status_code == 409


# ---- forms


def test_a_form_of_another_log_in_is_refused(site: Site) -> None:
    browser, other = site.browser("owner@bakery.co"), site.browser("both@example.co")
    for token in ("", "x", other.token):
        forged = Browser(browser.client, token, browser.tenant)
        answer = forged.post("/account", {"name": "X"})
        assert (answer.status_code, answer.headers["X-Error-Code"]) == (403, "auth.bad_form_token")
        assert forged.send("/toys/api/v1/count").json["code"] == "auth.bad_form_token"


def test_logging_in_takes_a_form_of_ours_too(site: Site) -> None:
    browser = site.browser()
    assert browser.post("/login", {"login": "owner@bakery.co"}).status_code == 403


def test_another_site_cannot_send_even_a_right_form(site: Site) -> None:
    browser = site.browser("owner@bakery.co")
    answer = browser.post("/account", {"name": "X"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


# ---- permissions


def test_a_permission_is_needed_and_an_owner_has_all(site: Site) -> None:
    owner, cashier = site.browser("owner@bakery.co"), site.browser("cashier@bakery.co")
    assert owner.get("/admin/apps").status_code == 200
    refused = cashier.get("/admin/apps")
    assert (refused.status_code, refused.headers["X-Error-Code"]) == (403, "auth.forbidden")
    assert cashier.get("/toys/").status_code == 200
    assert cashier.send("/toys/api/v1/toys", NEW, Idempotency_Key="1").status_code == 403
    assert owner.send("/toys/api/v1/toys", NEW, Idempotency_Key="1").status_code == 201


def test_a_role_changes_with_the_next_request(site: Site) -> None:
    cashier = site.browser("cashier@bakery.co")
    with site.house.unit(site.house.bakery) as session:
        set_permission(session, "cashier", READ, granted=False)
    assert cashier.get("/toys/").status_code == 403
    with site.house.unit(site.house.bakery) as session:
        set_permission(session, "cashier", READ, granted=True)
        set_permission(session, "cashier", WRITE, granted=True)
    assert cashier.get("/toys/").status_code == 200
    assert cashier.send("/toys/api/v1/toys", NEW, Idempotency_Key="2").status_code == 201


def test_nobody_may_do_anything_without_a_role(site: Site) -> None:
    with site.house.unit(site.house.bakery) as session:
        revoke_role(session, site.people["cashier@bakery.co"], "cashier")
    assert site.browser("cashier@bakery.co").get("/toys/").status_code == 403


def test_a_business_keeps_an_owner(site: Site) -> None:
    with site.house.unit(site.house.bakery) as session:
        revoke_role(session, site.people["both@example.co"], "owner")
        with pytest.raises(ConflictError):
            revoke_role(session, site.people["owner@bakery.co"], "owner")


def test_a_role_in_one_establishment_says_so(site: Site) -> None:
    place = site.establishment(site.house.bakery)
    site.person("here@bakery.co", (site.house.bakery, "accountant"))
    with site.house.unit(site.house.bakery) as session:
        grant_role(session, site.people["here@bakery.co"], "cashier", place)
    seen: list[frozenset[UUID] | None] = []
    view = site.app.view_functions["toys.everything"]
    site.app.view_functions["toys.everything"] = lambda: _see(seen)
    assert site.browser("here@bakery.co").get("/toys/").status_code == 200
    assert site.browser("cashier@bakery.co").get("/toys/").status_code == 200
    site.app.view_functions["toys.everything"] = view
    assert seen == [frozenset({place}), None]


def _see(seen: list[frozenset[UUID] | None]) -> str:
    from core.web.context import current

    seen.append(current().establishments(READ))
    with pytest.raises(UnknownPermissionError):
        current().can("toys.toy.raed")
    return "seen"


# ---- the gate


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/toys/"),
        ("GET", "/toys"),
        ("POST", "/toys/"),
        ("GET", "/toys/broken"),
        ("GET", "/toys/api/v1/count"),
        ("POST", "/toys/api/v1/toys"),
    ],
)
def test_what_is_switched_off_is_not_there(site: Site, method: str, path: str) -> None:
    browser = site.browser("owner@pharmacy.co")
    missing = path.replace("toys", "nothing", 1)
    off, none = (
        browser.client.open(
            there,
            method=method,
            base_url=ORIGIN,
            headers={"X-CSRF-Token": browser.token, "X-Tenant": browser.tenant},
        )
        for there in (path, missing)
    )
    assert off.status_code == none.status_code == 404
    assert same(off.text) == same(none.text)
    differing = {"X-Request-Id", "Content-Security-Policy"}
    assert {k: v for k, v in off.headers if k not in differing} == {
        k: v for k, v in none.headers if k not in differing
    }


def test_switching_off_works_with_the_next_request(site: Site) -> None:
    browser = site.browser("owner@bakery.co")
    assert browser.get("/toys/").status_code == 200
    with site.house.unit(site.house.bakery) as session:
        disable(session, site.platform.registry, "toys")
    assert browser.get("/toys/").status_code == 404
    assert "All toys" not in browser.get("/").text


def test_a_foreign_id_and_a_missing_one_answer_the_same(site: Site) -> None:
    browser = site.browser("owner@bakery.co")
    foreign, missing = site.establishment(site.house.pharmacy), uuid4()
    assert browser.get(f"/toys/{site.establishment(site.house.bakery)}").status_code == 200
    for path in ("/toys/{}", "/toys/api/v1/toys/{}"):
        one, other = (browser.get(path.format(key)) for key in (foreign, missing))
        assert one.status_code == other.status_code == 404
        assert same(one.text, foreign) == same(other.text, missing)


# ---- origin and size


def test_pages_have_one_origin_and_the_rest_answers_everywhere(site: Site) -> None:
    client = site.app.test_client()
    other = "http://127.0.0.1:8000"
    answer = client.get("/toys/?page=2", base_url=other)
    assert (answer.status_code, answer.headers["Location"]) == (307, f"{ORIGIN}/toys/?page=2")
    assert client.post("/login", base_url=other).headers["Location"] == f"{ORIGIN}/login"
    for path in ("/healthz", "/docs/", "/static/css/guadua.css"):
        assert client.get(path, base_url=other).status_code == 200
    assert client.get("/api/v1/me", base_url=other).status_code == 401


def test_a_body_that_is_too_large_is_not_read(site: Site) -> None:
    browser = site.browser("owner@bakery.co")
    large = {"name": "x" * 10_000_000, "price": "1"}
    answer = browser.send("/toys/api/v1/toys", large, Idempotency_Key="3")
    assert (answer.status_code, answer.json["code"]) == (413, "http.too_large")
    assert browser.post("/account", {"name": "x" * 3_000_000}).status_code == 413


# ---- routes say who may open them


def test_a_route_without_a_permission_keeps_the_application_from_starting(
    house: House, tmp_path: object
) -> None:
    class Careless:
        def register_routes(self) -> list[Blueprint]:
            pages = Blueprint("careless", __name__)
            pages.add_url_rule("/careless", "open_door", lambda: "hello")
            return [pages]

    with pytest.raises(UndeclaredAccessError, match=r"careless\.open_door"):
        _start(house, tmp_path, Careless())


def test_a_permission_that_nobody_declares_keeps_the_application_from_starting(
    house: House, tmp_path: object
) -> None:
    class Wrong:
        def register_routes(self) -> list[Blueprint]:
            pages = Blueprint("wrong", __name__)
            pages.add_url_rule("/wrong", "page", requires("toys.toy.raed")(lambda: "hello"))
            return [pages]

    with pytest.raises(UnknownPermissionError, match=r"toys\.toy\.raed"):
        _start(house, tmp_path, Wrong())


def _start(house: House, folder: object, hooks: object) -> None:
    from pathlib import Path

    from core.addons.specs import hookimpl

    kind = type(hooks)
    kind.register_routes = hookimpl(kind.register_routes)  # type: ignore[attr-defined]
    registry: AddonRegistry = toy_registry(hooks)
    settings = settings_for(house, Path(str(folder)))
    create_app(settings, Parts(clock=house.clock, database=house.database, registry=registry))

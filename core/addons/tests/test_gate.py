"""What a business did not switch on is not there: page, method, slash, permission, slot."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask, request

from core.addons.errors import AddonError
from core.addons.gate import (
    Gate,
    addon_of_permission,
    is_visible,
    may_consume,
    visible,
    visible_permissions,
    visible_slots,
)
from core.addons.parts import Slot

NOTHING: frozenset[str] = frozenset()
TOY = frozenset({"toy"})


def str_of(n: int) -> str:
    return str(n)


@pytest.fixture
def app() -> Flask:
    """An application with a page of the core and pages of the addon ``toy``."""
    app, gate = Flask(__name__), Gate()
    app.config["ENABLED"] = NOTHING
    pages = Blueprint("toy", __name__, url_prefix="/toys")
    pages.add_url_rule("/", "index", lambda: "toys")
    pages.add_url_rule("/new", "create", lambda: "made", methods=["POST"])
    pages.add_url_rule("/<int:n>", "show", str_of)
    gate.bind(app, "toy", pages)
    app.add_url_rule("/home", "home", lambda: "home")
    app.extensions["gate"] = gate

    @app.before_request
    def check() -> None:
        gate.check_request(app, request, app.config["ENABLED"])

    return app


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/toys/", 200),
        ("GET", "/toys/7", 200),
        ("POST", "/toys/new", 200),
        ("GET", "/toys/new", 405),
        ("OPTIONS", "/toys/new", 200),
        ("GET", "/toys", 308),
    ],
)
def test_a_page_of_a_disabled_addon_answers_as_one_that_does_not_exist(
    app: Flask, method: str, path: str, status: int
) -> None:
    client = app.test_client()
    missing = client.open("/nothing/here", method=method)
    hidden = client.open(path, method=method)
    assert (hidden.status_code, hidden.data) == (404, missing.data)
    assert dict(hidden.headers) == dict(missing.headers)
    app.config["ENABLED"] = TOY
    assert client.open(path, method=method).status_code == status


def test_pages_of_the_core_are_always_there(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/home").data == b"home"
    assert client.post("/home").status_code == 405


def test_every_endpoint_knows_its_addon(app: Flask) -> None:
    gate: Gate = app.extensions["gate"]
    assert gate.addon_of_endpoint("toy.index") == "toy"
    assert gate.addon_of_endpoint("home") is None
    assert gate.addon_of_endpoint(None) is None


def test_two_blueprints_of_one_name_are_refused(app: Flask) -> None:
    with pytest.raises(AddonError, match="named toy"):
        app.extensions["gate"].bind(app, "other", Blueprint("toy", __name__))


def test_a_consumer_runs_where_its_addon_is_enabled_or_may_finish() -> None:
    assert may_consume("toy", TOY, NOTHING)
    assert may_consume("toy", NOTHING, TOY)
    assert not may_consume("toy", NOTHING, NOTHING)
    assert may_consume("core", NOTHING, NOTHING)
    assert not is_visible("toy", NOTHING)


def test_permissions_of_a_disabled_addon_are_held_but_do_nothing() -> None:
    names = ["core.user.edit", "toy.thing.read", "toyshop.thing.read"]
    assert visible_permissions(names, TOY) == {"core.user.edit", "toy.thing.read"}
    assert addon_of_permission("toy.thing.read") == "toy"


def test_slots_come_by_priority_and_only_of_enabled_addons() -> None:
    def slot(name: str, priority: int = 50, place: str = "sale.aside") -> Slot:
        return Slot(place, f"{name}.html", "core.sale.read", priority)

    pairs = [
        ("toy", slot("a")),
        ("other", slot("b", 99)),
        ("toy", slot("c", 70)),
        ("toy", slot("d", 99, "elsewhere")),
    ]
    found = visible_slots(pairs, "sale.aside", TOY)
    assert [one.template for one in found] == ["c.html", "a.html"]
    assert len(visible(pairs, NOTHING)) == 0

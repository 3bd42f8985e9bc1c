"""An addon adds to a resource of another, only where it is switched on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.addons.registry import AddonRegistry
from core.ids import uuid7
from core.resources import Action, Choice, Column, Part, Tab, extend
from core.resources.extending import ResourceExtension
from core.resources.tests.conftest import manifest
from core.resources.tests.gifts import GIFTS, GiftHooks, WrappingIn, save_wrapping, wrapping_values
from core.resources.tests.stand import KINDS, Order, StandHooks, confirm
from core.testing.house import House
from core.testing.web import Browser, Site, open_site

pytestmark = pytest.mark.services

Body = dict[str, Any]
API = "/api/v1/stand/orders"
PATH = "/stand/orders"


def site_with(house: House, folder: Path, *extensions: ResourceExtension) -> Site:
    registry = AddonRegistry()
    hooks = {"stand": StandHooks(), "gifts": GiftHooks(*extensions), "ribbons": GiftHooks()}
    registry.install([manifest("stand"), manifest("gifts", "stand")], lambda one: hooks[one.name])
    site = open_site(house, folder, registry)
    for tenant in (house.bakery, house.pharmacy):
        site.enable(tenant, "stand")
    return site


@pytest.fixture
def gifts(house: House, tmp_path: Path) -> Site:
    """The bakery wraps, the pharmacy does not."""
    site = site_with(house, tmp_path, GIFTS)
    site.enable(house.bakery, "gifts")
    return site


def make(browser: Browser, site: Site, tenant: Any, **more: Any) -> Any:
    body = {
        "number": "A1", "establishment_id": str(site.establishment(tenant)), "day": "2026-03-09",
        **more,
    }  # fmt: skip
    return browser.send(API, body, Idempotency_Key=str(uuid7()))


def test_a_part_is_written_and_read_under_its_key(gifts: Site, house: House) -> None:
    owner = gifts.browser("owner@bakery.co")
    made = make(owner, gifts, house.bakery, gift={"paper": "red"})
    assert made.status_code == 201, made.text
    assert made.json["gift"] == {"paper": "red"}
    assert made.json["paper"] == "red"
    assert owner.get(API).get_json()["items"][0]["paper"] == "red"
    listed = owner.get(PATH).text
    assert ">Paper<" in listed
    page = owner.get(f"{PATH}/{made.json['id']}").text
    assert 'name="gift-paper" value="red"' in page
    assert 'role="tab"' in page
    assert "actions/unwrap" in page


def test_what_a_part_refuses_has_its_place_and_nothing_is_written(
    gifts: Site, house: House
) -> None:
    owner = gifts.browser("owner@bakery.co")
    refused = make(owner, gifts, house.bakery, gift={"paper": "gold"})
    assert refused.json["errors"][0]["pointer"] == "#/gift/paper"
    assert owner.get(API).get_json()["total"] == 0
    form = {
        "number": "A1", "establishment_id": str(gifts.establishment(house.bakery)),
        "day": "2026-03-09", "kind": "here", "gift-paper": "gold",
    }  # fmt: skip
    page = owner.post(f"{PATH}/new", form)
    assert page.status_code == 422
    assert 'id="f-gift-paper-error"' in page.text


def test_another_business_knows_nothing_of_it(gifts: Site, house: House) -> None:
    owner = gifts.browser("owner@pharmacy.co")
    refused = make(owner, gifts, house.pharmacy, gift={"paper": "red"})
    assert (refused.status_code, list(refused.json["fields"])) == (422, ["gift"])
    made = make(owner, gifts, house.pharmacy).json
    assert "gift" not in made
    assert "paper" not in made
    assert ">Paper<" not in owner.get(PATH).text
    assert "gift-paper" not in owner.get(f"{PATH}/{made['id']}").text
    ours = gifts.browser("owner@bakery.co").get("/api/v1/openapi.json").text
    theirs = owner.get("/api/v1/openapi.json").text
    assert '"unwrap"' in ours
    assert '"gift"' in ours
    assert '"unwrap"' not in theirs
    assert '"gift"' not in theirs
    headers = {"If_Match": '"1"', "Idempotency_Key": str(uuid7())}
    told = owner.send(f"{API}/{made['id']}/actions/unwrap", **headers)
    assert told.status_code == 404


PART = Part("gift", WrappingIn, save_wrapping, wrapping_values)


@pytest.mark.parametrize(
    "extension",
    [
        extend("stand.nothing", columns=(Column("paper", "Paper"),)),
        extend("stand.orders", columns=(Column("number", "Number again"),)),
        extend("stand.orders", actions=(Action("confirm", confirm, "Again"),)),
        extend("stand.orders", tabs=(Tab("Gift", ("gift.colour",)),), part=PART),
        extend("stand.orders", tabs=(Tab("Order", ("number",)),)),
        extend("stand.orders", part=Part("note", WrappingIn, save_wrapping, wrapping_values)),
        extend("stand.orders", filters=(Choice(Order.kind, "Kind", KINDS),)),
    ],
)
def test_an_extension_that_does_not_fit_takes_out_its_addon_and_nothing_else(
    house: House, tmp_path: Path, extension: ResourceExtension
) -> None:
    site = site_with(house, tmp_path, extension)
    assert set(site.platform.registry.quarantined) == {"gifts"}
    assert "does not fit" in site.platform.registry.quarantined["gifts"]
    owner = site.browser("owner@bakery.co")
    assert make(owner, site, house.bakery).status_code == 201
    assert owner.get(PATH).status_code == 200

"""A form while somebody works on it: rules, totals, records found or made, what is related."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.ids import uuid7
from core.testing.house import House
from core.testing.web import Browser, Site

pytestmark = pytest.mark.services

Body = dict[str, Any]
API = "/api/v1/stand/orders"
PATH = "/stand/orders"


def customer(browser: Browser, name: str) -> Body:
    made = browser.send("/api/v1/stand/customers", {"name": name}, Idempotency_Key=str(uuid7()))
    assert made.status_code == 201, made.text
    found: Body = made.json
    return found


def test_a_field_is_there_only_when_its_rule_says_so(owner: Browser) -> None:
    page = owner.get(f"{PATH}/new").text
    assert 'id="w-f-address" hidden' in page
    assert 'name="address"' not in page
    live = owner.post(f"{PATH}/recompute", {"kind": "away", "number": "A1"})
    assert live.status_code == 200
    assert 'name="address"' in live.text
    assert 'id="f-address"' in live.text
    assert "<html" not in live.text
    shown = live.text.partition('id="w-f-address"')[2].partition("</div></div>")[0]
    assert " required" in shown


def test_programs_keep_the_same_rules(owner: Browser, body: Body) -> None:
    def wrong(**changed: Any) -> Any:
        sent = {**body, **changed}
        return owner.send(API, sent, Idempotency_Key=str(uuid7())).json.get("fields", {})

    assert list(wrong(address="Calle 1")) == ["address"]
    assert list(wrong(kind="away")) == ["address"]
    assert wrong(kind="away", address="Calle 1") == {}


def test_what_is_read_only_stays(owner: Browser, order: Callable[..., Body]) -> None:
    made = order(note="locked")
    page = owner.get(f"{PATH}/{made['id']}").text
    assert '<input type="hidden" name="number" value="A1">' in page
    sent = {name: made[name] for name in ("establishment_id", "day", "lines", "note")}
    headers = {"If_Match": '"1"', "method": "PUT"}
    refused = owner.send(f"{API}/{made['id']}", {**sent, "number": "A9"}, **headers)
    assert list(refused.json["fields"]) == ["number"]
    kept = owner.send(f"{API}/{made['id']}", {**sent, "number": "A1"}, **headers)
    assert kept.status_code == 200


def test_totals_and_lines_follow_what_is_typed_and_nothing_is_written(owner: Browser) -> None:
    form = {
        "number": "A1", "lines-keys": ["new1", "new2"], "lines-new1-dish": "Tinto",
        "lines-new1-qty": "2", "lines-new1-price": "", "lines-new2-dish": "Pan",
        "lines-new2-qty": "x", "lines-new2-price": "500",
    }  # fmt: skip
    live = owner.post(f"{PATH}/recompute", form)
    assert 'name="lines-new1-price" value="2.000"' in live.text
    assert 'name="lines-new2-qty" value="x"' in live.text
    assert "$\u00a04.000" in live.text.partition('id="g-totals"')[2]
    assert owner.get(API).get_json()["total"] == 0


def test_a_record_is_found_while_one_types(owner: Browser, site: Site) -> None:
    ana, luis = customer(owner, "Ana María Ríos"), customer(owner, "Luis Ángel")
    found = owner.get(f"{PATH}/lookup/customer_id?q=rio ana").get_json()
    assert [one["value"] for one in found["items"]] == [ana["id"]]
    assert found["create"]["url"] == "/stand/customers/quick"
    owner.send(f"/api/v1/stand/customers/{luis['id']}", method="DELETE", If_Match='"1"')
    everybody = owner.get(f"{PATH}/lookup/customer_id").get_json()["items"]
    assert [one["label"] for one in everybody] == ["Ana María Ríos"]
    page = owner.get(f"{PATH}/new").text
    assert f'data-lookup="{PATH}/lookup/customer_id"' in page
    assert 'role="combobox"' in page
    assert owner.get(f"{PATH}/lookup/number").status_code == 404


def test_a_lookup_shows_what_the_list_would(owner: Browser, site: Site, house: House) -> None:
    customer(owner, "Ana María Ríos")
    stranger = site.browser("owner@pharmacy.co")
    assert stranger.get(f"{PATH}/lookup/customer_id?q=ana").get_json()["items"] == []
    cashier = site.browser("cashier@bakery.co")
    assert cashier.get(f"{PATH}/lookup/customer_id?q=ana").status_code == 403
    places = owner.get(f"{PATH}/lookup/establishment_id?q=prin").get_json()
    assert [one["value"] for one in places["items"]] == [str(site.establishment(house.bakery))]
    assert "create" not in places


def test_the_api_document_names_the_list_of_an_id(owner: Browser) -> None:
    schemas = owner.get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    said = schemas["OrderIn"]["properties"]["customer_id"]
    assert said["x-reference"] == "stand.customers"


def test_an_archived_or_foreign_record_is_not_chosen(
    owner: Browser, site: Site, body: Body
) -> None:
    foreign = customer(site.browser("owner@pharmacy.co"), "Ajena")
    for key in (foreign["id"], str(uuid7())):
        sent = {**body, "customer_id": key}
        answer = owner.send(API, sent, Idempotency_Key=str(uuid7()))
        assert list(answer.json["fields"]) == ["customer_id"]


def test_a_record_is_made_on_the_fly(owner: Browser, site: Site) -> None:
    quick = owner.get("/stand/customers/quick?text=Rosa")
    assert 'name="name" value="Rosa"' in quick.text
    assert 'id="f-q-name"' in quick.text
    assert "<html" not in quick.text
    refused = owner.post("/stand/customers/quick", {"name": ""})
    assert refused.status_code == 422
    assert 'id="f-q-name-error"' in refused.text
    form = {"name": "Rosa", "form_key": str(uuid7())}
    made, again = (owner.post("/stand/customers/quick", form) for _ in range(2))
    assert made.status_code == 201
    assert made.get_json()["label"] == "Rosa"
    assert made.get_json() == again.get_json()
    cashier = site.browser("cashier@bakery.co")
    assert cashier.post("/stand/customers/quick", form).status_code == 403


def test_what_belongs_to_a_record_is_counted_after_it(
    owner: Browser, site: Site, order: Callable[..., Body]
) -> None:
    ana = customer(owner, "Ana")
    order(customer_id=ana["id"])
    order(number="A2")
    page = owner.get(f"/stand/customers/{ana['id']}").text
    assert f'data-lazy="/stand/customers/{ana["id"]}/related"' in page
    related = owner.get(f"/stand/customers/{ana['id']}/related").text
    assert f'href="/stand/orders?customer_id={ana["id"]}"' in related
    assert '<span class="g-chip">1</span>' in related
    stranger = site.browser("owner@pharmacy.co")
    assert stranger.get(f"/stand/customers/{ana['id']}/related").status_code == 404

"""Whoever works in one establishment sees and changes what is of it; documents lead on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from core.auth.models import Role, RolePermission
from core.auth.roles import grant_role, revoke_role
from core.clock import StoppedClock
from core.ids import uuid7
from core.tenancy import Establishment
from core.testing.addons import all_addons, house_with_addons
from core.testing.databases import TestDatabases
from core.testing.web import Site, open_site
from tests.scenarios.shop import Shop, open_shop

pytestmark = pytest.mark.services


@pytest.fixture
def site(databases: TestDatabases, clock: StoppedClock, tmp_path: Path) -> Iterator[Site]:
    with house_with_addons(databases, clock) as house:
        opened = open_site(house, tmp_path, all_addons())
        opened.enable(house.bakery, *all_addons().running)
        yield opened


@pytest.fixture
def shop(site: Site) -> Shop:
    shop = open_shop(site.house, all_addons(), site.house.bakery)
    shop.sell(shop.ticket(("GAS", "2"), ("CAF", "1")))
    return shop


@pytest.fixture
def branch(site: Site, shop: Shop) -> UUID:
    """Make a second establishment with somebody who only runs that one."""
    with site.house.unit(site.house.bakery) as session:
        place = Establishment(code="002", name="La 14")
        session.add(place)
        session.flush()
        role = Role(code="keeper", name="Encargada")
        session.add(role)
        session.flush()
        for name in ("pos.sale.read", "pos.sale.create", "pos.till.manage", "ledger.entry.read"):
            session.add(RolePermission(role_id=role.id, permission=name))
    person = site.person("keeper@bakery.co", (site.house.bakery, "cashier"))
    with site.house.unit(site.house.bakery) as session:
        revoke_role(session, person, "cashier")
        grant_role(session, person, "keeper", place.id)
    return place.id


def test_records_of_another_establishment_do_not_exist(
    site: Site, shop: Shop, branch: UUID
) -> None:
    keeper, owner = site.browser("keeper@bakery.co"), site.browser("owner@bakery.co")
    for name in ("pos/sales", "pos/sessions", "pos/tills", "ledger/entries"):
        seen = owner.get(f"/api/v1/{name}").get_json()["items"]
        assert seen
        assert keeper.get(f"/api/v1/{name}").get_json()["items"] == []
        assert keeper.get(f"/{name}/{seen[0]['id']}").status_code == 404
        assert len(keeper.get(f"/{name}/export.csv").text.splitlines()) == 1
    assert str(shop.till) not in keeper.get("/pos/").text
    assert keeper.get(f"/pos/till/{shop.till}").status_code == 404


def test_nobody_writes_into_another_establishment(site: Site, shop: Shop, branch: UUID) -> None:
    keeper = site.browser("keeper@bakery.co")
    body = {"code": "C9", "name": "Caja 9", "establishment_id": str(shop.establishment)}
    refused = keeper.send("/api/v1/pos/tills", body, Idempotency_Key=str(uuid7()))
    assert refused.status_code == 422
    assert "establishment_id" in refused.json["fields"]
    assert "Principal" not in keeper.get("/pos/tills/new").text.partition("<main")[2]
    mine = {**body, "establishment_id": str(branch)}
    made = keeper.send("/api/v1/pos/tills", mine, Idempotency_Key=str(uuid7()))
    assert made.status_code == 201
    moved = {**made.json, "establishment_id": str(shop.establishment)}
    kept = {name: moved[name] for name in ("code", "name", "establishment_id")}
    path = f"/api/v1/pos/tills/{made.json['id']}"
    answer = keeper.send(path, kept, method="PUT", If_Match='"1"')
    assert answer.status_code == 422


def test_a_sale_leads_to_what_it_caused_and_back(site: Site, shop: Shop) -> None:
    owner = site.browser("owner@bakery.co")
    sale = owner.get("/api/v1/pos/sales").get_json()["items"][0]["id"]
    page = owner.get(f"/pos/sales/{sale}").text
    assert "/ledger/entries?of=" in page
    assert "/inventory/moves?of=" in page
    entries = owner.get(f"/api/v1/ledger/entries?of=pos.sale,inventory.sale:{sale}").get_json()
    moves = owner.get(f"/api/v1/inventory/moves?of=pos.sale,inventory.sale:{sale}").get_json()
    assert (entries["total"], moves["total"]) == (2, 2)
    for entry in entries["items"]:
        assert f'href="/pos/sales/{sale}"' in owner.get(f"/ledger/entries/{entry['id']}").text


def test_the_figures_of_the_start_page_lead_to_what_they_count(site: Site, shop: Shop) -> None:
    owner = site.browser("owner@bakery.co")
    page = owner.get("/").text
    assert 'href="/pos/sales?business_date_from=2026-03-16"' in page
    assert 'href="/pos/sessions?state=open"' in page
    assert "<b>R1</b>" in owner.get("/pos/sales?business_date_from=2026-03-16").text
    assert "<b>R1</b>" not in owner.get("/pos/sales?business_date_to=2026-03-15").text
    assert "Caja 1" in owner.get("/pos/sessions?state=open").text


def test_a_till_with_an_open_drawer_stays(site: Site, shop: Shop) -> None:
    owner = site.browser("owner@bakery.co")
    path = f"/api/v1/pos/tills/{shop.till}"
    refused = owner.send(path, method="DELETE", If_Match='"1"')
    assert (refused.status_code, refused.json["code"]) == (409, "pos.drawer_open")


def test_the_last_cash_stays_and_codes_do_not_change(site: Site, shop: Shop) -> None:
    owner = site.browser("owner@bakery.co")
    rows = owner.get("/api/v1/pos/methods").get_json()["items"]
    cash = next(row for row in rows if row["kind"] == "cash")
    path = f"/api/v1/pos/methods/{cash['id']}"
    assert owner.send(path, method="DELETE", If_Match='"1"').status_code == 409
    body = {name: cash[name] for name in ("code", "name", "kind", "means")}
    for wrong in ({"code": "coins"}, {"kind": "card"}):
        answer = owner.send(path, {**body, **wrong}, method="PUT", If_Match='"1"')
        assert answer.status_code in {409, 422}, answer.text


def test_a_barcode_belongs_to_one_product(site: Site, shop: Shop) -> None:
    owner = site.browser("owner@bakery.co")
    found = owner.get("/api/v1/catalog/products?q=cafe").get_json()["items"]
    assert [row["code"] for row in found] == ["CAF"]
    names = ("code", "name", "unit_id", "price", "tax_class")
    body = {name: found[0][name] for name in names}
    path = f"/api/v1/catalog/products/{found[0]['id']}"

    def put(version: int, *barcodes: dict[str, str]) -> tuple[int, list[tuple[str, str]]]:
        sent = {**body, "barcodes": list(barcodes)}
        answer = owner.send(path, sent, method="PUT", If_Match=f'"{version}"')
        kept = answer.json.get("barcodes", [])
        return answer.status_code, sorted((one["code"], one["quantity"]) for one in kept)

    pack, one = {"code": "7702001045006", "quantity": "6"}, {"code": "96385074"}
    assert put(1, {"code": "7702001045007"})[0] == 422
    assert put(1, pack, one) == (200, [("7702001045006", "6"), ("96385074", "1")])
    assert put(2, one) == (200, [("96385074", "1")])
    again = {**body, "code": "OTRO", "barcodes": [one]}
    refused = owner.send("/api/v1/catalog/products", again, Idempotency_Key=str(uuid7()))
    assert "Café" in refused.json["fields"]["barcodes.0.code"]
    assert owner.get("/api/v1/catalog/products?q=96385074").get_json()["total"] == 1


def test_a_code_that_another_record_has_is_said_beside_the_field(site: Site, shop: Shop) -> None:
    owner = site.browser("owner@bakery.co")
    with site.house.unit(site.house.bakery, writes=False) as session:
        place = session.scalars(select(Establishment.id)).first()
    body = {"code": "C1", "name": "Otra", "establishment_id": str(place)}
    refused = owner.send("/api/v1/pos/tills", body, Idempotency_Key=str(uuid7()))
    assert refused.status_code == 422
    assert "code" in refused.json["fields"]
    assert owner.get("/api/v1/pos/tills").get_json()["total"] == 1


def test_a_partner_has_several_addresses(site: Site) -> None:
    owner = site.browser("owner@bakery.co")
    body = {
        "identification": "52123999",
        "name": "Rosa",
        "addresses": [{"name": "Bodega", "address": "Calle 10"}],
    }
    path = "/api/v1/contacts/partners"
    made = owner.send(path, body, Idempotency_Key=str(uuid7())).json
    (kept,) = made["addresses"]
    assert (kept["name"], kept["address"], kept["phone"]) == ("Bodega", "Calle 10", "")
    wrong = {**body, "addresses": [kept, {"name": "Norte", "address": "", "municipality": "x"}]}
    path = f"{path}/{made['id']}"
    told = owner.send(path, wrong, method="PUT", If_Match='"1"').json["errors"]
    assert {one["pointer"] for one in told} == {
        "#/addresses/1/address",
        "#/addresses/1/municipality",
    }
    moved = {**body, "addresses": [{"name": "Norte", "address": "Calle 80"}, kept]}
    saved = owner.send(path, moved, method="PUT", If_Match='"1"').json
    assert saved["version"] == 2
    assert [one["name"] for one in saved["addresses"]] == ["Norte", "Bodega"]
    assert saved["addresses"][1]["id"] == kept["id"]


def test_a_move_is_undone_from_its_list(site: Site, shop: Shop) -> None:
    owner, cashier = site.browser("owner@bakery.co"), site.browser("cashier@bakery.co")
    moves = owner.get("/api/v1/inventory/moves?kind=issue").get_json()["items"]
    path = f"/api/v1/inventory/moves/{moves[0]['id']}/actions/reverse"
    assert cashier.send(path, Idempotency_Key=str(uuid7())).status_code == 403
    key = str(uuid7())
    assert owner.send(path, Idempotency_Key=key).status_code == 200
    assert owner.send(path, Idempotency_Key=key).status_code == 200
    back = owner.get("/api/v1/inventory/moves?kind=customer_return").get_json()["items"]
    assert len(back) == 1
    page = owner.get(f"/inventory/moves/{moves[0]['id']}").text
    assert "actions/reverse" in page
    assert "actions/reverse" not in owner.get(f"/inventory/moves/{back[0]['id']}").text
    again = owner.send(path, Idempotency_Key=str(uuid7()))
    assert (again.status_code, again.json["code"]) == (409, "inventory.not_reversible")


def test_products_show_their_stock_only_where_it_is_kept(site: Site, shop: Shop) -> None:
    owner = site.browser("owner@bakery.co")
    items = owner.get("/api/v1/catalog/products").get_json()["items"]
    assert all("stock" in one for one in items)
    assert any(one["stock"] not in {None, "0"} for one in items)

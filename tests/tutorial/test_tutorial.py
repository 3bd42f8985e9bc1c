"""What the tutorial says is what happens: each of its files and commands, on both engines."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any
from zipfile import ZipFile

import httpx
import pytest

from addons.contacts.services import create_partner
from addons.pos.errors import SaleRefusedError
from addons.pos.pricing import Ticket
from core.clock import StoppedClock
from core.errors import NotFoundError
from core.settings.services import change_setting
from core.testing.contract import differing, sights
from core.testing.web import PASSWORD, Site
from tests.architecture.tree import ROOT
from tests.scenarios.shop import Shop, open_shop
from tests.tutorial.guide import Section, sections
from tests.tutorial.workplace import SHOP, Workplace, served

pytestmark = pytest.mark.services

GUIDE = sections()
HELLO, FIRST, SECOND = GUIDE["Hello"], GUIDE["Version 1.0.0"], GUIDE["Version 1.1.0"]
TESTS, LEAVING = GUIDE["Its own tests"], GUIDE["Leaving"]
ON = frozenset({*SHOP, "hours"})
#: Half past ten in the evening in Bogotá: the fixtures' clock stands a little after ten.
LATE = timedelta(hours=12, minutes=20)


def module(name: str) -> Any:
    return import_module(f"addons.hours.{name}")


def shop_of(workplace: Workplace, site: Site) -> Shop:
    house = workplace.house
    shop = open_shop(house, site.platform.registry, house.bakery)
    return replace(shop, house=replace(house, enabled=ON))


def with_customer(shop: Shop, ticket: Ticket, customer: Any) -> Ticket:
    return replace(ticket, draft=ticket.draft.model_copy(update={"customer_id": customer}))


def test_three_files_are_an_addon_that_nobody_else_sees(workplace: Workplace) -> None:
    check, plan, install, enable = HELLO.commands
    hello = Section("Hello", HELLO.files, [check, plan, install])
    assert len(hello.files) == 3
    told = workplace.follow(hello)
    assert "nothing to remark" in told
    assert "asks: Look at what every sale contains" in told
    site = workplace.open()
    owner, stranger = site.browser("owner@bakery.co"), site.browser("owner@pharmacy.co")
    assert owner.get("/hours/").status_code == 404
    before = sights(stranger, site)
    done = workplace.manage(*enable[0])
    assert done.returncode == 0, done.stderr
    page = owner.get("/hours/")
    assert (page.status_code, page.text) == (200, "Horario de venta")
    assert 'href="/hours/"' in owner.get("/").text
    assert not differing(before, sights(stranger, site))
    assert site.browser("cashier@bakery.co").get("/hours/").status_code == 200


def test_the_addon_works_where_it_is_on(workplace: Workplace, clock: StoppedClock) -> None:
    workplace.follow(HELLO)
    assert "nothing to remark" in workplace.follow(FIRST)
    site = workplace.open()
    owner, cashier = site.browser("owner@bakery.co"), site.browser("cashier@bakery.co")
    shop = shop_of(workplace, site)
    owner.read("/hours/")
    assert owner.post("/hours/products", {"code": "GAS"}).status_code == 303
    assert owner.post("/hours/products", {"code": "nothing"}).status_code == 422
    cashier.read("/hours/")
    assert cashier.post("/hours/products", {"code": "LEC"}).status_code == 403
    assert "GAS · Gaseosa" in owner.get("/hours/").text
    assert owner.get("/hours/api/v1/products").json == ["GAS"]
    assert '"/hours/api/v1/products"' in owner.get("/api/v1/openapi.json").text

    shop.sell(shop.ticket(("GAS", "1")))
    clock.advance(LATE)
    with pytest.raises(SaleRefusedError, match="Gaseosa") as refused:
        shop.sell(shop.ticket(("GAS", "1")))
    assert refused.value.context["objection"] == "hours.closed"
    shop.sell(shop.ticket(("LEC", "1")))
    settle(shop, Decimal(23))
    shop.sell(shop.ticket(("GAS", "1")))
    settle(shop, Decimal("22.4"))
    sell_to_a_licensed_bar(shop)

    assert workplace.work(site.platform.registry)["done"] >= 4
    # The evening's log-in: the morning's has ended.
    owner = site.browser("owner@bakery.co")
    assert '<span class="g-num">1</span>' in owner.get("/").text
    with shop.house.unit(shop.tenant, writes=False) as session:
        (day,) = module("services").unsigned_days(session)
        assert day.sales == 4


def settle(shop: Shop, hour: Decimal) -> None:
    with shop.house.unit(shop.tenant) as session:
        change_setting(session, module("settings").CLOSES, hour, shop.establishment)


def sell_to_a_licensed_bar(shop: Shop) -> None:
    with shop.house.unit(shop.tenant) as session:
        bar = create_partner(session, identification_type="13", number="52345678", name="Bar").id
    ticket = with_customer(shop, shop.ticket(("GAS", "1")), bar)
    with pytest.raises(SaleRefusedError):
        shop.sell(ticket)
    with shop.house.unit(shop.tenant) as session:
        module("services").give_licence(session, bar, held=True)
    shop.sell(ticket)


def test_another_business_cannot_tell_and_is_not_held(
    workplace: Workplace, clock: StoppedClock
) -> None:
    workplace.start_with(HELLO, FIRST)
    disable, enable = LEAVING.commands[1][0], HELLO.commands[3][0]
    assert workplace.manage(*disable).returncode == 0
    site = workplace.open()
    stranger = site.browser("owner@pharmacy.co")
    before = sights(stranger, site)
    assert workplace.manage(*enable).returncode == 0
    assert not differing(before, sights(stranger, site))
    for path in ("/hours/", "/hours/api/v1/products"):
        assert stranger.get(path).status_code == 404
    house = workplace.house
    other = open_shop(house, site.platform.registry, house.pharmacy)
    clock.advance(LATE)
    other.sell(other.ticket(("GAS", "1")))
    workplace.work(site.platform.registry)
    with replace(house, enabled=ON).unit(house.pharmacy, writes=False) as session:
        assert module("services").unsigned_days(session) == []


def test_an_upgrade_keeps_the_rows_and_leaving_exports_them(
    workplace: Workplace, clock: StoppedClock
) -> None:
    workplace.start_with(HELLO, FIRST)
    site = workplace.open()
    shop = shop_of(workplace, site)
    with shop.house.unit(shop.tenant) as session:
        module("services").restrict(session, "GAS")
    shop.sell(shop.ticket(("GAS", "1")))
    workplace.work(site.platform.registry)

    told = workplace.follow(SECOND)
    assert "0002_reason_of_a_restriction.py" in told
    assert "upgraded: hours" in told
    site = workplace.open()
    with shop.house.unit(shop.tenant, writes=False) as session:
        (row,) = session.query(module("models").Restricted)
        assert row.reason == ""
    owner = site.browser("owner@bakery.co")
    assert "GAS · Gaseosa" in owner.get("/hours/").text

    (refused, disable, uninstall) = LEAVING.commands
    assert workplace.follow(Section("", {}, [refused])).strip()
    sign_everything(shop)
    told = workplace.follow(Section("", {}, [disable, uninstall]))
    assert "exported hours_product: 1 rows" in told
    with ZipFile(workplace.folder / "hours.zip") as archive:
        names = {name.partition(".")[0] for name in archive.namelist()}
    assert names == {"hours_product", "hours_day", "hours_partner", "manifest"}


def sign_everything(shop: Shop) -> None:
    services = module("services")
    with shop.house.unit(shop.tenant) as session:
        for day in services.unsigned_days(session):
            services.sign_day(session, day.id)
    with shop.house.unit(shop.tenant) as session, pytest.raises(NotFoundError):
        services.sign_day(session, shop.till)


def test_a_real_server_serves_it_to_one_business(workplace: Workplace) -> None:
    workplace.start_with(HELLO, FIRST)
    workplace.open()
    with served(workplace) as address:
        for person, status in (("owner@bakery.co", 200), ("owner@pharmacy.co", 404)):
            with httpx.Client(base_url=address, follow_redirects=True) as client:
                form = client.get("/login").text
                (token,) = set(re.findall(r'name="csrf_token" value="([^"]*)"', form))
                said = {"login": person, "password": PASSWORD, "csrf_token": token}
                headers = {"Origin": address}
                assert client.post("/login", data=said, headers=headers).status_code == 200
                assert client.get("/hours/").status_code == status


def test_its_own_tests_pass(workplace: Workplace) -> None:
    if workplace.house.database.kind != "sqlite":
        pytest.skip("the contract runs on both engines by itself")
    for section in (HELLO, FIRST, TESTS):
        section.write(workplace.place)
    assert workplace.manage(*FIRST.commands[0][0]).returncode == 0
    command = ["-m", "pytest", "-q", "-c", "pyproject.toml", "-p", "core.testing.plugin"]
    done = subprocess.run(
        [sys.executable, *command, str(workplace.place / "hours")],
        cwd=ROOT,
        env=workplace.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "9 passed" in done.stdout

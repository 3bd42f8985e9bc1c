"""The same thing delivered several times at once, through the whole application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import func, select

from addons.pos.models import Sale
from core.clock import StoppedClock
from core.ids import uuid7
from core.testing.addons import all_addons, house_with_addons
from core.testing.databases import TestDatabases
from core.testing.house import House
from core.testing.web import Site, open_site
from core.verify import verify
from tests.crash.flows import sale_request
from tests.scenarios.shop import Shop, open_shop

pytestmark = pytest.mark.services


@pytest.fixture
def house(databases: TestDatabases, clock: StoppedClock) -> Iterator[House]:
    with house_with_addons(databases, clock) as opened:
        yield opened


@pytest.fixture
def site(house: House, tmp_path: Path) -> Site:
    registry = all_addons()
    opened = open_site(house, tmp_path, registry)
    opened.enable(house.bakery, *registry.running)
    return opened


@pytest.fixture
def shop(site: Site, house: House) -> Shop:
    return open_shop(house, all_addons(), house.bakery)


def at_once(crowd: int, act: Callable[[int], Any]) -> list[Any]:
    """Act in so many threads; give what each got, errors included."""
    got: list[Any] = [None] * crowd

    def work(number: int) -> None:
        try:
            got[number] = act(number)
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            got[number] = error

    threads = [Thread(target=work, args=(number,)) for number in range(crowd)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def sold(house: House, shop: Shop) -> list[int]:
    with house.unit(shop.tenant, writes=False) as session:
        return list(session.scalars(select(Sale.number).order_by(Sale.number)))


def test_a_till_that_sends_a_sale_six_times_at_once_sold_once(site: Site, shop: Shop) -> None:
    wanted = sale_request(shop)
    browsers = [site.browser("owner@bakery.co") for _ in range(6)]
    answers = at_once(6, lambda n: browsers[n].send(wanted["path"], wanted["body"]).json)
    results = [answer["results"][0] for answer in answers]
    assert sorted(result["status"] for result in results) == ["replayed"] * 5 + ["stored"]
    assert len({result["answer"]["full_number"] for result in results}) == 1
    assert sold(site.house, shop) == [1]
    assert list(verify(site.house.database, site.house.clock, all_addons())) == []


def test_tills_that_sell_at_once_leave_no_gap_in_the_numbers(site: Site, shop: Shop) -> None:
    wanted = [sale_request(shop) for _ in range(6)]
    browsers = [site.browser("owner@bakery.co") for _ in range(6)]
    answers = at_once(6, lambda n: browsers[n].send(wanted[n]["path"], wanted[n]["body"]).json)
    assert {answer["results"][0]["status"] for answer in answers} == {"stored"}
    assert sold(site.house, shop) == [1, 2, 3, 4, 5, 6]
    assert list(verify(site.house.database, site.house.clock, all_addons())) == []


def test_the_same_id_with_two_contents_at_once_is_sold_once_and_objected_to_once(
    site: Site, shop: Shop
) -> None:
    one, other = sale_request(shop), sale_request(shop)
    other["body"]["items"][0]["uuid"] = one["body"]["items"][0]["uuid"]
    browsers = [site.browser("owner@bakery.co") for _ in range(2)]
    pair = (one, other)
    answers = at_once(2, lambda n: browsers[n].send(pair[n]["path"], pair[n]["body"]).json)
    statuses = sorted(answer["results"][0]["status"] for answer in answers)
    assert statuses == ["conflict", "stored"]
    assert len(sold(site.house, shop)) == 1


def test_a_drawer_closed_twice_at_once_is_closed_once(site: Site, shop: Shop) -> None:
    path = f"/pos/api/v1/sessions/{shop.drawer}/close"
    browsers = [site.browser("owner@bakery.co") for _ in range(3)]
    counted = ("90000.00", "100000.00", "120000.00")
    body = {"counted": [], "note": ""}
    answers = at_once(
        3, lambda n: browsers[n].send(path, {**body, "counted_total": counted[n]}).json
    )
    assert len({answer["difference"] for answer in answers}) == 1
    assert list(verify(site.house.database, site.house.clock, all_addons())) == []


def test_a_drawer_opened_by_two_at_once_is_one_persons(site: Site, shop: Shop) -> None:
    closing = f"/pos/api/v1/sessions/{shop.drawer}/close"
    first = site.browser("owner@bakery.co")
    first.send(closing, {"counted": [], "note": "", "counted_total": "100000.00"})
    path = f"/pos/api/v1/tills/{shop.till}/session"
    browsers = [site.browser("owner@bakery.co") for _ in range(3)]
    keys = [str(uuid7()) for _ in range(3)]
    answers = at_once(3, lambda n: browsers[n].send(path, {"id": keys[n], "float": "1000.00"}))
    assert min(answer.status_code for answer in answers) == 200
    with site.house.unit(shop.tenant, writes=False) as session:
        from addons.pos.models import DrawerSession

        still = select(func.count()).select_from(DrawerSession).where(DrawerSession.state == "open")
        assert session.scalar(still) == 1
    refused = [answer for answer in answers if answer.status_code != 200]
    assert [answer.status_code for answer in refused] == [409, 409]

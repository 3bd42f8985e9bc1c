"""Two businesses that both use everything, behind the whole application."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from addons.pos.services import create_till, open_drawer
from core.auth.roles import grant_role
from core.auth.tokens import NewToken, create_token
from core.auth.users import join_business
from core.clock import StoppedClock
from core.db.uow import platform_unit
from core.ids import uuid7
from core.tenancy import Establishment, TenantRef
from core.testing.addons import all_addons, house_with_addons
from core.testing.databases import TestDatabases
from core.testing.house import House
from core.testing.web import Site, open_site
from tests.scenarios.shop import Shop, open_shop


@pytest.fixture
def house(databases: TestDatabases, clock: StoppedClock) -> Iterator[House]:
    with house_with_addons(databases, clock) as opened:
        yield opened


@pytest.fixture
def site(house: House, tmp_path: Path) -> Site:
    """Everything is on for both; only the bakery has anything yet."""
    registry = all_addons()
    opened = open_site(house, tmp_path, registry)
    for tenant in (house.bakery, house.pharmacy):
        opened.enable(tenant, *registry.running)
    return opened


@dataclass(frozen=True)
class Town:
    """The bakery and the pharmacy, both selling; the bakery in two places."""

    site: Site
    bakery: Shop
    pharmacy: Shop
    #: Of the bakery, where its cashier does not work.
    elsewhere: Shop
    token: str


def stocked(house: House, tenant: TenantRef, prices: tuple[tuple[str, str], ...]) -> Shop:
    """Open a shop that sold something already."""
    shop = open_shop(house, all_addons(), tenant)
    for sold in prices:
        shop.sell(shop.ticket(sold))
    return shop


@pytest.fixture
def town(site: Site, house: House) -> Town:
    pharmacy = stocked(house, house.pharmacy, (("GAS", "1"), ("CAF", "2")))
    bakery = stocked(house, house.bakery, (("LEC", "3"),))
    elsewhere = second_place(house, bakery)
    person = site.person("one.place@bakery.co")
    with platform_unit(house.database, house.clock, writes=True) as platform:
        join_business(platform, person, house.bakery)
    with house.unit(house.bakery) as session:
        grant_role(session, person, "cashier", bakery.establishment)
    scopes = [p.name for p in site.platform.permissions]
    with house.unit(house.bakery) as session:
        session.user_id = site.people["owner@bakery.co"]
        token = create_token(session, NewToken("Programa", scopes), dict.fromkeys(scopes))
    return Town(site, bakery, pharmacy, elsewhere, token)


def second_place(house: House, shop: Shop) -> Shop:
    """Open another establishment of the same business, with a till and a drawer."""
    with house.unit(shop.tenant) as session:
        place = Establishment(code="002", name="Norte")
        session.add(place)
        session.flush()
        till = create_till(session, place, code="N1", name="Caja norte", prefix="N")
    with house.unit(shop.tenant) as session:
        drawer = open_drawer(
            session, till.id, key=uuid7(), seller=shop.seller, float_amount=Decimal(50000)
        )
    return replace(shop, establishment=place.id, till=till.id, drawer=drawer.id)

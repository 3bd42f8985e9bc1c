"""Every resource of the repository keeps the contract, on both engines, with two businesses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from addons.catalog.commands import CategoryIn
from addons.catalog.editing import add_category
from addons.catalog.models import Unit
from addons.contacts.services import create_partner
from core.auth.users import NewUser, create_user, join_business
from core.clock import StoppedClock
from core.db.uow import platform_unit
from core.resources import Resource
from core.testing.addons import all_addons, house_with_addons
from core.testing.databases import TestDatabases
from core.testing.fixtures import MONDAY
from core.testing.house import House
from core.testing.resource_contract import ReadContract, WriteContract
from core.testing.resources import World
from core.testing.web import PASSWORD, open_site
from tests.contract.samples import SAMPLES
from tests.scenarios.shop import open_shop

pytestmark = pytest.mark.services

RESOURCES = {one.name: one for _addon, one in all_addons().everywhere.register_resources()}
WRITTEN = sorted(name for name, one in RESOURCES.items() if one.create is not None)


@pytest.fixture(scope="module")
def world(databases: TestDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    clock = StoppedClock(MONDAY)
    with house_with_addons(databases, clock) as house:
        yield _world(house, tmp_path_factory.mktemp("site"))


def _world(house: House, folder: Path) -> World:
    registry = all_addons()
    site = open_site(house, folder, registry)
    for tenant in (house.bakery, house.pharmacy):
        site.enable(tenant, *registry.running)
        shop = open_shop(house, registry, tenant)
        for _ in range(5):
            shop.sell(shop.ticket(("GAS", "1"), ("CAF", "2")))
        with house.unit(tenant) as session:
            create_partner(session, identification_type="31", number="901234567", name="Aseo SAS")
            add_category(session, CategoryIn(name="Bebidas"))
    with house.unit(house.bakery, writes=False) as session:
        unit = session.scalars(select(Unit.id).where(Unit.code == "un")).one()
    with platform_unit(house.database, house.clock, writes=True) as platform:
        hashed = site.platform.passwords.hashed(PASSWORD)
        nobody = create_user(platform, NewUser("nobody@bakery.co", "Nadie", hashed))
        join_business(platform, nobody.id, house.bakery)
    return World(
        site=site,
        own=house.bakery,
        other=house.pharmacy,
        owner=site.browser("owner@bakery.co"),
        stranger=site.browser("owner@pharmacy.co"),
        nobody=site.browser("nobody@bakery.co"),
        application_url=house.database.engine.url.render_as_string(hide_password=False),
        samples=SAMPLES,
        known={"unit": str(unit), "establishment": str(site.establishment(house.bakery))},
    )


@pytest.fixture
def resource(request: pytest.FixtureRequest) -> Resource[Any]:
    found: Resource[Any] = RESOURCES[request.param]
    return found


@pytest.mark.parametrize("resource", sorted(RESOURCES), indirect=True)
class TestEveryResource(ReadContract):
    """What any list, document and API of ours promises."""


@pytest.mark.parametrize("resource", WRITTEN, indirect=True)
class TestEveryWrittenResource(WriteContract):
    """What any form of ours promises."""

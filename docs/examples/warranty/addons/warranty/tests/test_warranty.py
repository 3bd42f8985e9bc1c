"""Warranties keep the contract of addons and of resources, and their own rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.catalog.services import ProductDraft, create_product, create_usual_units
from addons.contacts.services import create_partner, find_partners
from addons.warranty.models import ContactWish, Warranty
from addons.warranty.resources import WARRANTIES
from addons.warranty.rules import is_covered, last_day
from addons.warranty.services import WarrantyIn, give_warranty, wish_of, write_wish
from core.auth.users import NewUser, create_user, join_business
from core.clock import StoppedClock
from core.db.extension import FrozenDefaultError
from core.db.uow import platform_unit
from core.errors import BadInputError, NotFoundError
from core.resources import Resource
from core.tenancy import TenantRef
from core.testing.contract import addon_contract, house_before
from core.testing.databases import TestDatabases
from core.testing.fixtures import MONDAY
from core.testing.house import House
from core.testing.resource_contract import ReadContract, WriteContract
from core.testing.resources import World
from core.testing.web import PASSWORD, open_site

TestContract = addon_contract("warranty")

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))


@pytest.mark.parametrize(
    ("starts", "months", "ends"),
    [
        ("2026-03-16", 12, "2027-03-16"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("9999-06-01", 12, "9999-12-31"),
    ],
)
def test_a_term_of_months_ends_on_the_day_of_the_same_number(
    starts: str, months: int, ends: str
) -> None:
    assert last_day(date.fromisoformat(starts), months) == date.fromisoformat(ends)


@given(DAYS, st.integers(1, 239))
def test_a_month_more_never_ends_earlier(starts: date, months: int) -> None:
    shorter, longer = last_day(starts, months), last_day(starts, months + 1)
    assert starts < shorter < longer
    assert 28 <= (longer - shorter).days <= 31
    assert is_covered(starts, shorter, shorter)
    assert not is_covered(starts, shorter, shorter + timedelta(days=1))


def sample(number: int, _known: Mapping[str, str]) -> dict[str, Any]:
    return {
        "number": f"G-{number}",
        "product_code": "LIC",
        "identification": "52345678",
        "starts_on": "2026-03-16",
        "months": 12,
        "state": "in_force",
    }


def furnish(house: House, tenant: TenantRef) -> None:
    with house.unit(tenant) as session:
        create_usual_units(session)
        create_product(session, ProductDraft(code="LIC", name="Licuadora", price=Decimal(189900)))
        create_partner(session, identification_type="13", number="52345678", name="Rosa Díaz")
        for number in range(5):
            give_warranty(session, WarrantyIn.model_validate(sample(number + 9000, {})))


@pytest.fixture(scope="module")
def world(databases: TestDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with house_before(databases, StoppedClock(MONDAY), "warranty") as installed:
        site = open_site(installed.house, tmp_path_factory.mktemp("site"), installed.add())
        chain = (*installed.addon.manifest.requires, "warranty")
        house = replace(installed.house, enabled=frozenset(chain))
        site.house = house
        for tenant in (house.bakery, house.pharmacy):
            site.enable(tenant, *chain)
            furnish(house, tenant)
        with platform_unit(house.database, house.clock, writes=True) as platform:
            hashed = site.platform.passwords.hashed(PASSWORD)
            nobody = create_user(platform, NewUser("nobody@bakery.co", "Nadie", hashed))
            join_business(platform, nobody.id, house.bakery)
        yield World(
            site=site,
            own=house.bakery,
            other=house.pharmacy,
            owner=site.browser("owner@bakery.co"),
            stranger=site.browser("owner@pharmacy.co"),
            nobody=site.browser("nobody@bakery.co"),
            application_url=house.database.engine.url.render_as_string(hide_password=False),
            samples={WARRANTIES.name: sample},
            known={},
        )


@pytest.fixture
def resource() -> Resource[Any]:
    return WARRANTIES


class TestWarranties(ReadContract):
    """What any list and API promises."""


class TestWrittenWarranties(WriteContract):
    """What any form promises."""


def rosa(world: World, tenant: TenantRef) -> UUID:
    with world.house.unit(tenant, writes=False) as session:
        return find_partners(session, "Rosa")[0].id


def test_the_last_day_and_the_names_stand_in_the_list(world: World) -> None:
    made = world.create(WARRANTIES, number="G-LAST", months=3)
    assert made["ends_on"] == "2026-06-16"
    page = world.owner.get("/warranty/warranties?q=G-LAST").text
    assert "Licuadora" in page
    assert "Rosa Díaz" in page
    assert "Garantías" in page


@pytest.mark.parametrize(
    ("name", "value"),
    [("product_code", "NADA"), ("identification", "999"), ("number", "G-9001")],
)
def test_what_is_not_known_is_said_beside_its_field(world: World, name: str, value: str) -> None:
    said = WarrantyIn.model_validate({**sample(1, {}), name: value})
    with world.house.unit(world.own) as session, pytest.raises(BadInputError) as refused:
        give_warranty(session, said)
    assert set(refused.value.fields) == {name}


def test_a_wish_is_a_row_beside_the_contact_and_goes_nowhere_else(world: World) -> None:
    own, other = rosa(world, world.own), rosa(world, world.other)
    with world.house.unit(world.own) as session:
        write_wish(session, own, preferred="phone", remark=" después de las cinco ")
        with pytest.raises(NotFoundError):
            write_wish(session, other, preferred="phone", remark="")
    with world.house.unit(world.other) as session:
        wish = wish_of(session, other)
        assert (wish.preferred, wish.remark) == ("", "")
        with pytest.raises(FrozenDefaultError):
            wish.remark = "x"
        assert session.query(ContactWish).count() == 0
    assert world.owner.get(f"/warranty/api/v1/contacts/{own}").json == {
        "preferred": "phone",
        "remark": "después de las cinco",
    }
    assert "Por teléfono" in world.owner.get("/warranty/warranties").text


def test_the_page_of_a_customer_shows_and_changes_the_wish(world: World) -> None:
    path = f"/warranty/contacts/{rosa(world, world.own)}"
    world.owner.read(path)
    assert world.owner.post(path, {"preferred": "email", "remark": "Ñ"}).status_code == 303
    page = world.owner.get(path).text
    assert "Ñ" in page
    assert "G-9000" in page
    assert world.owner.post(path, {"preferred": "pigeon"}).status_code == 422
    cashier = world.site.browser("cashier@bakery.co")
    cashier.read(path)
    assert cashier.post(path, {"preferred": "visit"}).status_code == 303
    assert world.nobody.get(path).status_code == 403
    assert world.stranger.get(path).status_code == 404


def test_only_the_owner_promises(world: World) -> None:
    cashier = world.site.browser("cashier@bakery.co")
    cashier.read("/warranty/warranties")
    assert cashier.send("/api/v1/warranty/warranties", sample(1, {})).status_code == 403
    with world.house.unit(world.other, writes=False) as session:
        assert session.query(Warranty).count() == 5


def test_the_folder_brings_its_pages_and_spanish() -> None:
    folder = Path(__file__).parents[1]
    assert (folder / "templates" / "warranty" / "contact.html").is_file()
    assert (folder / "locale" / "es.po").is_file()

"""A business decides for itself alone, and what it did not decide has a default."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from core.addons.parts import Setting
from core.audit.models import AuditEntry
from core.settings.models import SettingValue
from core.settings.services import (
    BadSettingError,
    WrongPlaceError,
    change_setting,
    read_setting,
    setting,
)
from core.settings.tests.declared import ALL, GREETING, HOUR, LOUD, SHELF, WRAP
from core.tenancy import Establishment
from core.testing.house import House
from core.testing.web import Site

PAGE = "/admin/settings"
FORM = {
    "toys.closing_hour": "18,5",
    "toys.wraps": "1",
    "toys.greeting": "Hola",
    "toys.shelf": "low",
    "toys.loud": "1",
}


def settled(house: House, tenant: Any, *asked: Setting) -> list[Any]:
    with house.unit(tenant, writes=False) as session:
        return [setting(session, one) for one in asked]


def test_a_decision_holds_for_its_business_only(house: House) -> None:
    with house.unit(house.bakery) as session:
        change_setting(session, HOUR, Decimal("18.50"))
        change_setting(session, WRAP, value=True)
    assert settled(house, house.bakery, HOUR, WRAP) == [Decimal("18.50"), True]
    assert settled(house, house.pharmacy, HOUR, WRAP) == [Decimal(20), False]


def test_a_decision_is_one_row_and_one_note_however_often_it_is_made(house: House) -> None:
    for value in ("a", "b", "b"):
        with house.unit(house.bakery) as session:
            change_setting(session, GREETING, value)
    with house.unit(house.bakery, writes=False) as session:
        assert len(session.scalars(select(SettingValue)).all()) == 1
        notes = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [note.details["value"] for note in notes] == ["a", "b"]


def test_an_establishment_decides_for_itself(house: House) -> None:
    with house.unit(house.bakery) as session:
        other = Establishment(code="002", name="Norte")
        session.add(other)
        session.flush()
        main = session.scalars(select(Establishment).where(Establishment.code == "001")).one()
        change_setting(session, LOUD, value=True, establishment_id=other.id)
    with house.unit(house.bakery, writes=False) as session:
        assert setting(session, LOUD, other.id) is True
        assert setting(session, LOUD, main.id) is False


def test_asking_at_the_wrong_level_is_a_mistake_of_the_code(house: House) -> None:
    with house.unit(house.bakery) as session:
        with pytest.raises(WrongPlaceError):
            setting(session, LOUD)
        with pytest.raises(WrongPlaceError):
            change_setting(session, WRAP, value=True, establishment_id=house.cashier)


@pytest.mark.parametrize(
    ("declared", "value"),
    [
        (HOUR, "18"),
        (HOUR, Decimal("NaN")),
        (WRAP, "yes"),
        (SHELF, "cellar"),
        (GREETING, 3),
    ],
)
def test_a_value_of_another_kind_is_refused(house: House, declared: Setting, value: Any) -> None:
    with house.unit(house.bakery) as session, pytest.raises(BadSettingError) as refused:
        change_setting(session, declared, value)
    assert list(refused.value.fields) == [declared.name]


@pytest.mark.parametrize(
    ("said", "meant"), [("1.500", "1500"), ("1.500,25", "1500.25"), ("4.5", "4.5"), (" 20 ", "20")]
)
def test_numbers_are_read_as_people_write_them(said: str, meant: str) -> None:
    assert read_setting(HOUR, said) == Decimal(meant)


@pytest.mark.parametrize("said", ["", "ten", "1,2,3"])
def test_what_is_no_number_is_refused(said: str) -> None:
    with pytest.raises(BadSettingError):
        read_setting(HOUR, said)


def test_the_page_shows_and_keeps_what_the_owner_decides(site: Site) -> None:
    owner = site.browser("owner@bakery.co")
    shown = owner.read(PAGE)
    assert shown.status_code == 200
    for one in ALL:
        assert f'name="{one.name}"' in shown.text
    assert owner.post(PAGE, FORM).status_code == 303
    assert 'value="18,5"' in owner.read(PAGE).text
    bakery = site.house.bakery
    assert settled(site.house, bakery, HOUR, WRAP, SHELF) == [Decimal("18.5"), True, "low"]


def test_with_one_mistake_nothing_is_kept_and_the_mistake_is_named(site: Site) -> None:
    owner = site.browser("owner@bakery.co")
    owner.read(PAGE)
    answer = owner.post(PAGE, {**FORM, "toys.closing_hour": "late"})
    assert answer.status_code == 422
    assert 'href="#f-toys.closing_hour"' in answer.text
    assert settled(site.house, site.house.bakery, GREETING) == ["Hello"]


def test_settings_of_an_addon_that_is_off_are_not_there(site: Site) -> None:
    other = site.browser("owner@pharmacy.co")
    assert "toys." not in other.read(PAGE).text
    assert other.post(PAGE, FORM).status_code == 303
    assert settled(site.house, site.house.pharmacy, GREETING) == ["Hello"]


def test_who_may_not_change_settings_is_refused(site: Site) -> None:
    cashier = site.browser("cashier@bakery.co")
    assert cashier.get(PAGE).status_code == 403
    assert cashier.post(PAGE, FORM).status_code == 403

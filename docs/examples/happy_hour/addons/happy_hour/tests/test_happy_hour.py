"""Discounts keep to their hours, in the rules and at a till."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from addons.catalog.services import ProductDraft, create_product, create_usual_units
from addons.happy_hour import settings
from addons.happy_hour.models import Discount
from addons.happy_hour.rules import Offer, Window, days_of, highest
from addons.happy_hour.sale import discount_objections, discount_rows
from addons.pos.services import create_till, create_usual_methods, open_drawer
from core.auth.roles import seed_roles
from core.clock import StoppedClock
from core.ids import uuid7
from core.sale import IssuedNumber
from core.settings.services import change_setting
from core.tenancy import Establishment, TenantRef
from core.testing.contract import addon_contract, house_before
from core.testing.databases import TestDatabases
from core.testing.house import House
from core.testing.web import Browser, open_site

TestContract = addon_contract("happy_hour")

HOURS = st.integers(0, 24 * 4).map(lambda quarter: Decimal(quarter) / 4)
DAYS = st.frozensets(st.integers(1, 7))
BOGOTA = timezone(timedelta(hours=-5))
NOON = datetime(2026, 3, 16, 12, tzinfo=BOGOTA)
MOMENTS = st.datetimes(timezones=st.just(BOGOTA)).filter(lambda moment: 1 < moment.year < 9999)
MONEY = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)


@given(MOMENTS, HOURS, HOURS, DAYS)
def test_a_window_and_its_rest_cover_every_moment_once(
    moment: datetime, opens: Decimal, closes: Decimal, days: frozenset[int]
) -> None:
    every_day = frozenset(range(1, 8))
    window, rest = Window(opens, closes, every_day), Window(closes, opens, every_day)
    assert window.is_open(moment) + rest.is_open(moment) == (opens % 24 != closes % 24)
    chosen = Window(opens, closes, days)
    others = Window(opens, closes, every_day - days)
    assert chosen.is_open(moment) + others.is_open(moment) == window.is_open(moment)


@given(MOMENTS, HOURS, HOURS, DAYS)
def test_a_week_later_it_is_the_same(
    moment: datetime, opens: Decimal, closes: Decimal, days: frozenset[int]
) -> None:
    window = Window(opens, closes, days)
    assert window.is_open(moment) is window.is_open(moment - timedelta(days=7))


@pytest.mark.parametrize(
    ("said", "is_open"),
    [
        ("2026-03-20T21:59", False),
        ("2026-03-20T22:00", True),  # Friday
        ("2026-03-21T01:59", True),
        ("2026-03-21T02:00", False),
        ("2026-03-21T22:00", False),
        ("2026-03-20T01:00", False),
    ],
)
def test_a_night_belongs_to_the_day_it_began(said: str, is_open: bool) -> None:
    friday = Window(Decimal(22), Decimal(2), days_of("5"))
    assert friday.is_open(datetime.fromisoformat(f"{said}-05:00")) is is_open


@given(MONEY, MONEY, st.integers(-10, 200).map(Decimal))
def test_a_discount_is_offered_up_to_the_highest_and_never_above_the_line(
    gross: Decimal, discount: Decimal, percent: Decimal
) -> None:
    most = highest(gross, percent)
    assert Decimal(0) <= most <= gross
    assert abs(most - gross * min(max(percent, Decimal(0)), Decimal(100)) / 100) <= Decimal("0.005")
    always = Offer(Window(Decimal(0), Decimal(24), days_of("1234567")), percent)
    expected = "happy_hour" if discount <= most else "too_much"
    assert always.reason(NOON, gross, discount) == expected
    never = replace(always, window=Window(Decimal(0), Decimal(24), frozenset()))
    assert never.reason(NOON, gross, discount) == "closed"


def sale_of(origin: str, occurred: datetime, discount: str) -> tuple[Any, Any]:
    """Give a sale of one line and its moment, an hour after it happened."""
    line = SimpleNamespace(
        id=uuid7(),
        product_id=uuid7(),
        description="Cerveza",
        gross=Decimal(10000),
        discount=Decimal(discount),
    )
    sale = SimpleNamespace(
        id=uuid7(),
        origin=origin,
        place=SimpleNamespace(establishment_id=uuid7()),
        lines=(line,),
        business_date=date(2026, 3, 16),
        occurred_at=occurred,
    )
    number = IssuedNumber("R", 7, (occurred + timedelta(hours=1)).astimezone(BOGOTA))
    offer = Offer(Window(Decimal(17), Decimal(19), days_of("12345")), Decimal(20))
    return sale, SimpleNamespace(number=number, own=lambda _addon: offer)


def test_a_printed_sale_counts_when_it_was_printed_and_a_live_one_when_it_is_numbered() -> None:
    half_past_six = datetime(2026, 3, 16, 23, 30, tzinfo=UTC)
    assert discount_objections(*sale_of("printed", half_past_six, "2000")) == []
    (refused,) = discount_objections(*sale_of("live", half_past_six, "2000"))
    assert refused.code == "happy_hour.closed"
    rows = discount_rows(*sale_of("printed", half_past_six, "2000.01"))
    assert [values["reason"] for _table, values in rows.inserts] == ["too_much"]


def test_a_sale_without_discount_is_none_of_our_business() -> None:
    sale, moment = sale_of("live", datetime(2026, 3, 16, 12, tzinfo=UTC), "0")
    assert discount_objections(sale, moment) == []
    assert discount_rows(sale, moment).inserts == []


@dataclass(frozen=True, slots=True)
class Bar:
    """A business that sells beer at one till, and its cashier."""

    house: House
    tenant: TenantRef
    cashier: Browser
    till: UUID
    drawer: UUID
    beer: UUID

    def sell(self, *, discount: str, quantity: int = 1) -> dict[str, Any]:
        """Send a sale of beers at 10.000 each, as a till does, and give what became of it."""
        now = self.house.clock.now().isoformat()
        total = f"{quantity * 10000 - Decimal(discount):f}"
        line = {
            "id": str(uuid7()),
            "product_id": str(self.beer),
            "quantity": str(quantity),
            "unit_price": "10000",
            "discount": discount,
        }
        document = {
            "session_id": str(self.drawer),
            "opened_at": now,
            "closed_at": now,
            "lines": [line],
            "payments": [{"id": str(uuid7()), "method": "cash", "amount": total}],
            "total": total,
        }
        item = {"uuid": str(uuid7()), "sha256": "0" * 64, "doc": document}
        body = {"register": str(self.till), "items": [item]}
        answer = self.cashier.send("/pos/api/v1/sync", body)
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json["results"][0]
        return result

    def kept(self) -> list[tuple[Decimal, str]]:
        """Give the discounts that were written down."""
        with self.house.unit(self.tenant, writes=False) as session:
            rows = session.scalars(select(Discount).order_by(Discount.id))
            return [(row.discount, row.reason) for row in rows]


def open_bar(house: House, tenant: TenantRef, cashier: Browser) -> Bar:
    seller: Any = SimpleNamespace(id=house.cashier, name="Yuliana")
    with house.unit(tenant) as session:
        place = session.scalars(select(Establishment)).one()
        create_usual_units(session)
        create_usual_methods(session)
        beer = create_product(
            session,
            ProductDraft(code="BEER", name="Cerveza", price=Decimal(10000), tax_class="excluded"),
        )
        till = create_till(session, place, code="B1", name="Barra", prefix="R")
    with house.unit(tenant) as session:
        drawer = open_drawer(session, till.id, key=uuid7(), seller=seller, float_amount=Decimal(0))
    return Bar(house, tenant, cashier, till.id, drawer.id, beer.id)


@pytest.fixture
def bars(
    databases: TestDatabases, clock: StoppedClock, tmp_path: Path
) -> Iterator[tuple[Bar, Bar]]:
    """Two bars on a Monday at half past five: the first has happy hour, the other has not."""
    clock.advance(timedelta(hours=7, minutes=21))
    with house_before(databases, clock, "happy_hour") as installed:
        site = open_site(installed.house, tmp_path, installed.add())
        chain = installed.addon.manifest.requires
        site.house = replace(installed.house, enabled=installed.house.enabled | {"happy_hour"})
        own, other = site.house.bakery, site.house.pharmacy
        for tenant in (own, other):
            # What the addon requires was switched on before anybody had a role.
            with site.house.unit(tenant) as session:
                seed_roles(session, site.platform.permissions.of(frozenset(chain)))
        site.enable(own, "happy_hour")
        for person in ("owner@bakery.co", "owner@pharmacy.co"):
            answer = site.browser(person).send(
                "/api/v1/taxes/profile",
                {"valid_from": "2020-01-01", "iva": True, "inc": False},
                Idempotency_Key=str(uuid7()),
            )
            assert answer.status_code == 201, answer.text
        site.person("barra@pharmacy.co", (other, "cashier"))
        yield (
            open_bar(site.house, own, site.browser("cashier@bakery.co")),
            open_bar(site.house, other, site.browser("barra@pharmacy.co")),
        )


def settle(bar: Bar, declared: Any, value: Any) -> None:
    with bar.house.unit(bar.tenant) as session:
        place = session.scalars(select(Establishment.id)).one()
        change_setting(session, declared, value, place)


def test_a_till_gives_discounts_in_happy_hour_only(
    bars: tuple[Bar, Bar], clock: StoppedClock
) -> None:
    bar, other = bars
    sold = bar.sell(discount="2000")
    assert sold["status"] == "stored", sold["error"]
    assert bar.sell(discount="0")["status"] == "stored"
    refused = bar.sell(discount="2000.01")
    assert (refused["status"], refused["error"]["code"]) == ("rejected", "happy_hour.too_much")
    assert "Cerveza" in refused["error"]["message"]
    clock.advance(timedelta(hours=1, minutes=30))
    late = bar.sell(discount="1")
    assert (late["status"], late["error"]["code"]) == ("rejected", "happy_hour.closed")
    assert bar.sell(discount="0")["status"] == "stored"
    assert other.sell(discount="9000")["status"] == "stored"
    assert bar.kept() == [(Decimal(2000), "happy_hour")]
    assert other.kept() == []


def test_each_establishment_decides(bars: tuple[Bar, Bar]) -> None:
    bar, _other = bars
    settle(bar, settings.PERCENT, Decimal(50))
    assert bar.sell(discount="5000")["status"] == "stored"
    settle(bar, settings.DAYS, "67")
    assert bar.sell(discount="1")["status"] == "rejected"
    settle(bar, settings.ENFORCED, value=False)
    assert bar.sell(discount="1")["status"] == "stored"
    assert bar.kept() == [(Decimal(5000), "happy_hour"), (Decimal(1), "closed")]


def test_the_list_shows_them_to_whoever_may_see_them(bars: tuple[Bar, Bar]) -> None:
    bar, other = bars
    bar.sell(discount="1500", quantity=3)
    owner = Browser(bar.cashier.client.application.test_client())
    owner.log_in("owner@bakery.co")
    page = owner.get("/happy_hour/discounts").text
    assert "Cerveza" in page
    assert "Hora feliz" in page
    (row,) = owner.get("/api/v1/happy_hour/discounts").get_json()["items"]
    assert (row["discount"], row["reason"], row["gross"]) == ("1500", "happy_hour", "30000")
    assert bar.cashier.get("/happy_hour/discounts").status_code == 403
    assert other.cashier.get("/happy_hour/discounts").status_code == 404

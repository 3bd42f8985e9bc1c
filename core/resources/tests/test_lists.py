"""Lists: sorted by several columns, by periods, with sums, views and columns of each person."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, select

from core.clock import StoppedClock
from core.resources.models import ListView
from core.resources.periods import days_of
from core.resources.reading import Asked, read_all, read_page, summed
from core.resources.tests.stand import ORDERS, Order
from core.testing.house import House
from core.testing.resources import EVERYWHERE
from core.testing.web import Browser, Site

pytestmark = pytest.mark.services

Body = dict[str, Any]
API = "/api/v1/stand/orders"
PATH = "/stand/orders"
SORTS = ["kind,-total", "-kind,total", "kind,total", "-day,-kind", "kind,-day,total", "-number"]


@pytest.fixture
def many(house: House, site: Site) -> list[Order]:
    """Sixty orders with many equal values."""
    dice = random.Random(7)
    with house.unit(house.bakery) as session:
        rows = [
            Order(
                number=f"N{place:03}",
                establishment_id=site.establishment(house.bakery),
                kind=dice.choice(("here", "away")),
                day=date(2026, 3, dice.randint(1, 5)),
                total=Decimal(dice.randint(1, 6)),
            )
            for place in range(60)
        ]
        session.add_all(rows)
        session.flush()
    return rows


@pytest.mark.parametrize("sort", SORTS)
def test_pages_of_any_order_visit_every_row_once_and_in_order(
    house: House, many: list[Order], sort: str
) -> None:
    def rank(row: Order) -> list[Any]:
        found: list[Any] = []
        for one in sort.split(","):
            value = getattr(row, one.removeprefix("-"))
            plain: Any = (value - date(2026, 1, 1)).days if isinstance(value, date) else value
            if isinstance(plain, str) and one.endswith("kind"):
                plain = ("away", "here").index(plain)
            found.append(
                plain if isinstance(plain, str) else -plain if one.startswith("-") else plain
            )
        return found

    with house.unit(house.bakery, writes=False) as session:
        seen: list[Order] = []
        after, before = "", ""
        while True:
            page = read_page(ORDERS, session, EVERYWHERE, Asked(sort=sort, after=after), size=7)
            seen += page.records
            before = page.previous or before
            if not page.next:
                break
            after = page.next
        assert len({row.id for row in seen}) == len(many) == len(seen)
        ranks = [rank(row) for row in seen]
        assert ranks == sorted(ranks, reverse=sort == "-number")
        back: list[Order] = []
        while before:
            page = read_page(ORDERS, session, EVERYWHERE, Asked(sort=sort, before=before), size=7)
            back = [*page.records, *back]
            before = page.previous
        assert [row.id for row in back] == [row.id for row in seen[: len(back)]]
        assert len(back) == 56
        whole = [row.id for rows in read_all(ORDERS, session, EVERYWHERE, Asked(sort=sort))
                 for row in rows]  # fmt: skip
        assert whole == [row.id for row in seen]


def test_no_page_is_read_by_an_offset(house: House, many: list[Order]) -> None:
    said: list[str] = []

    def hear(*sent: Any) -> None:
        said.append(sent[2])

    with house.unit(house.bakery, writes=False) as session:
        cursor = read_page(ORDERS, session, EVERYWHERE, Asked(sort="kind,-total"), size=7).next
        event.listen(house.database.engine, "before_cursor_execute", hear)
        read_page(ORDERS, session, EVERYWHERE, Asked(sort="kind,-total", after=cursor), size=7)
        event.remove(house.database.engine, "before_cursor_execute", hear)
    page = next(one for one in said if "UNION ALL" in one)
    # SQLite writes an offset of nothing beside each limit.
    assert "OFFSET" not in page or house.database.kind == "sqlite"
    assert page.count("LIMIT") == 3


@pytest.mark.parametrize("sort", ["kind,kind", "state", "kind,-nothing", "a,b,c,d"])
def test_an_order_that_is_none_is_refused(owner: Browser, sort: str) -> None:
    assert owner.get(f"{API}?sort={sort}").status_code == 422


def test_a_cursor_of_another_order_is_refused(owner: Browser, many: list[Order]) -> None:
    after = owner.get(f"{API}?sort=kind,-total&limit=5").get_json()["next"]
    assert owner.get(f"{API}?sort=kind,-total&after={after}").status_code == 200
    assert owner.get(f"{API}?sort=kind,total&after={after}").status_code == 422


def test_the_head_of_a_column_sorts_by_it_alone_or_after_the_others(
    owner: Browser, many: list[Order]
) -> None:
    page = owner.get(f"{PATH}?sort=kind,-total").text
    assert len(re.findall('aria-sort="', page)) == 2
    assert f'href="{PATH}?sort=day"' in page
    assert f'href="{PATH}?sort=kind%2C-total%2Cday"' in page


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("today", "2026-03-09", "2026-03-09"),
        ("week", "2026-03-09", "2026-03-15"),
        ("month", "2026-03-01", "2026-03-31"),
        ("last30", "2026-02-08", "2026-03-09"),
        ("year", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_period_is_days(period: str, first: str, last: str) -> None:
    found = days_of(period, date(2026, 3, 9))
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


def test_today_is_the_day_where_the_business_is(
    owner: Browser, order: Callable[..., Body], clock: StoppedClock
) -> None:
    order(day="2026-03-09")
    order(number="A2", day="2026-03-10")
    # Eight in the evening in Bogotá: tomorrow already in Greenwich.
    clock.at = datetime(2026, 3, 10, 1, tzinfo=UTC)
    items = owner.get(f"{API}?day=today").get_json()["items"]
    assert [one["number"] for one in items] == ["A1"]
    assert owner.get(f"{API}?day=month").get_json()["total"] == 2
    assert owner.get(f"{API}?day=someday").status_code == 422
    assert "day=last30" in owner.get(PATH).text


def test_sums_come_by_themselves_and_know_what_was_asked(
    owner: Browser, house: House, many: list[Order]
) -> None:
    page = owner.get(f"{PATH}?kind=away").text
    address = re.search(r'data-lazy="([^"]*)"', page)
    assert address is not None
    assert address[1] == f"{PATH}/sums?kind=away"
    with house.unit(house.bakery, writes=False) as session:
        asked = Asked(filters={"kind": "away"})
        ((column, total),) = summed(ORDERS, session, EVERYWHERE, asked)
        query = select(Order.total).where(Order.kind == "away")
        assert total == sum(session.scalars(query), Decimal(0))
        assert column.name == "total"
    assert str(total).split(".")[0] in owner.get(address[1]).text


def test_sums_stop_where_they_would_cost_too_much(
    owner: Browser, many: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.resources.reading.SUMMED", 10)
    monkeypatch.setattr("core.resources.list_routes.SUMMED", 10)
    assert "más de 10 filas" in owner.get(f"{PATH}/sums").text


def test_a_count_is_capped_until_somebody_asks(
    owner: Browser, many: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.resources.reading.CAP", 40)
    assert owner.get(API).get_json()["total_capped"]
    page = owner.get(PATH).text
    assert "40+" in page or "50+" in page
    assert f'href="{PATH}?exact=1"' in page
    assert owner.get(f"{API}?exact=1").get_json()["total"] == 60


def test_rows_that_ask_for_a_look_say_why(owner: Browser, order: Callable[..., Body]) -> None:
    order(day="2025-01-01")
    page = owner.get(PATH).text
    assert '<tr class="is-warn">' in page
    assert "Late" in page


def test_a_view_is_a_tab_own_or_shared(
    site: Site, owner: Browser, many: list[Order], house: House
) -> None:
    query, columns = "kind=away&sort=-total", ["number", "total"]
    form = {"title": "Para llevar", "query": query, "columns": columns}
    answer = owner.post(f"{PATH}/views", form)
    assert answer.status_code == 303
    page = owner.get(answer.headers["Location"]).text
    assert "view=" not in answer.headers["Location"]
    tab = re.search(r'href="([^"]*view=[^"]*)" aria-current="true">Para llevar', page)
    assert tab is not None
    page = owner.get(tab[1].replace("&amp;", "&")).text
    assert re.search(r'aria-current="true">Para llevar', page)
    heads = re.findall(r'class="g-sort"[^>]*>([^<]*)', page)
    assert heads == ["Number", "Total"]
    cashier, stranger = site.browser("cashier@bakery.co"), site.browser("owner@pharmacy.co")
    assert "Para llevar" not in cashier.get(PATH).text
    owner.post(f"{PATH}/views", {**form, "shared": "1"})
    assert "Para llevar" in cashier.get(PATH).text
    assert "Para llevar" not in stranger.get(PATH).text
    with house.unit(house.bakery, writes=False) as session:
        key = session.scalars(select(ListView.id)).one()
    for browser in (cashier, stranger):
        assert browser.post(f"{PATH}/views/{key}/remove").status_code == 404
    assert owner.post(f"{PATH}/views/{key}/remove").status_code == 303
    assert "Para llevar" not in cashier.get(PATH).text


def test_a_view_that_cannot_be_kept_comes_back_as_it_was_typed(
    owner: Browser, many: list[Order]
) -> None:
    long = "Muy " * 30 + "largo"
    form = {"title": long, "shared": "1", "query": "sort=nowhere&kind=nothing&due=never&q=x"}
    answer = owner.post(f"{PATH}/views", form)
    assert answer.status_code == 422
    assert f'value="{long}"' in answer.text
    assert "de máximo 60 caracteres" in answer.text
    assert re.search(r'<dialog[^>]* open id="g-view"', answer.text)
    kept = owner.post(f"{PATH}/columns", {"query": form["query"], "columns": "number"})
    assert kept.headers["Location"].endswith(f"{PATH}?q=x")
    assert owner.get(kept.headers["Location"]).status_code == 200


def test_what_a_view_no_longer_knows_is_dropped(
    owner: Browser, many: list[Order], house: House
) -> None:
    owner.post(f"{PATH}/views", {"title": "Vieja", "query": "kind=away"})
    with house.unit(house.bakery) as session:
        view = session.scalars(select(ListView)).one()
        view.query = {"kind": "away", "colour": "red", "sort": "weight"}
        view.columns = ["number", "weight"]
    page = owner.get(PATH).text
    address = re.search(r'href="([^"]*view=[^"]*)"', page)
    assert address is not None
    assert "colour" not in address[1]
    assert "sort" not in address[1]
    assert owner.get(address[1].replace("&amp;", "&")).status_code == 200


def test_each_person_keeps_their_columns_in_their_order(
    site: Site, owner: Browser, many: list[Order]
) -> None:
    def heads(browser: Browser) -> list[str]:
        head = browser.get(PATH).text.partition("<thead>")[2].partition("</thead>")[0]
        found = re.findall(r'(?:g-sort"[^>]*|scope="col"[^>]*)>([^<]+)', head)
        return [one.strip() for one in found]

    everything = heads(owner)
    form = {"columns": ["number", "total", "day", "nothing"], "query": "kind=away"}
    answer = owner.post(f"{PATH}/columns", form)
    assert answer.headers["Location"].endswith(f"{PATH}?kind=away")
    assert heads(owner) == ["Number", "Total", "Day"]
    assert heads(site.browser("cashier@bakery.co")) == everything
    owner.post(f"{PATH}/columns", {"all": "1", "columns": ["number"]})
    assert heads(owner) == everything


def test_nobody_without_the_list_keeps_anything_of_it(site: Site, owner: Browser) -> None:
    stranger = site.browser()
    for path in (f"{PATH}/views", f"{PATH}/columns"):
        assert stranger.post(path).status_code in {401, 403}

"""An id of another business answers like an id of nobody, at every door, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete

from core.ids import uuid7
from core.resources.models import ListView
from core.testing.web import Site
from tests.tenancy.conftest import Town
from tests.tenancy.matrix import (
    SAFE,
    Door,
    Visitor,
    doors,
    ids_of,
    names,
    plain,
    rows_of,
)

pytestmark = pytest.mark.services

#: Words of the pharmacy, and as many that nobody has.
THEIRS = ("Acetaminofen", "Laboratorios", "770999111222")
NOBODYS = ("Xcetaminofen", "Xaboratorios", "770999111333")

#: It is changed by the first of two equal questions, and so the second is answered otherwise.
THE_LOG_IN = frozenset({"POST /account", "POST /account/others"})

#: A page that becomes public is noticed here: it must show nothing of any business.
NOT_OF_A_BUSINESS = {
    *("/account", "/account/others", "/login", "/logout", "/language", "/theme"),
    *("/docs", "/docs/", "/docs/<path:path>", "/static/<path:name>"),
    *("/healthz", "/readyz", "/metrics"),
}


def visitors(town: Town) -> Iterator[Visitor]:
    """Give an owner, a cashier, somebody of both businesses, and a program with every scope."""
    for email in ("owner@bakery.co", "cashier@bakery.co", "both@example.co"):
        yield Visitor(
            email,
            working_for_bakery(town.site, email),
            partial(working_for_bakery, town.site, email),
        )
    program = town.site.browser()
    program.read("/login")
    yield Visitor("program", program, lambda: program, token=town.token)


def working_for_bakery(site: Site, email: str) -> Any:
    browser = site.browser(email)
    if browser.tenant != str(site.house.bakery.uid):
        browser.post(f"/switch/{site.house.bakery.uid}")
        browser.read()
    return browser


def of_no_business(site: Site, door: Door) -> bool:
    """Tell whether a door knows no business: who may be anybody, and the log-in itself."""
    public = site.platform.access[door.rule.endpoint].audience == "public"
    return public or str(door) in THE_LOG_IN


def sync(register: UUID, **ids: Any) -> dict[str, Any]:
    """A sale as a till sends it, with a place for every id that it may carry."""
    line = {"id": str(uuid7()), "product_id": ids["product"], "quantity": "1", "unit_price": "5200"}
    paid = {"id": str(uuid7()), "method": "cash", "amount": "5200.00"}
    doc = {
        "session_id": ids["drawer"],
        "opened_at": "2026-03-16T10:00:00-05:00",
        "closed_at": "2026-03-16T10:00:00-05:00",
        "customer_id": ids["customer"],
        "lines": [line],
        "payments": [paid],
        "total": "5200.00",
    }
    item = {"uuid": ids["key"], "seq": 1, "sha256": "0" * 64, "doc": doc}
    return {"register": str(register), "items": [item]}


def bodies(door: Door, one: str, town: Town) -> Iterator[dict[str, Any]]:
    """Give what is sent to a door: the id under every name that our code looks for."""
    everything = dict.fromkeys(names(), one)
    if door.method in SAFE:
        yield {"query_string": everything}
        return
    yield {"data": everything}
    yield {"json": everything}
    if str(door.rule) == "/pos/api/v1/sync":
        good: dict[str, Any] = {
            "product": str(town.bakery.products["GAS"]),
            "drawer": str(town.bakery.drawer),
            "customer": None,
            "key": str(uuid7()),
        }
        for place in ("product", "drawer", "customer"):
            yield {"json": sync(town.bakery.till, **{**good, place: one})}


def compared(visitor: Visitor, door: Door, pair: tuple[str, str], town: Town) -> Iterator[str]:
    """Ask with each of the two; say where the answers differ."""
    theirs, nobodys = pair
    asked = list(bodies(door, theirs, town))
    again = list(bodies(door, nobodys, town))
    # What both requests mint must be the same in both, or it would differ by itself.
    for one, other in zip(asked, again, strict=True):
        first = plain(visitor.ask(door, door.address(theirs), one), theirs, *minted(one))
        second = plain(visitor.ask(door, door.address(nobodys), other), nobodys, *minted(other))
        if first != second:
            yield f"{visitor.name}: {door} with {theirs}: {first} ≠ {second}"
        if first.status >= 500:
            yield f"{visitor.name}: {door} with {theirs} fails: {first.status}"
        if str(door).endswith("/views"):
            forget_views(town)


def forget_views(town: Town) -> None:
    """Take back the views that were kept: an id is their title, and the next page shows it."""
    with town.site.house.unit(town.site.house.bakery) as session:
        session.execute(delete(ListView))


def minted(asked: dict[str, Any]) -> tuple[str, ...]:
    items = (asked.get("json") or {}).get("items") or []
    if not isinstance(items, list):
        return ()
    return tuple(str(item["uuid"]) for item in items)


def test_their_ids_answer_like_nobodys_at_every_door(town: Town) -> None:
    house = town.site.house
    theirs = ids_of(house, house.pharmacy.id)
    before = rows_of(house, house.pharmacy.id)
    tried, leaks = 0, []
    for visitor, door in product(list(visitors(town)), doors(town.site.app)):
        if of_no_business(town.site, door):
            continue
        # An owner reads with every kind of id there is; the others with the kinds that doors take.
        every = door.takes_id and door.method == "GET" and visitor.name.startswith("owner")
        kinds = theirs if every else few(theirs)
        for ids in kinds.values():
            tried += 1
            leaks += list(compared(visitor, door, (str(ids[0]), str(uuid7())), town))
    assert leaks == [], "\n".join(one[:300] for one in leaks)
    assert tried > 500
    assert rows_of(house, house.pharmacy.id) == before, "something of theirs was changed"


def few(ids: dict[str, list[UUID]]) -> dict[str, list[UUID]]:
    wanted = ("pos_till", "pos_session", "catalog_product")
    return {table: ids[table] for table in wanted}


def test_their_words_are_found_nowhere(town: Town) -> None:
    house = town.site.house
    give_words(town)
    leaks = []
    for visitor, door in product(list(visitors(town)), doors(town.site.app)):
        if door.method != "GET" or door.takes_id or of_no_business(town.site, door):
            continue
        for pair in zip(THEIRS, NOBODYS, strict=True):
            leaks += list(compared(visitor, door, pair, town))
    assert leaks == []
    assert house.bakery != house.pharmacy


def give_words(town: Town) -> None:
    from addons.catalog.services import ProductDraft, create_product
    from addons.contacts.services import create_partner

    with town.site.house.unit(town.pharmacy.tenant) as session:
        create_product(
            session,
            ProductDraft(
                code=THEIRS[2],
                name=f"{THEIRS[0]} 500 mg",
                price=Decimal(1),
                tax_class="iva_19",
                unit="un",
            ),
        )
        create_partner(session, identification_type="31", number="900373913", name=THEIRS[1])


def test_what_belongs_to_another_place_answers_like_nobodys(town: Town) -> None:
    email = "one.place@bakery.co"
    visitor = Visitor(
        email,
        working_for_bakery(town.site, email),
        lambda: working_for_bakery(town.site, email),
    )
    elsewhere = (town.elsewhere.till, town.elsewhere.drawer)
    leaks: list[str] = []
    for door in doors(town.site.app):
        if "<uuid" not in str(door.rule) or str(door.rule).startswith("/switch"):
            continue
        for one in elsewhere:
            leaks += list(compared(visitor, door, (str(one), str(uuid7())), town))
    assert leaks == []
    mine = f"/pos/api/v1/tills/{town.bakery.till}/bootstrap"
    assert visitor.browser.get(mine).status_code == 200


def test_the_matrix_meets_every_route(site: Site) -> None:
    met = {door.rule.endpoint for door in doors(site.app)}
    assert met == set(site.app.view_functions)
    public = {str(door.rule) for door in doors(site.app) if of_no_business(site, door)}
    assert public == NOT_OF_A_BUSINESS
    assert {"warehouse", "q", "after", "product_id", "register"} <= set(names())

"""A command with lines, typed into a form or sent by a program."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from core.ids import uuid7
from core.resources.forms import typed, understood
from core.resources.tests.stand import Order, OrderIn, OrderLine
from core.testing.house import House
from core.testing.web import Browser

pytestmark = pytest.mark.services

Body = dict[str, Any]
API = "/api/v1/stand/orders"
PATH = "/stand/orders"


def form(body: Body, *keys: str, **more: str) -> Body:
    """Write an order as its page sends it; ``keys`` are those of its lines."""
    said = {"number": body["number"], "establishment_id": body["establishment_id"]}
    return {**said, "day": body["day"], "kind": "here", "lines-keys": list(keys), **more}


def line(key: str, dish: str, qty: str = "1", price: str = "1.000") -> dict[str, str]:
    return {f"lines-{key}-{name}": text for name, text in
            {"dish": dish, "qty": qty, "price": price}.items()}  # fmt: skip


def change(owner: Browser, made: Body, **changed: Any) -> Any:
    sent = {name: made[name] for name in OrderIn.model_fields}
    tag = f'"{made["version"]}"'
    return owner.send(f"{API}/{made['id']}", {**sent, **changed}, method="PUT", If_Match=tag)


def test_lines_come_back_with_ids_and_in_their_order(order: Callable[..., Body]) -> None:
    made = order()
    assert [one["dish"] for one in made["lines"]] == ["Arepa", "Tinto"]
    assert all(one["id"] for one in made["lines"])
    assert made["total"] == "8500.5"


def test_a_line_is_matched_by_its_id(
    owner: Browser, house: House, order: Callable[..., Body]
) -> None:
    made = order()
    arepa, tinto = made["lines"]
    saved = change(owner, made, lines=[{**tinto, "qty": "3"}, {"dish": "Jugo", "price": "4000"}])
    assert saved.status_code == 200, saved.text
    assert [(one["dish"], one["qty"]) for one in saved.json["lines"]] == [
        ("Tinto", "3"),
        ("Jugo", "1"),
    ]
    assert saved.json["lines"][0]["id"] == tinto["id"]
    with house.unit(house.bakery, writes=False) as session:
        left = session.scalars(select(OrderLine.dish).order_by(OrderLine.position)).all()
    assert left == ["Tinto", "Jugo"]
    assert arepa["id"] not in saved.text


def test_any_change_of_a_line_moves_the_version_of_the_order_once(
    owner: Browser, order: Callable[..., Body]
) -> None:
    made = order()
    arepa, tinto = made["lines"]
    versions = [made["version"]]
    for lines in (
        [{**arepa, "qty": "5"}, tinto],
        [{**arepa, "qty": "5"}, tinto, {"dish": "Jugo", "price": "1"}],
        [tinto],
        [tinto],
    ):
        made = change(owner, made, lines=lines).json
        versions.append(made["version"])
    assert versions == [1, 2, 3, 4, 4]


def test_a_line_written_past_every_door_moves_the_version_too(
    house: House, order: Callable[..., Body]
) -> None:
    made = order()
    for write in ("qty", "add", "remove"):
        with house.unit(house.bakery) as session:
            row = session.scalars(select(OrderLine).order_by(OrderLine.position)).first()
            assert row is not None
            if write == "qty":
                row.qty = Decimal(9)
                session.flush()
                row.price = Decimal(9)
            elif write == "add":
                session.add(
                    OrderLine(order_id=row.order_id, dish="Pan", qty=Decimal(1), price=Decimal(1))
                )
            else:
                session.delete(row)
    with house.unit(house.bakery, writes=False) as session:
        assert session.scalars(select(Order.version)).one() == made["version"] + 3


def test_what_a_savepoint_undid_does_not_count(house: House, order: Callable[..., Body]) -> None:
    order()
    with house.unit(house.bakery) as session:
        found = session.scalars(select(Order)).one()
        undone = session.begin_nested()
        found.note = "undone"
        session.flush()
        undone.rollback()
        with session.begin_nested():
            found.note = "kept"
            session.flush()
        found.address = "here"
    with house.unit(house.bakery, writes=False) as session:
        found = session.scalars(select(Order)).one()
        assert (found.version, found.note, found.address) == (2, "kept", "here")


def test_an_error_of_a_line_has_its_place_for_people_and_programs(
    owner: Browser, body: Body
) -> None:
    wrong = {**body, "lines": [body["lines"][0], {"dish": "Tinto", "qty": "0", "price": "1"}]}
    answer = owner.send(API, wrong, Idempotency_Key=str(uuid7()))
    assert answer.status_code == 422
    assert answer.json["errors"] == [
        {"pointer": "#/lines/1/qty", "code": "greater_than", "detail": "Escriba más de 0."}
    ]
    said = form(body, "new0", "new1", "new3", **line("new0", "Arepa"),
                **{**line("new1", "Pan"), "lines-new1-removed": "1"},
                **line("new3", "Tinto", qty="0"))  # fmt: skip
    page = owner.post(f"{PATH}/new", said)
    assert page.status_code == 422
    assert 'id="f-lines-new3-qty-error"' in page.text
    assert 'href="#f-lines-new3-qty"' in page.text
    assert "Lines, línea 2, Quantity" in page.text
    assert 'id="f-lines-new1-qty-error"' not in page.text


def test_what_a_service_refuses_of_a_line_stands_beside_its_cell(
    owner: Browser, body: Body
) -> None:
    said = form(body, "new1", "new2", **line("new1", "Arepa"), **line("new2", "Piedra"))
    page = owner.post(f"{PATH}/new", said)
    assert page.status_code == 422
    error = re.search(r'id="f-lines-new2-dish-error">.*?<span>([^<]*)', page.text)
    assert error is not None
    assert error[1] == "Nobody eats stones."


def test_a_removal_that_is_refused_stands_above_the_lines(
    owner: Browser, order: Callable[..., Body]
) -> None:
    made = order(lines=[{"dish": "Torta", "price": "1"}])
    refused = change(owner, made, lines=[])
    assert refused.json["fields"] == {"lines": "The cake stays."}


def test_an_error_without_a_field_stands_at_the_top(
    owner: Browser, house: House, body: Body, order: Callable[..., Body]
) -> None:
    made = order()
    with house.unit(house.bakery) as session:
        session.scalars(select(Order)).one().state = "paid"
    page = owner.post(f"{PATH}/{made['id']}", form(body, version="2"))
    assert page.status_code == 422
    assert "A paid order stays as it is." in page.text.partition('id="g-problems"')[2]


def test_numbers_are_typed_as_people_write_them(owner: Browser, body: Body) -> None:
    said = form(body, "new1", **line("new1", "Lechona", qty="1,5", price="1.234,50"))
    answer = owner.post(f"{PATH}/new", said)
    assert answer.status_code == 303, answer.text
    key = answer.headers["Location"].rpartition("/")[2]
    saved = owner.get(f"{API}/{key}").get_json()["lines"][0]
    assert (saved["qty"], saved["price"]) == ("1.5", "1234.5")
    assert 'value="1.234,5"' in owner.get(f"{PATH}/{key}").text


def test_a_line_that_nobody_filled_in_does_not_count(body: Body) -> None:
    said = MultiDict(
        [(name, one) for name, text in form(body, "new1", "new2", **line("new1", "Pan")).items()
         for one in (text if isinstance(text, list) else [text])]
    )  # fmt: skip
    said.add("lines-new2-dish", "")
    said.add("lines-new2-qty", "1")
    assert len(understood(OrderIn, typed(said)).lines) == 1


def test_a_line_of_another_order_is_no_line_of_this_one(
    owner: Browser, order: Callable[..., Body]
) -> None:
    made, other = order(), order(number="A2")
    refused = change(owner, made, lines=[other["lines"][0]])
    assert refused.status_code == 422
    assert list(refused.json["fields"]) == ["lines.0"]
    twice = change(owner, made, lines=[made["lines"][0], made["lines"][0]])
    assert list(twice.json["fields"]) == ["lines.1"]


def test_the_same_dish_twice_is_told_above_the_lines(owner: Browser, body: Body) -> None:
    twice = {**body, "lines": [body["lines"][0], body["lines"][0]]}
    answer = owner.send(API, twice, Idempotency_Key=str(uuid7()))
    assert answer.status_code == 422
    assert list(answer.json["fields"]) == ["lines"]


def test_somebody_who_was_overtaken_sees_what_differs_and_loses_nothing(
    owner: Browser, body: Body, order: Callable[..., Body]
) -> None:
    made = order()
    arepa, tinto = made["lines"]
    change(owner, made, number="A7", lines=[{**arepa, "qty": "4"}, {"dish": "Jugo", "price": "1"}])
    said = form(
        body, arepa["id"], tinto["id"], version="1",
        **line(arepa["id"], "Arepa de huevo", qty="2"), **line(tinto["id"], "Tinto grande"),
    )  # fmt: skip
    page = owner.post(f"{PATH}/{made['id']}", said)
    assert page.status_code == 409
    assert 'value="Arepa de huevo"' in page.text
    assert "Otra persona lo cambió a: A7" in page.text
    assert "Otra persona lo cambió a: 4" in page.text
    assert "Alguien quitó esta línea" in page.text
    assert "Alguien agregó esta línea" in page.text
    assert 'value="Jugo"' in page.text
    assert 'name="version" value="2"' in page.text


def test_a_form_sent_twice_makes_one_record(owner: Browser, body: Body) -> None:
    said = form(body, form_key=str(uuid7()))
    first, again = owner.post(f"{PATH}/new", said), owner.post(f"{PATH}/new", said)
    assert first.headers["Location"] == again.headers["Location"]
    assert owner.get(API).get_json()["total"] == 1


def test_a_copy_has_lines_of_its_own(owner: Browser, order: Callable[..., Body]) -> None:
    made = order()
    page = owner.get(f"{PATH}/new?copy={made['id']}").text
    assert 'name="lines-new1-dish" value="Arepa"' in page
    assert made["lines"][0]["id"] not in page


def test_the_history_tells_which_lines_changed(owner: Browser, order: Callable[..., Body]) -> None:
    made = order()
    arepa, tinto = made["lines"]
    change(owner, made, lines=[{**arepa, "qty": "7"}, tinto])
    page = owner.get(f"{PATH}/{made['id']}").text
    history = page.partition('class="g-log"')[2]
    assert "Arepa · 2 · $\u00a03.500" in history
    assert "Arepa · 7 · $\u00a03.500" in history
    assert "Tinto" not in history.partition("Cre")[0]

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated

import pytest
from pydantic import Field
from werkzeug.datastructures import MultiDict

from core.errors import BadInputError
from core.resources import Command, Exact, Input
from core.resources.asking import version_of
from core.resources.cells import inert, plain, written
from core.resources.forms import number, starting_values, typed, understood


class Offer(Command):
    name: Annotated[str, Field(min_length=1), Input("Name")]
    price: Annotated[Exact, Field(ge=0), Input("Price", "money")]
    note: Annotated[str, Input("Note")] = "usual"
    until: Annotated[str | None, Input("Until")] = None
    codes: Annotated[list[str], Field(default_factory=list), Input("Codes")]
    urgent: Annotated[bool, Input("Urgent")] = True


def test_an_empty_form_shows_what_the_command_takes_when_nothing_is_said() -> None:
    empty = {"name": "", "price": "", "until": "", "codes": ""}
    assert starting_values(Offer) == {**empty, "note": "usual", "urgent": "1"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1.234,50", "1234.50"),
        ("$ 5.200", "5200"),
        ("5,2", "5.2"),
        ("4.5", "4.5"),
        ("1.234.567", "1234567"),
        ("\u2212 3", "-3"),
    ],
)
def test_a_number_is_read_as_people_write_it(said: str, meant: str) -> None:
    assert number(said) == Decimal(meant)


@pytest.mark.parametrize("said", ["abc", "1,2,3", "NaN", "Infinity", "1e"])
def test_what_is_no_number_is_refused(said: str) -> None:
    with pytest.raises(InvalidOperation):
        number(said)


def test_a_form_becomes_a_command() -> None:
    said = {"name": " Pan ", "price": "1.200,5", "note": "", "codes": "a\n\n b ", "until": ""}
    offer = understood(Offer, said)
    assert (offer.name, offer.price, offer.note) == ("Pan", Decimal("1200.5"), "")
    assert (offer.until, offer.codes, offer.urgent) == (None, ["a", "b"], False)


def test_every_fault_of_a_form_names_its_field() -> None:
    with pytest.raises(BadInputError) as refused:
        understood(Offer, {"price": "abc", "margin": "9"})
    assert set(refused.value.fields) == {"name", "price", "margin"}


def test_a_decimal_of_a_program_comes_as_text() -> None:
    assert Offer.model_validate_json('{"name": "Pan", "price": "0.1"}').price == Decimal("0.1")
    with pytest.raises(ValueError, match="decimals as text"):
        Offer.model_validate_json('{"name": "Pan", "price": 0.1}')


def test_the_frame_of_a_form_is_no_field() -> None:
    sent = MultiDict({"csrf_token": "x", "tenant_uid": "y", "version": "3", "name": "Pan"})
    assert typed(sent) == {"name": "Pan"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(start: str) -> None:
    assert inert(f"{start}1+1") == f"'{start}1+1"
    assert inert(f"1{start}1") == f"1{start}1"


@pytest.mark.parametrize(
    ("said", "version"),
    [('"3"', 3), ("3", 3), ('W/"12"', 12), ("", None), ("abc", -1), ("*", -1), ('"-1"', -1)],
)
def test_a_version_is_read_from_a_tag_or_a_form(said: str, version: int | None) -> None:
    assert version_of(said) == version


def test_decimals_are_written_exactly() -> None:
    assert [written(Decimal(one)) for one in ("1200.5000", "1E+3", "0.000", "-2.10")] == [
        "1200.5",
        "1000",
        "0",
        "-2.1",
    ]
    assert plain([Decimal("1.0"), None, True]) == ["1", None, True]

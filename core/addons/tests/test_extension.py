"""One addon knows something about another's record, without a column in it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from jinja2 import StrictUndefined
from sqlalchemy import event, select

from core.addons.lifecycle import Owner, install
from core.addons.registry import AddonRegistry
from core.addons.templates import ExtendingEnvironment
from core.addons.tests.toys import EXTENSION, MODELS, Shelf
from core.clock import StoppedClock
from core.db.extension import ExtensionDisabledError, FrozenDefaultError, extension_of
from core.db.ownership import OwnershipError
from core.tenancy import TenantSession
from core.testing.house import House

pytestmark = pytest.mark.services

ON = frozenset({"toy_base", "toy_ext"})


@pytest.fixture
def classes(
    house: House, owner: Owner, shelf: Shelf, clock: StoppedClock
) -> tuple[type[Any], type[Any]]:
    shelf.add("toy_base", models=MODELS)
    shelf.add("toy_ext", "toy_base", models=EXTENSION)
    for name in ("toy_base", "toy_ext"):
        shelf.migrate(name)
    install(owner, shelf.find(), "toy_ext", clock)
    registry = AddonRegistry()
    registry.load(shelf.find())
    registry.configure()
    thing = shelf.model("toy_base", "Thing")
    for tenant in (house.bakery, house.pharmacy):
        with house.unit(tenant) as session:
            session.add_all(thing(code=f"c{n}", price=Decimal(n)) for n in range(3))
    return thing, shelf.model("toy_ext", "ThingNote")


@pytest.fixture
def bakery(house: House, classes: object) -> Iterator[TenantSession]:
    with house.unit(house.bakery) as session:
        session.enabled = ON
        yield session


def first(session: TenantSession, classes: tuple[type[Any], type[Any]]) -> Any:
    thing, _note = classes
    return session.scalars(select(thing).where(thing.code == "c0")).one()


def test_a_record_without_a_row_has_the_frozen_default(
    bakery: TenantSession, classes: tuple[type[Any], type[Any]]
) -> None:
    note = classes[1].of(first(bakery, classes))
    assert (note.text, note.bonus) == ("nothing", None)
    with pytest.raises(FrozenDefaultError):
        note.text = "something"
    with pytest.raises(FrozenDefaultError):
        bakery.add(note)
    assert bakery.scalars(select(classes[1])).all() == []


def test_editing_makes_the_row_once_and_for_this_business_only(
    house: House, bakery: TenantSession, classes: tuple[type[Any], type[Any]]
) -> None:
    row, note = first(bakery, classes), classes[1]
    assert note.edit(row).text == "nothing"
    note.edit(row).text = "crusty"
    bakery.flush()
    assert note.edit(row) is note.of(row)
    bakery.commit()
    with house.unit(house.pharmacy, writes=False) as session:
        session.enabled = ON
        assert note.of(first(session, classes)).text == "nothing"
        assert session.scalars(select(note)).all() == []


def test_a_record_just_added_can_be_extended(
    bakery: TenantSession, classes: tuple[type[Any], type[Any]]
) -> None:
    row = classes[0](code="new", price=Decimal(1))
    bakery.add(row)
    classes[1].edit(row).text = "x"
    bakery.flush()
    assert classes[1].of(row).text == "x"


def test_the_row_goes_when_the_record_goes(
    house: House, bakery: TenantSession, classes: tuple[type[Any], type[Any]]
) -> None:
    row = first(bakery, classes)
    classes[1].edit(row)
    bakery.flush()
    bakery.delete(row)
    bakery.commit()
    with house.unit(house.bakery, writes=False) as session:
        assert session.scalars(select(classes[1])).all() == []


def test_many_records_cost_one_query(
    bakery: TenantSession, classes: tuple[type[Any], type[Any]]
) -> None:
    thing, note = classes
    rows = bakery.scalars(select(thing).order_by(thing.code)).all()
    note.edit(rows[1]).text = "second"
    bakery.flush()
    bakery.expunge(note.of(rows[1]))
    asked: list[str] = []
    engine = bakery.database.engine
    listen = ("before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    event.listen(engine, *listen)
    found = note.of_many(rows)
    event.remove(engine, *listen)
    assert [found[row.id].text for row in rows] == ["nothing", "second", "nothing"]
    assert len(asked) == 1
    assert note.of_many([]) == {}


def test_where_the_addon_is_not_enabled_its_data_is_out_of_reach(
    bakery: TenantSession, classes: tuple[type[Any], type[Any]]
) -> None:
    row, note = first(bakery, classes), classes[1]
    note.edit(row).text = "crusty"
    bakery.flush()
    bakery.enabled = frozenset({"toy_base"})
    for reach in (note.of, note.edit, lambda record: note.of_many([record])):
        with pytest.raises(ExtensionDisabledError):
            reach(row)
    with pytest.raises(ExtensionDisabledError):
        extension_of(row, "note")


def test_templates_and_only_templates_write_it_as_an_attribute(
    bakery: TenantSession, classes: tuple[type[Any], type[Any]]
) -> None:
    row = first(bakery, classes)
    classes[1].edit(row).text = "crusty"
    bakery.flush()
    environment = ExtendingEnvironment(Flask(__name__), undefined=StrictUndefined)
    page = environment.from_string("{{ thing.code }} {{ thing.note.text }}")
    assert page.render(thing=row) == "c0 crusty"
    assert environment.from_string("{{ thing.nothing is defined }}").render(thing=row) == "False"
    assert environment.from_string("{{ x.note is defined }}").render(x=object()) == "False"
    assert not hasattr(row, "note")


def test_another_kind_of_record_is_not_extended(
    bakery: TenantSession, classes: tuple[type[Any], type[Any]]
) -> None:
    note = classes[1].edit(first(bakery, classes))
    bakery.flush()
    with pytest.raises(OwnershipError):
        classes[1].of(note)
    with pytest.raises(OwnershipError, match="no session"):
        classes[1].of(classes[0](code="loose", price=Decimal(1)))


def test_an_extension_without_defaults_quarantines_its_addon(shelf: Shelf) -> None:
    shelf.add("toy_base", models=MODELS)
    shelf.add("toy_ext", "toy_base", models=EXTENSION.replace('(default="nothing")', "()"))
    registry = AddonRegistry()
    registry.load(shelf.find())
    assert list(registry.running) == ["toy_base"]
    assert "text needs a default" in registry.quarantined["toy_ext"]

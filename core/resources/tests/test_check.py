from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import pytest

from core.addons.parts import Permission
from core.resources import Column, Command, Input, Resource, Section
from core.resources.check import check
from core.resources.errors import ResourceError
from core.tenancy import Establishment, TenantSession

SEE = Permission("toys.place.read", "See")
CHANGE = Permission("toys.place.write", "Change")


class PlaceIn(Command):
    name: Annotated[str, Input("Name")]


class OtherIn(Command):
    name: Annotated[str, Input("Name")]


def add(session: TenantSession, command: PlaceIn) -> Establishment:
    return Establishment(code="x", name=command.name)


def change(session: TenantSession, place: Establishment, command: PlaceIn) -> Establishment:
    return place


def change_other(session: TenantSession, place: Establishment, command: OtherIn) -> Establishment:
    return place


def untyped(session: TenantSession, command: dict[str, str]) -> Establishment:
    raise NotImplementedError


def computed(place: Establishment) -> str:
    return place.name


PLACES: Resource[Establishment] = Resource(
    name="toys.places",
    model=Establishment,
    title="Places",
    singular="Place",
    icon="building",
    columns=(Column(Establishment.name, "Name", sort=True), Column(Establishment.code, "Code")),
    order_by=Establishment.name,
    form=(Section("", ("name",)),),
    create=add,
    update=change,
    read_permission=SEE,
    write_permission=CHANGE,
)


def test_a_sound_declaration_passes() -> None:
    check("toys", PLACES)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"name": "other.places"}, "must be toys"),
        ({"columns": (*PLACES.columns, Column(Establishment.code, "Again"))}, "twice"),
        ({"columns": (Column(Establishment.id, "Id"),)}, "mean something else"),
        ({"columns": (Column(Establishment.archived_at, "Gone", sort=True),)}, "without nulls"),
        ({"columns": (Column(computed, "Name", sort=True),)}, "computed"),
        ({"columns": (Column(Establishment.name, "Name", permission=SEE),)}, "be the order"),
        ({"order_by": Establishment.archived_at}, "without nulls"),
        ({"form": (Section("", ("name", "colour")),)}, "the form shows"),
        ({"form": ()}, "the form shows"),
        ({"update": change_other}, "different commands"),
        ({"write_permission": None}, "no permission"),
        ({"create": untyped, "update": None}, "takes no parameter"),
        ({"create": None, "update": None}, "no service"),
    ],
)
def test_what_cannot_work_is_refused_at_the_start(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(ResourceError, match=reason):
        check("toys", replace(PLACES, **changed))

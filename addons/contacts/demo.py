"""A few customers of the demonstration shops."""

from __future__ import annotations

from addons.contacts.rules import nit_check_digit
from addons.contacts.services import create_partner
from core.addons.parts import DemoPlace

_PEOPLE = (
    ("13", "52123456", "Carmen Rosa Gil", "person"),
    ("13", "1088234567", "Luis Alfonso Quintero", "person"),
    ("31", "900555888", "Restaurante El Fogón S.A.S.", "company"),
)


def customers(place: DemoPlace) -> None:
    """Add two neighbours and a restaurant."""
    for kind, number, name, holder in _PEOPLE:
        written = f"{number}-{nit_check_digit(number)}" if kind == "31" else number
        create_partner(
            place.session, identification_type=kind, number=written, name=name, kind=holder
        )

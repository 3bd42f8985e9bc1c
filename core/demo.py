"""The demonstration: two shops that a shopkeeper recognises, filled by the addons themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import select

from core.addons.activation import enable
from core.addons.parts import DemoBusiness, DemoPlace, DemoTill
from core.auth.passwords import Passwords
from core.auth.roles import grant_role, seed_roles
from core.auth.users import NewUser, create_user, join_business
from core.db.uow import platform_unit, tenant_unit
from core.ids import uuid7
from core.tenancy import Establishment, TenantRef, TenantSession
from core.tenancy.services import NewBusiness, businesses, create_business

if TYPE_CHECKING:
    from core.installation import Installation

#: Of every person of the demonstration; the page that asks for it shows it.
PASSWORD: Final = "guadua-demo-2026"  # noqa: S105 - a demonstration's, printed on purpose


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A person of the demonstration, and where they work."""

    email: str
    name: str
    role: str
    #: Codes of establishments; empty is all of them.
    places: tuple[str, ...] = ()
    businesses: tuple[DemoBusiness, ...] = ("minimercado",)


@dataclass(frozen=True, slots=True)
class _Place:
    code: str
    name: str
    address: str
    municipality: str


USERS: Final = (
    DemoUser(
        "marta@demo.guadua", "Marta Rincón", "owner", businesses=("minimercado", "ferreteria")
    ),
    DemoUser("yuliana@demo.guadua", "Yuliana Ospina", "cashier", ("001",)),
    DemoUser("andres@demo.guadua", "Andrés Cardona", "cashier", ("002",)),
    DemoUser(
        "gloria@demo.guadua",
        "Gloria Pérez",
        "accountant",
        businesses=("minimercado", "ferreteria"),
    ),
)

_BUSINESSES: Final[dict[DemoBusiness, NewBusiness]] = {
    "minimercado": NewBusiness(
        name="Minimercado La Guadua",
        legal_name="Minimercado La Guadua S.A.S.",
        identification="901234567",
        check_digit="7",
        email="facturas@laguadua.example",
        phone="606 333 4455",
        is_demo=True,
        establishment="Centro",
        address="Carrera 7 # 19-28",
        municipality="66001",
        activity="4711",
    ),
    "ferreteria": NewBusiness(
        name="Ferretería El Roble",
        legal_name="Jorge Iván Roble Mesa",
        kind="person",
        identification="10123456",
        check_digit="",
        identification_type="13",
        email="elroble@ferreteria.example",
        phone="606 321 7788",
        is_demo=True,
        establishment="Principal",
        address="Calle 14 # 8-31",
        municipality="66170",
        activity="4752",
    ),
}
_MORE_PLACES: Final[dict[DemoBusiness, tuple[_Place, ...]]] = {
    "minimercado": (_Place("002", "La Esperanza", "Avenida Sur # 44-10", "66001"),),
    "ferreteria": (),
}
#: Of each till, the code of its establishment; they are called C1, C2, C3 in this order.
_TILLS: Final[dict[DemoBusiness, tuple[str, ...]]] = {
    "minimercado": ("001", "001", "002"),
    "ferreteria": ("001",),
}


def build_demo(place: Installation, authority_url: str) -> bool:
    """Make the demonstration where there is no business yet; tell whether it was made."""
    if businesses(place.database, place.clock):
        return False
    people = _people(place)
    for key, new in _BUSINESSES.items():
        ref = create_business(place.database, place.clock, new)
        _join(place, ref, key, people)
        _fill(place, ref, key, people, authority_url)
    return True


def _people(place: Installation) -> dict[str, UUID]:
    hashed = Passwords().hashed(PASSWORD)
    with platform_unit(place.database, place.clock, writes=True) as session:
        return {
            user.email: create_user(session, NewUser(user.email, user.name, hashed)).id
            for user in USERS
        }


def _join(place: Installation, ref: TenantRef, key: DemoBusiness, people: dict[str, UUID]) -> None:
    with platform_unit(place.database, place.clock, writes=True) as session:
        for user in USERS:
            if key in user.businesses:
                join_business(session, people[user.email], ref)


def _fill(
    place: Installation,
    ref: TenantRef,
    key: DemoBusiness,
    people: dict[str, UUID],
    authority_url: str,
) -> None:
    steps = [
        (addon, step)
        for addon, step in place.registry.everywhere.register_demo()
        if step.business == key
    ]
    owner = people[USERS[0].email]
    with tenant_unit(place.database, ref, place.clock, writes=True, user_id=owner) as session:
        session.add_all(
            Establishment(
                code=more.code, name=more.name, address=more.address, municipality=more.municipality
            )
            for more in _MORE_PLACES[key]
        )
        session.flush()
        seed_roles(session, [])
        for addon, _step in steps:
            enable(session, place.registry, addon)
        permissions = place.registry.everywhere.register_permissions()
        seed_roles(session, [each for addon, each in permissions if addon in session.enabled])
        where = session.scalars(select(Establishment).order_by(Establishment.code)).all()
        places = {each.code: each.id for each in where}
        _grant(session, key, people, places)
        tills = tuple(
            DemoTill(uuid7(), places[code], f"C{n}", f"Caja {n}")
            for n, code in enumerate(_TILLS[key], start=1)
        )
        for _addon, step in steps:
            step.build(DemoPlace(session, key, tuple(where), owner, authority_url, tills))


def _grant(
    session: TenantSession, key: DemoBusiness, people: dict[str, UUID], where: dict[str, UUID]
) -> None:
    for user in USERS:
        if key not in user.businesses:
            continue
        places: list[UUID | None] = [where[code] for code in user.places]
        for establishment in places or [None]:
            grant_role(session, people[user.email], user.role, establishment)

"""The flows that are ended at every point: how each is set up, run, and judged afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import select

from addons.edi.models import Document, Version
from addons.inventory.queries import levels
from addons.l10n_co_dian.demo import DemoRange, configure_demo
from addons.pos import permissions
from addons.pos.models import DrawerSession, Sale
from addons.pos.pricing import Ticket
from addons.pos.queries import expected_in_drawer
from core.addons.discovery import discover
from core.addons.lifecycle import Owner, install, migrate_core
from core.auth.tokens import NewToken, create_token
from core.clock import SystemClock
from core.db.engine import open_database
from core.process import equip
from core.tenancy import Business, Establishment, TenantRef, TenantSession
from core.testing.addons import all_addons, worker_process
from core.testing.crash import counting
from core.testing.fixtures import MONDAY
from core.testing.house import House, two_businesses
from core.testing.web import open_site
from tests.crash.schema import fingerprint
from tests.crash.world import Client, SharedClock, World
from tests.scenarios.shop import Shop, open_shop

Order = Mapping[str, Any]

#: Nothing else is installed by the flow; it brings two addons before itself.
INSTALLED: Final = "catalog"
_SCOPES: Final = (permissions.SELL.name, permissions.DRAWER.name)
_SOLD: Final = (("GAS", "2"), ("CAF", "1"), ("AGU", "0.350"))


def prepare(order: Order) -> dict[str, Any]:
    """Set up two businesses in an empty schema; note the request that the flow sends."""
    folder = Path(order["folder"])
    clock = SharedClock(folder / "clock", MONDAY)
    registry = all_addons()
    database = open_database(order["url"])
    bakery, pharmacy = two_businesses(database, clock)
    enabled = frozenset(registry.running)
    house = House(database, order["owner_url"], clock, bakery, pharmacy, enabled)
    equip(database, worker_process(registry, folder))
    site = open_site(replace(house, enabled=frozenset()), folder, registry)
    for tenant in (bakery, pharmacy):
        site.enable(tenant, *registry.running)
    open_shop(house, registry, pharmacy)
    shop = open_shop(house, registry, bakery)
    if order["service"]:
        _issue_documents(house, bakery, order["service"], folder)
    with house.unit(bakery) as session:
        session.user_id = site.people["owner@bakery.co"]
        token = create_token(session, NewToken("Caja", _SCOPES), dict.fromkeys(_SCOPES))
    facts = {
        "tenant": str(bakery.uid),
        "token": token,
        "gas": str(shop.products["GAS"]),
        "drawer": str(shop.drawer),
        "request": _closing(shop) if order["flow"] == "drawer" else sale_request(shop),
    }
    (folder / "facts.json").write_bytes(orjson.dumps(facts))
    database.dispose()
    return facts


def platform(order: Order) -> None:
    """Make the platform's own tables, and no addon's."""
    owner = Owner.at(order["owner_url"], order["url"])
    migrate_core(owner, SystemClock())
    owner.engine.dispose()


def warm(order: Order) -> None:
    """Have each child start as a process that has served: what it runs is compiled already.

    Whatever was remembered besides is forgotten; a copy of the system is used up.
    """
    if order["flow"] == "install":
        return
    first = _warm[order["url"]] = _world(order)
    run(order)
    recover(order)
    _warm[order["url"]] = first.again()


def run(order: Order) -> dict[str, Any]:
    """Run the flow: the client's request, then the worker; every step is counted."""
    if order["flow"] == "install":
        with counting() as steps:
            _install(order)
        return {"steps": steps}
    world = _world(order)
    # Opened before counting: a process starts once and serves many requests.
    _ready = world.app, world.worker
    with counting() as steps:
        Client(world).send()
        world.work()
        if order["flow"] == "inquiry":
            world.wait()
            world.work()
    return {"steps": steps}


def recover(order: Order) -> dict[str, Any]:
    """Come back after the crash: send the request again, work everything off, and judge."""
    if order["flow"] == "install":
        _install(order)
        return {"problems": [], "counts": fingerprint(order["owner_url"])}
    world = _world(order)
    client = Client(world)
    client.send()
    world.settle()
    answers = [_lasting(answer) for answer in client.acknowledged()]
    problems = world.problems()
    if any(answer != answers[0] for answer in answers):
        problems.append(f"the same request was answered differently: {answers}")
    database = world.back
    with _unit(world) as session:
        told = _judge(order["flow"], session, world.facts, problems)
    database.dispose()
    return {"problems": problems, "counts": world.counts(), **told}


JOBS: Final = {"platform": platform, "prepare": prepare, "run": run, "recover": recover}
PREPARATIONS: Final = {"warm": warm}

#: Systems that a child finds ready when it is forked, by the address of their database.
_warm: Final[dict[str, World]] = {}


def _world(order: Order) -> World:
    ready = None if order.get("cold") else _warm.get(order["url"])
    return ready or World(order["url"], order["owner_url"], Path(order["folder"]), all_addons())


def _unit(world: World) -> TenantSession:
    return TenantSession(
        world.back,
        tenant=TenantRef(1, UUID(world.facts["tenant"])),
        clock=world.clock,
        enabled=frozenset(world.registry.running),
    )


def sale_request(shop: Shop) -> dict[str, Any]:
    """Give a sale as a till sends it, under a new key."""
    ticket: Ticket = shop.ticket(*_SOLD)
    doc = orjson.loads(ticket.draft.model_dump_json())
    digest = sha256(orjson.dumps(doc, option=orjson.OPT_SORT_KEYS)).hexdigest()
    item = {"uuid": str(ticket.id), "seq": 1, "sha256": digest, "doc": doc}
    return {
        "path": "/pos/api/v1/sync",
        "body": {"register": str(shop.till), "items": [item]},
        "key": str(ticket.id),
    }


def _closing(shop: Shop) -> dict[str, Any]:
    shop.sell(shop.ticket(*_SOLD))
    counted = "110000.00"
    return {
        "path": f"/pos/api/v1/sessions/{shop.drawer}/close",
        "body": {"counted": [], "counted_total": counted, "note": "Cierre"},
        "key": str(shop.drawer),
    }


def _issue_documents(house: House, tenant: TenantRef, service: str, folder: Path) -> None:
    with house.unit(tenant) as session:
        session.add(
            Business(
                id=tenant.uid,
                legal_name="Panadería Trigal S.A.S.",
                identification="900123456",
                email="facturas@trigal.example",
            )
        )
        place = session.scalars(select(Establishment)).one()
        place.address, place.municipality = "Carrera 14 # 21-35", "63001"
    with house.unit(tenant) as session:
        issued = [DemoRange(place.id, "POSE")]
        registration = configure_demo(session, ranges=issued, service_url=service)
    registration.add_to(folder / "authority.json")


def _install(order: Order) -> None:
    owner = Owner.at(order["owner_url"], order["url"])
    install(owner, discover(()), INSTALLED, SystemClock())
    owner.engine.dispose()


def _lasting(answer: Any) -> Any:
    """Leave out of a till's answer whether it is the first one, and what the worker changes."""
    if not isinstance(answer, dict) or "results" not in answer:
        return answer
    (result,) = answer["results"]
    return {k: v for k, v in result["answer"].items() if k != "status"}


def _judge(
    flow: str, session: TenantSession, facts: Mapping[str, Any], problems: list[str]
) -> dict[str, Any]:
    if flow == "drawer":
        drawer = session.get_one(DrawerSession, (1, UUID(facts["drawer"])))
        if drawer.state != "closed" or drawer.difference is None:
            problems.append("the drawer is not closed")
        elif drawer.difference != Decimal(110000) - expected_in_drawer(session, drawer):
            problems.append(f"the difference is {drawer.difference}")
        return {}
    sales = session.scalars(select(Sale)).all()
    if [str(sale.id) for sale in sales] != [facts["request"]["key"]]:
        problems.append(f"there are {len(sales)} sales")
    place = session.scalars(select(Establishment)).one()
    gas = UUID(facts["gas"])
    left = levels(session, place.id, [gas])[gas].available
    if left != Decimal(98):
        problems.append(f"two of a hundred were sold, and {left} are left")
    if flow == "sale":
        return {}
    document = session.scalars(select(Document)).one()
    if document.state != "accepted":
        problems.append(f"the document is {document.state}")
    return {"code": session.scalars(select(Version.code)).one()}

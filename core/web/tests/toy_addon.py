"""An addon of one file: pages and API routes over establishments, for tests of the web."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint
from pydantic import BaseModel
from sqlalchemy import select

from core.addons.manifest import CONTRACT_VERSION, AddonManifest
from core.addons.parts import LauncherItem, NavigationItem, Obligation, Permission
from core.addons.registry import AddonRegistry
from core.addons.specs import hookimpl
from core.api.routes import api
from core.errors import NotFoundError
from core.tenancy import Establishment, TenantSession
from core.web.access import requires
from core.web.context import current

READ = "toys.toy.read"
WRITE = "toys.toy.write"


class NewToy(BaseModel):
    name: str
    price: Decimal


class Toy(BaseModel):
    id: UUID
    name: str
    price: Decimal


class Hooks:
    """The hooks of the addon; ``owed`` is what keeps it on."""

    def __init__(self) -> None:
        self.owed: list[Obligation] = []
        self.made = 0

    @hookimpl
    def register_permissions(self) -> Sequence[Permission]:
        return (Permission(READ, "See toys", ("cashier",)), Permission(WRITE, "Change toys"))

    @hookimpl
    def register_routes(self) -> Sequence[Blueprint]:
        return (_routes(self),)

    @hookimpl
    def navigation_items(self, session: TenantSession) -> Sequence[NavigationItem]:
        return (NavigationItem("Toys", "All toys", "/toys/", "puzzle", READ),)

    @hookimpl
    def launcher_items(self, session: TenantSession) -> Sequence[LauncherItem]:
        return (LauncherItem("Toys", "Toys", "Wood and tin", "/toys/", "puzzle", READ),)

    @hookimpl
    def pending_obligations(self, session: TenantSession) -> Sequence[Obligation]:
        return self.owed


def toy_registry(hooks: Any = None, **more: Any) -> AddonRegistry:
    """Give a registry in which ``toys`` runs, and ``dolls`` that require it."""
    registry = AddonRegistry()
    toys = AddonManifest(
        name="toys", version="1.0.0", title="Toys", summary="Wood and tin",
        contract=CONTRACT_VERSION, asks=("Read your toys",),
    )  # fmt: skip
    dolls = AddonManifest(
        name="dolls", version="1.0.0", title="Dolls", summary="Of cloth",
        contract=CONTRACT_VERSION, requires=("toys",),
    )  # fmt: skip
    given = {"toys": hooks or Hooks(), "dolls": SimpleNamespace(), **more}
    registry.install([toys, dolls], lambda manifest: given[manifest.name])
    return registry


def _routes(hooks: Hooks) -> Blueprint:
    toys = Blueprint("toys", __name__)

    @toys.get("/toys/")
    @requires(READ)
    def everything() -> str:
        return f"toys of {current().tenant.uid}"

    @toys.get("/toys/<uuid:key>")
    @requires(READ)
    def one(key: UUID) -> str:
        return _found(key).name

    @toys.get("/toys/broken")
    @requires(READ)
    def broken() -> str:
        raise ZeroDivisionError("password=hunter2secret")

    @toys.get("/toys/api/v1/toys/<uuid:key>")
    @api(permission=READ, summary="One toy", response=Toy)
    def read_toy(key: UUID) -> Toy:
        return Toy(id=key, name=_found(key).name, price=Decimal("1.50"))

    @toys.post("/toys/api/v1/toys")
    @api(
        permission=WRITE, summary="Make a toy", request=NewToy, response=Toy, status=201,
        once="toys.toy.create",
    )  # fmt: skip
    def make_toy(body: NewToy, session: TenantSession) -> Toy:
        return _made(hooks, body, session)

    @toys.post("/toys/api/v1/toys/fiscal")
    @api(
        permission=WRITE, summary="Invoice a toy", request=NewToy, response=Toy, status=201,
        once="toys.toy.invoice", fiscal=True,
    )  # fmt: skip
    def invoice_toy(body: NewToy, session: TenantSession) -> Toy:
        return _made(hooks, body, session)

    @toys.post("/toys/api/v1/count")
    @api(permission=READ, summary="Count")
    def count() -> dict[str, int]:
        return {"made": hooks.made}

    return toys


def _made(hooks: Hooks, body: NewToy, session: TenantSession) -> Toy:
    hooks.made += 1
    place = Establishment(code=f"T{hooks.made}", name=body.name)
    session.add(place)
    session.flush()
    return Toy(id=place.id, name=place.name, price=body.price)


def _found(key: UUID) -> Establishment:
    found = current().read().scalar(select(Establishment).where(Establishment.id == key))
    if found is None:
        raise NotFoundError("no such toy")
    return found

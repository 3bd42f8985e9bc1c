"""An addon that adds to the orders of the stand: how an order is wrapped."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.addons.parts import Permission
from core.addons.specs import hookimpl
from core.db import addon_registry, tenant_foreign_key
from core.errors import BadInputError
from core.resources import Action, Column, Command, Input, Part, ResourceExtension, Tab, extend
from core.resources.tests.stand import Order
from core.tenancy import TenantBound, TenantSession

WRAP: Final = Permission("gifts.paper.use", "Wrap")


class Base(DeclarativeBase):
    registry = addon_registry()


class Wrapping(TenantBound, Base):
    __tablename__ = "gifts_wrapping"
    __table_args__ = (tenant_foreign_key("id", "stand_order", ondelete="CASCADE"),)

    paper: Mapped[str] = mapped_column(default="")


class WrappingIn(Command):
    paper: Annotated[str, Field(max_length=20), Input("Paper")] = ""


def save_wrapping(session: TenantSession, order: Order, command: WrappingIn) -> Wrapping:
    if command.paper == "gold":
        raise BadInputError("No gold.", fields={"paper": "There is no gold paper."})
    found = session.get(Wrapping, (session.tenant_id, order.id))
    if found is None:
        found = Wrapping(id=order.id)
        session.add(found)
    found.paper = command.paper
    return found


def wrapping_values(order: Order) -> Mapping[str, object]:
    from sqlalchemy.orm import object_session

    session: Any = object_session(order)
    found = session.get(Wrapping, (order.tenant_id, order.id))
    return {"paper": found.paper if found else ""}


def papers(session: TenantSession, ids: Collection[UUID]) -> Mapping[UUID, object]:
    rows = session.execute(select(Wrapping.id, Wrapping.paper).where(Wrapping.id.in_(ids)))
    return dict(rows.all())


def unwrap(session: TenantSession, order: Order) -> Order:
    save_wrapping(session, order, WrappingIn())
    return order


GIFTS: Final = extend(
    "stand.orders",
    columns=(Column("paper", "Paper", load=papers),),
    tabs=(Tab("Gift", ("gift.paper",)),),
    actions=(Action("unwrap", unwrap, "Unwrap", permission=WRAP),),
    part=Part("gift", WrappingIn, save_wrapping, wrapping_values),
)


class GiftHooks:
    """The hooks of the addon; ``extensions`` is what it adds."""

    def __init__(self, *extensions: ResourceExtension) -> None:
        self.extensions = extensions

    @hookimpl
    def register_permissions(self) -> Sequence[Permission]:
        return (WRAP,)

    @hookimpl
    def register_resource_extensions(self) -> Sequence[ResourceExtension]:
        return self.extensions

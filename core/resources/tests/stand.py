"""A stand that takes orders: an addon with a resource that has everything, for tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import Index, UniqueConstraint, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.addons.parts import Permission
from core.addons.specs import hookimpl
from core.db import (
    Amount,
    Archivable,
    Quantity,
    Versioned,
    addon_registry,
    many_to_one,
    one_to_many,
    tenant_foreign_key,
)
from core.errors import BadInputError
from core.resources import (
    Action,
    Belongs,
    Choice,
    Column,
    Command,
    Exact,
    Input,
    Line,
    Period,
    Recomputed,
    Reference,
    Related,
    Resource,
    Rule,
    Section,
    States,
    Tab,
    keep_lines,
)
from core.search.services import index_record, matching
from core.tenancy import Establishment, TenantBound, TenantSession
from core.web.pages.listing import Badge
from core.web.pages.record import Fact

READ: Final = Permission("stand.order.read", "See orders", ("cashier",))
WRITE: Final = Permission("stand.order.write", "Write orders")
CONFIRM: Final = Permission("stand.order.confirm", "Confirm orders")
CUSTOMERS: Final = Permission("stand.customer.read", "See customers")
CUSTOMERS_WRITE: Final = Permission("stand.customer.write", "Write customers")

STATES: Final[Mapping[str, Badge | str]] = {
    "draft": Badge("Draft", "", "pencil"),
    "confirmed": Badge("Confirmed", "ok", "check"),
    "paid": Badge("Paid", "ok", "check"),
    "cancelled": Badge("Cancelled", "bad", "x"),
}
KINDS: Final = {"here": "Eat here", "away": "Take away"}


class Base(DeclarativeBase):
    registry = addon_registry()


class Customer(TenantBound, Archivable, Versioned, Base):
    __tablename__ = "stand_customer"
    __table_args__ = (Index(None, "tenant_id", "name", "id"),)

    name: Mapped[str]


class Order(TenantBound, Archivable, Versioned, Base):
    __tablename__ = "stand_order"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        tenant_foreign_key("customer_id", "stand_customer"),
        tenant_foreign_key("establishment_id", "core_establishment"),
        Index(None, "tenant_id", "number", "id"),
        Index(None, "tenant_id", "day", "id"),
        Index(None, "tenant_id", "total", "id"),
        Index(None, "tenant_id", "kind", "id"),
        Index(None, "tenant_id", "customer_id"),
    )

    number: Mapped[str]
    customer_id: Mapped[UUID | None]
    establishment_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default="draft")
    kind: Mapped[str] = mapped_column(default="here")
    day: Mapped[date]
    total: Mapped[Amount] = mapped_column(default=Decimal(0))
    note: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")

    customer: Mapped[Customer | None] = many_to_one(lambda: Order.customer_id, lambda: Customer)
    lines: Mapped[list[OrderLine]] = one_to_many(
        lambda: OrderLine.order_id, lambda: Order, owned=True
    )


class OrderLine(TenantBound, Base):
    __tablename__ = "stand_line"
    __table_args__ = (
        tenant_foreign_key("order_id", "stand_order", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "order_id", "dish"),
    )

    order_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(default=0)
    dish: Mapped[str]
    qty: Mapped[Quantity]
    price: Mapped[Amount]


class LineIn(Line):
    dish: Annotated[str, Field(min_length=1, max_length=40), Input("Dish")]
    qty: Annotated[Exact, Field(gt=0, max_digits=12, decimal_places=3), Input("Quantity")] = (
        Decimal(1)
    )
    price: Annotated[Exact, Field(ge=0, max_digits=14, decimal_places=2), Input("Price", "money")]


class OrderIn(Command):
    number: Annotated[str, Field(min_length=1, max_length=20), Input("Number", "code")]
    establishment_id: Annotated[
        UUID, Input("Place", reference=Reference(Establishment, Establishment.name))
    ]
    customer_id: Annotated[
        UUID | None,
        Input("Customer", reference=Reference(Customer, Customer.name, "stand.customers")),
    ] = None
    day: Annotated[date, Input("Day")]
    kind: Annotated[Literal["here", "away"], Input("Kind", options=KINDS)] = "here"
    address: Annotated[str, Field(max_length=80), Input("Address")] = ""
    lines: Annotated[list[LineIn], Field(max_length=50, default_factory=list), Input("Lines")]
    note: Annotated[str, Field(max_length=200), Input("Note", "textarea")] = ""


class CustomerIn(Command):
    name: Annotated[str, Field(min_length=1, max_length=80), Input("Name")]


def add_customer(session: TenantSession, command: CustomerIn) -> Customer:
    return change_customer(session, Customer(), command)


def change_customer(session: TenantSession, customer: Customer, command: CustomerIn) -> Customer:
    customer.name = command.name
    session.add(customer)
    session.flush()
    index_record(session, "stand.customers", customer.id, (customer.name,))
    return customer


def add_order(session: TenantSession, command: OrderIn) -> Order:
    return change_order(session, Order(state="draft"), command)


def change_order(session: TenantSession, order: Order, command: OrderIn) -> Order:
    if order.state == "paid":
        raise BadInputError("A paid order stays as it is.")
    for name, value in command:
        if name != "lines":
            setattr(order, name, value)
    session.add(order)
    keep_lines(
        session,
        order.lines,
        command.lines,
        make=OrderLine,
        fill=fill_line,
        refuse_removal=lambda row: "The cake stays." if row.dish == "Torta" else None,
    )
    order.total = sum((line.qty * line.price for line in order.lines), Decimal(0))
    session.flush()
    index_record(session, "stand.orders", order.id, (order.number,))
    return order


def fill_line(row: OrderLine, line: LineIn) -> None:
    if line.dish == "Piedra":
        raise BadInputError("Not to eat.", fields={"dish": "Nobody eats stones."})
    row.dish, row.qty, row.price = line.dish, line.qty, line.price


def is_away(values: Mapping[str, Any]) -> bool:
    return values.get("kind") == "away"


def is_locked(values: Mapping[str, Any]) -> bool:
    return values.get("note") == "locked"


def preview_order(_session: TenantSession, values: Mapping[str, Any]) -> Recomputed:
    """Give the total of what is typed so far; a tinto costs what it costs."""
    lines = [
        {"price": Decimal(2000)} if line.get("dish") == "Tinto" else {}
        for line in values.get("lines", ())
    ]
    both = zip(values.get("lines", ()), lines, strict=True)
    whole = [{**line, **worked_out} for line, worked_out in both]
    total = sum(
        (one["qty"] * one["price"] for one in whole if "qty" in one and "price" in one), Decimal(0)
    )
    return Recomputed(lines={"lines": lines}, totals=(Fact("Total", total, "money", strong=True),))


def is_draft(order: Order) -> bool:
    return order.state == "draft"


def is_confirmed(order: Order) -> bool:
    return order.state == "confirmed"


def confirm(_session: TenantSession, order: Order) -> Order:
    if not order.lines:
        raise BadInputError("An order without lines is not confirmed.")
    order.state = "confirmed"
    return order


def reopen(_session: TenantSession, order: Order) -> Order:
    order.state = "draft"
    return order


def pay(_session: TenantSession, order: Order) -> Order:
    order.state = "paid"
    return order


def cancel(_session: TenantSession, order: Order) -> Order:
    order.state = "cancelled"
    return order


def leap(_session: TenantSession, order: Order) -> Order:
    """Go where the life of an order does not lead."""
    order.state = "paid"
    return order


def late(order: Order) -> Badge | None:
    is_late = order.state == "draft" and order.day < date(2026, 1, 1)
    return Badge("Late", "warn", "clock") if is_late else None


def customer_names(session: TenantSession, ids: Collection[UUID]) -> Mapping[UUID, str]:
    rows = session.execute(select(Customer.id, Customer.name).where(Customer.id.in_(ids)))
    return dict(rows.all())


ORDERS: Final = Resource(
    name="stand.orders",
    model=Order,
    title="Orders",
    singular="Order",
    icon="receipt",
    columns=(
        Column(Order.number, "Number", "title", sort=True, priority=1),
        Column(Order.customer_id, "Customer", names=customer_names, priority=2),
        Column(Order.day, "Day", "day", sort=True),
        Column(Order.kind, "Kind", sort=True, options=KINDS),
        Column(Order.state, "State", "badge", options=STATES),
        Column(Order.total, "Total", "money", sort=True, priority=3, sum=True),
    ),
    order_by=Order.number,
    search=lambda text: matching("stand.orders", Order.id, text),
    filters=(
        Choice(Order.kind, "Kind", KINDS),
        Period(Order.day, "Day"),
        Belongs(Order.customer_id, "Customer"),
    ),
    form=(
        Section("Order", ("number", "establishment_id", "customer_id", "day", "kind", "address")),
        Section("Lines", ("lines",)),
        Tab("Notes", ("note",)),
    ),
    rules=(
        Rule("visible", ("address",), is_away),
        Rule("required", ("address",), is_away),
        Rule("readonly", ("number",), is_locked),
    ),
    recompute=preview_order,
    states=States(
        Order.state, draft=("confirmed", "cancelled"), confirmed=("paid", "cancelled", "draft")
    ),
    actions=(
        Action(
            "confirm", confirm, "Confirm", icon="check", permission=CONFIRM, when=is_draft,
            bulk=True, hotkey="c", inverse="reopen", primary=True, done="Confirmed.",
        ),
        Action("reopen", reopen, "Reopen", permission=CONFIRM, when=is_confirmed),
        Action("pay", pay, "Pay", permission=CONFIRM, when=is_confirmed, confirm="It is paid."),
        Action("cancel", cancel, "Cancel", when=is_draft, bulk=True, danger=True),
        Action("leap", leap, "Leap", permission=CONFIRM, when=is_draft),
    ),
    bulk_edit=("kind", "note"),
    mark=late,
    establishment=Order.establishment_id,
    create=add_order,
    update=change_order,
    read_permission=READ,
    write_permission=WRITE,
    create_label="New order",
)  # fmt: skip

CUSTOMER_LIST: Final = Resource(
    name="stand.customers",
    model=Customer,
    title="Customers",
    singular="Customer",
    icon="user",
    columns=(Column(Customer.name, "Name", "title", sort=True, priority=1),),
    order_by=Customer.name,
    search=lambda text: matching("stand.customers", Customer.id, text),
    form=(Section("", ("name",)),),
    related=(Related("stand.orders", "customer_id"),),
    create=add_customer,
    update=change_customer,
    read_permission=CUSTOMERS,
    write_permission=CUSTOMERS_WRITE,
    create_label="New customer",
)


class StandHooks:
    """The hooks of the addon."""

    @hookimpl
    def register_permissions(self) -> Sequence[Permission]:
        return (READ, WRITE, CONFIRM, CUSTOMERS, CUSTOMERS_WRITE)

    @hookimpl
    def register_resources(self) -> Sequence[Resource[Any]]:
        return (ORDERS, CUSTOMER_LIST)

"""A product and a line that points at it: enough to try every door."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.orm import DeclarativeBase, Mapped

from core.db import Amount, Posted, addon_registry, many_to_one, one_to_many, tenant_foreign_key
from core.db.base import Base as CoreBase
from core.tenancy import TenantBound


class Base(DeclarativeBase):
    registry = addon_registry()


class Toy(TenantBound, Base):
    __tablename__ = "toy_toy"

    name: Mapped[str]
    price: Mapped[Amount]
    lines: Mapped[list[ToyLine]] = one_to_many(
        lambda: ToyLine.toy_id, lambda: Toy, back_populates="toy"
    )


class ToyLine(TenantBound, Base):
    __tablename__ = "toy_line"
    __table_args__ = (tenant_foreign_key("toy_id", "toy_toy"),)

    toy_id: Mapped[UUID]
    toy: Mapped[Toy] = many_to_one(lambda: ToyLine.toy_id, lambda: Toy, back_populates="lines")


class ToySale(TenantBound, Posted, Base):
    __tablename__ = "toy_sale"

    total: Mapped[Amount]


def tables() -> list[Table]:
    """Core's tables and the toys."""
    return [
        table
        for table in CoreBase.metadata.sorted_tables
        if table.name.startswith(("core_", "toy_"))
    ]

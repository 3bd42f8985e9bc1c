"""Each rule of the schema finds the table that breaks it, and says what to do."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    mapped_column,
    relationship,  # noqa: TID251 - the very thing to be found
)

from core.addons.loading import import_core_models
from core.db.base import Base
from core.db.ownership import CORE, registries_of, tables_of
from core.db.platform_tables import PLATFORM_TABLES
from core.tenancy.linter import lint, lint_mappings


def table(*parts: Any, name: str = "toy_line", addon: str | None = "toy") -> Table:
    """Make a table that keeps every rule but what ``parts`` break."""
    made: Table = Table(
        name,
        MetaData(),
        Column("tenant_id", BigInteger, ForeignKey("core_tenant.id"), primary_key=True),
        Column("id", Uuid(), primary_key=True),
        Column("code", Text),
        Column("toy_id", Uuid()),
        *parts,
    )
    if addon:
        made.info["addon"] = addon
    return made


def own_key(*columns: Column[Any]) -> Table:
    made: Table = Table("toy_line", MetaData(), *columns)
    made.info["addon"] = "toy"
    return made


def key(*columns: str, target: str = "toy_toy", ondelete: str | None = None) -> object:
    pointed = [f"{target}.{'tenant_id' if one == 'tenant_id' else 'id'}" for one in columns]
    return ForeignKeyConstraint(columns, pointed, ondelete=ondelete)


def test_a_good_table_has_no_finding() -> None:
    good = table(
        key("tenant_id", "toy_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "code"),
        Index("ix_1", "tenant_id", "toy_id"),
        Index("ix_2", "tenant_id", func.lower("code"), unique=True),
    )
    assert lint([good]) == []


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        ("owner", table(addon=None)),
        ("prefix", table(name="stock_line")),
        ("key", own_key(Column("id", Uuid(), primary_key=True))),
        (
            "key",
            own_key(
                Column("id", Uuid(), primary_key=True),
                Column("tenant_id", BigInteger, primary_key=True),
            ),
        ),
        (
            "key",
            own_key(
                Column("tenant_id", BigInteger, primary_key=True),
                Column("code", Text, primary_key=True),
            ),
        ),
        ("foreign_key", table(key("toy_id"))),
        ("foreign_key", table(key("toy_id", "tenant_id"))),
        ("ondelete", table(key("tenant_id", "toy_id", ondelete="SET NULL"))),
        ("ondelete", table(key("tenant_id", "toy_id", ondelete="SET DEFAULT"))),
        ("unique", table(UniqueConstraint("code"))),
        ("unique", table(UniqueConstraint("code", "tenant_id"))),
        ("unique", table(Index("ix", "code", unique=True))),
        ("index", table(Index("ix", "code"))),
        ("index", table(Index("ix", func.lower("code"), "tenant_id"))),
        ("number", table(Column("price", Numeric(18, 4)))),
        ("number", table(Column("price", Float()))),
    ],
)
def test_each_rule_finds_the_table_that_breaks_it(rule: str, bad: Table) -> None:
    (finding,) = lint([bad])
    assert finding.rule == rule
    assert finding.table == bad.name
    assert str(finding).endswith(f"{finding.remedy}.")
    assert len(finding.remedy) > 20


def test_a_relationship_that_writes_the_tenant_is_found() -> None:
    class Own(DeclarativeBase):
        pass

    class Parent(Own):
        __tablename__ = "toy_parent"
        tenant_id: Mapped[int] = mapped_column(primary_key=True)
        id: Mapped[int] = mapped_column(primary_key=True)

    class Child(Own):
        __tablename__ = "toy_child"
        __table_args__ = (
            ForeignKeyConstraint(
                ["tenant_id", "parent_id"], ["toy_parent.tenant_id", "toy_parent.id"]
            ),
        )
        tenant_id: Mapped[int] = mapped_column(primary_key=True)
        id: Mapped[int] = mapped_column(primary_key=True)
        parent_id: Mapped[int]
        parent: Mapped[Parent] = relationship()

    assert Child.parent_id is not None
    (finding,) = lint_mappings([Own.registry])
    assert finding.rule == "relationship"
    assert "Child.parent would write tenant_id" in finding.text


def test_the_core_keeps_its_own_rules() -> None:
    import_core_models()
    # What another test failed to map with the core's Base stays in it until it is collected.
    gc.collect()
    assert [str(finding) for finding in lint(tables_of(Base.metadata, CORE))] == []
    assert lint_mappings(registries_of(CORE)) == []


def test_every_table_that_belongs_to_nobody_exists_and_says_why() -> None:
    import_core_models()
    assert set(PLATFORM_TABLES) <= set(Base.metadata.tables)
    assert all(len(reason) > 10 for reason in PLATFORM_TABLES.values())

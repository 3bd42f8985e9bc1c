"""Reads the schema and finds what would let one business's rows meet another's.

Run over every addon before it is installed and by the contract tests. Each finding says what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    Double,
    Float,
    ForeignKeyConstraint,
    Index,
    Numeric,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapper, RelationshipProperty, registry

from core.db.ownership import addon_of
from core.db.platform_tables import PLATFORM_TABLES

_KEY: Final = ["tenant_id", "id"]
#: SET NULL would blank the tenant too; NO ACTION is what the standard says when nothing is said.
_ON_DELETE: Final = frozenset({None, "RESTRICT", "CASCADE"})
_INEXACT: Final = (Numeric, Float, Double)


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule of the schema."""

    rule: str
    table: str
    text: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.table}: {self.text}. {self.remedy}."


def lint(tables: Iterable[Table]) -> list[Finding]:
    """Find what is wrong with ``tables``."""
    return [finding for table in tables for rule in _RULES for finding in rule(table)]


def lint_mappings(registries: Iterable[registry]) -> list[Finding]:
    """Find relationships that would write ``tenant_id``; configures the mappings."""
    found = []
    for each in registries:
        each.configure(cascade=True)
        for mapper in each.mappers:
            found += [f for relation in mapper.relationships for f in _writes(mapper, relation)]
    return found


def _owner(table: Table) -> Iterator[Finding]:
    addon = addon_of(table)
    if addon is None:
        yield Finding(
            "owner",
            table.name,
            "belongs to no addon",
            "Map it in the addon's models.py, or let the loader claim it",
        )
    elif not table.name.startswith(f"{addon}_"):
        yield Finding(
            "prefix", table.name, f"is a table of {addon}", f"Let its name start with {addon}_"
        )


def _key(table: Table) -> Iterator[Finding]:
    names = [column.name for column in table.primary_key.columns]
    if table.name not in PLATFORM_TABLES and names != _KEY:
        yield Finding(
            "key",
            table.name,
            f"its primary key is ({', '.join(names)})",
            "Mix TenantBound into its class; only core has platform tables, listed in "
            "core/db/platform_tables.py",
        )


def _foreign_keys(table: Table) -> Iterator[Finding]:
    for rule in table.constraints:
        if not isinstance(rule, ForeignKeyConstraint):
            continue
        columns = [column.name for column in rule.columns]
        target = rule.elements[0].target_fullname.rpartition(".")[0]
        pointed = [element.target_fullname.rpartition(".")[2] for element in rule.elements]
        if rule.ondelete not in _ON_DELETE:
            yield Finding(
                "ondelete",
                table.name,
                f"({', '.join(columns)}) says ON DELETE {rule.ondelete}",
                "Use RESTRICT or CASCADE: anything else blanks the tenant as well",
            )
        if table.name in PLATFORM_TABLES or target in PLATFORM_TABLES:
            continue
        if columns[0] != "tenant_id" or pointed[0] != "tenant_id" or len(columns) < 2:
            yield Finding(
                "foreign_key",
                table.name,
                f"({', '.join(columns)}) points at {target} without the business",
                "Use tenant_foreign_key(column, table)",
            )


def _uniqueness(table: Table) -> Iterator[Finding]:
    if table.name in PLATFORM_TABLES:
        return
    for rule in table.constraints:
        if isinstance(rule, UniqueConstraint):
            names = [column.name for column in rule.columns]
            if names[:1] != ["tenant_id"]:
                yield _unique(table, names)
    for index in table.indexes:
        names = _columns(index)
        if names[:1] == ["tenant_id"]:
            continue
        if index.unique:
            yield _unique(table, names)
        else:
            yield Finding(
                "index",
                table.name,
                f"an index starts with {', '.join(names) or 'an expression'}",
                "Let it start with tenant_id: every query asks for one business",
            )


def _unique(table: Table, names: list[str]) -> Finding:
    return Finding(
        "unique",
        table.name,
        f"({', '.join(names)}) is unique across businesses",
        "Start it with tenant_id: two businesses may use the same value, and a refusal would "
        "tell one about the other",
    )


def _columns(index: Index) -> list[str]:
    return [getattr(part, "name", "") or "" for part in index.expressions]


def _numbers(table: Table) -> Iterator[Finding]:
    for column in table.columns:
        if isinstance(column.type, _INEXACT):
            yield Finding(
                "number",
                table.name,
                f"{column.name} is {column.type!r}",
                "Use Amount, UnitPrice, UnitCost, Quantity or Rate of core.db: NUMERIC uses no "
                "index under row-level security, and floats lose cents",
            )


def _writes(mapper: Mapper[Any], relation: RelationshipProperty[Any]) -> Iterator[Finding]:
    written = [target.name for _source, target in relation.synchronize_pairs]
    if "tenant_id" in written:
        yield Finding(
            "relationship",
            str(getattr(mapper.local_table, "name", mapper.local_table)),
            f"{mapper.class_.__name__}.{relation.key} would write tenant_id",
            "Use many_to_one or one_to_many of core.db",
        )


_RULES: Final[tuple[Callable[[Table], Iterator[Finding]], ...]] = (
    _owner,
    _key,
    _foreign_keys,
    _uniqueness,
    _numbers,
)

"""How rows of one business point at each other, and at nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal, TypeAlias, cast

from sqlalchemy import ForeignKeyConstraint, and_
from sqlalchemy.orm import InstrumentedAttribute, Relationship, foreign, relationship, remote

#: The ``x_id`` of the pointing row, as a lambda, for classes not yet defined.
Key: TypeAlias = Callable[[], InstrumentedAttribute[Any]]
Model: TypeAlias = Callable[[], Any]


def tenant_foreign_key(
    column: str, table: str, *, ondelete: Literal["RESTRICT", "CASCADE"] = "RESTRICT"
) -> ForeignKeyConstraint:
    """Point at ``table`` within the business; SET NULL would blank the tenant as well."""
    return ForeignKeyConstraint(
        ["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], ondelete=ondelete
    )


#: Marks the relationship of a record with its lines.
OWNED: Final = "guadua_owned"
#: As declared: the classes exist only when all models are imported.
_owned: Final[list[tuple[Key, Model]]] = []
_owners: Final[dict[type[Any], list[tuple[type[Any], str]]]] = {}


# In both joins only ``x_id`` is foreign, so SQLAlchemy never writes ``tenant_id``.


def many_to_one(key: Key, parent: Model, *, back_populates: str | None = None) -> Relationship[Any]:
    """Follow ``key`` to its parent; one already in the session costs no query."""
    return relationship(
        parent,
        primaryjoin=lambda: and_(
            key().class_.tenant_id == remote(parent().tenant_id),
            foreign(key()) == remote(parent().id),
        ),
        back_populates=back_populates,
    )


def one_to_many(
    key: Key, parent: Model, *, back_populates: str | None = None, owned: bool = False
) -> Relationship[Any]:
    """List the rows whose ``key`` points here.

    ``owned`` rows are lines of the parent: they go when it goes, and changing one of them moves
    the parent's version.
    """
    if owned:
        _owned.append((key, parent))
    return relationship(
        lambda: cast("type[Any]", key().class_),
        primaryjoin=lambda: and_(
            parent().tenant_id == remote(key().class_.tenant_id),
            parent().id == remote(foreign(key())),
        ),
        back_populates=back_populates,
        cascade="all, delete-orphan" if owned else "save-update, merge",
        # Leave the children to ON DELETE: blanking their key would hide the refusal.
        passive_deletes=True if owned else "all",
        info={OWNED: owned},
    )


def owners_of(line: type[Any]) -> tuple[tuple[type[Any], str], ...]:
    """Give what the rows of a class are lines of, each with the attribute that points there."""
    while _owned:
        key, parent = _owned.pop()
        try:
            attribute, owner = key(), parent()
        except NameError:
            # The module of its addon did not load to the end: nobody has such rows.
            continue
        _owners.setdefault(cast("type[Any]", attribute.class_), []).append(
            (owner, str(attribute.key))
        )
    return tuple(_owners.get(line, ()))

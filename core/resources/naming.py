"""Gives records their names, for the columns of a list that hold only ids."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from core.tenancy.models import Establishment

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def names_of(
    session: Session,
    key: InstrumentedAttribute[UUID],
    name: InstrumentedAttribute[str],
    ids: Collection[UUID],
) -> dict[UUID, str]:
    """Give what ``name`` says of the rows whose ``key`` is in ``ids``, archived ones too."""
    rows = session.execute(select(key, name).where(key.in_(ids)))
    return {row[0]: row[1] for row in rows}


def establishment_names(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Give the names of establishments by id."""
    return names_of(session, Establishment.id, Establishment.name, ids)

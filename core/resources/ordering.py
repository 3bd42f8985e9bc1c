"""The order of a list and the page behind a key: never an offset, whatever is sorted by.

One direction is a row-value comparison. Mixed directions would make the engines read everything
before the page; a UNION ALL of one range for each run of one direction reads the page only.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Final, Generic
from uuid import UUID

import orjson
from sqlalchemy import Boolean, Date, Integer, Select, func, literal, select, tuple_, union_all
from sqlalchemy.orm import aliased

from core.db.types import Instant, Scaled
from core.errors import BadInputError
from core.i18n import _
from core.resources.declaration import Attribute, M, Resource
from core.tenancy import TenantSession

#: Columns that a list is sorted by at once.
DEEPEST: Final = 3
#: Records of the list that a search for common words looks at one by one.
STRETCH: Final = 1000
#: What a column of whole numbers holds is below it.
_LARGEST: Final = 2**63


@dataclass(frozen=True, slots=True)
class Key:
    """One attribute that a list is sorted by."""

    attribute: Attribute
    falling: bool


@dataclass(frozen=True, slots=True)
class Order(Generic[M]):
    """The whole order of a list: what was asked, then the id, so that no two rows are alike."""

    resource: Resource[M]
    said: str
    keys: tuple[Key, ...]

    def page(
        self,
        query: Select[M],
        cursor: str,
        size: int,
        *,
        backwards: bool = False,
        gathered: bool = False,
    ) -> Any:
        """Give the rows behind a cursor, or before it, at most ``size``.

        ``gathered``: the query finds few rows, which are found first and sorted then; else it
        follows the index of the order.
        """
        keys = self._keys(backwards=backwards)
        if not cursor:
            return _sorted(query, keys, gathered=gathered).limit(size)
        place = dict(zip((one.attribute for one in keys), self._read(cursor), strict=True))
        runs = [list(run) for _falling, run in groupby(keys, key=lambda one: one.falling)]
        if len(runs) == 1:
            behind = query.where(_beyond(runs[0], place))
            return _sorted(behind, keys, gathered=gathered).limit(size)
        model = self.resource.model
        ranges = []
        for count, run in enumerate(runs):
            before = [one for earlier in runs[:count] for one in earlier]
            same = [one.attribute == _bound(one, place) for one in before]
            found = _sorted(query.where(*same, _beyond(run, place)), keys).limit(size)
            narrow = found.with_only_columns(model.tenant_id, model.id).subquery()
            # Through the mapped class, so that each range has the filter of the business.
            ranges.append(select(aliased(model, narrow).id))
        near = union_all(*ranges)
        return _sorted(select(model).where(self.resource.id.in_(near)), keys).limit(size)

    def walk(
        self,
        session: TenantSession,
        listed: Select[M],
        alone: Select[M],
        cursor: str,
        size: int,
        *,
        backwards: bool,
    ) -> list[M]:
        """Read a page of a search for common words by looking at one record after the other.

        A planner believes what matches to be spread evenly, and walks along the order until the
        page is full: the whole table where only the last names match. So it walks a stretch of
        ``listed``, the list without the search; a page that is not full by then is not given.
        """
        keys = self._keys(backwards=backwards)
        if len({one.falling for one in keys}) > 1:
            return []
        here = tuple_(*(one.attribute for one in keys))
        if cursor:
            place = dict(zip((one.attribute for one in keys), self._read(cursor), strict=True))
            listed, alone = (one.where(_beyond(keys, place)) for one in (listed, alone))
        stretch: Select[Any] = listed.with_only_columns(*(one.attribute for one in keys))
        end = session.execute(_sorted(stretch, keys).offset(STRETCH).limit(1)).first()
        if end is not None:
            bounds = zip(keys, end, strict=True)
            last = tuple_(*(literal(value, one.attribute.type) for one, value in bounds))
            alone = alone.where(here >= last if keys[0].falling else here <= last)
        rows = list(session.scalars(_sorted(alone, keys).limit(size)))
        return rows if end is None or len(rows) == size else []

    def _keys(self, *, backwards: bool) -> tuple[Key, ...]:
        return tuple(Key(one.attribute, one.falling != backwards) for one in self.keys)

    def cursor(self, record: Any) -> str:
        """Write where a record is in the order."""
        values = [getattr(record, str(one.attribute.key)) for one in self.keys]
        plain = [one.isoformat() if isinstance(one, date) else one for one in values]
        body = orjson.dumps([self.said, *plain], default=str)
        return base64.urlsafe_b64encode(body).decode().rstrip("=")

    def _read(self, cursor: str) -> list[object]:
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            of, *values = orjson.loads(base64.urlsafe_b64decode(padded))
            pairs = zip(self.keys, values, strict=True)
            found = [_typed(one.attribute, value) for one, value in pairs]
        except (ValueError, TypeError, AttributeError, ArithmeticError):
            raise _no_such_page() from None
        if of != self.said:
            raise _no_such_page()
        return found


def order_of(resource: Resource[M], said: str, known: dict[str, Attribute]) -> Order[M]:
    """Read ``-total,number``: several columns, each with ``-`` in front for descending."""
    wanted = (said or default_sort(resource)).split(",")
    names = [one.removeprefix("-") for one in wanted]
    unknown = [one for one in names if one not in known]
    if unknown or len(set(names)) != len(names) or len(names) > DEEPEST:
        raise BadInputError(
            _("This list knows no such filter or order."),
            fields={"sort": _("This is not expected here.")},
        )
    keys = [Key(known[one.removeprefix("-")], one.startswith("-")) for one in wanted]
    return Order(resource, said, (*keys, Key(resource.id, keys[-1].falling)))


def default_sort(resource: Resource[M]) -> str:
    """Give the order of a list that nobody asked to order."""
    return f"{'-' if resource.descending else ''}{resource.order_by.key}"


def _sorted(query: Select[Any], keys: Sequence[Key], *, gathered: bool = False) -> Select[Any]:
    # No index has the value of a function: what was found is sorted.
    columns = [
        func.coalesce(one.attribute, one.attribute) if gathered else one.attribute for one in keys
    ]
    pairs = zip(columns, keys, strict=True)
    return query.order_by(
        *(column.desc() if one.falling else column.asc() for column, one in pairs)
    )


def _beyond(run: Sequence[Key], place: dict[Attribute, object]) -> Any:
    here = tuple_(*(one.attribute for one in run))
    there = tuple_(*(_bound(one, place) for one in run))
    return here < there if run[0].falling else here > there


def _bound(one: Key, place: dict[Attribute, object]) -> Any:
    return literal(place[one.attribute], one.attribute.type)


def _no_such_page() -> BadInputError:
    return BadInputError(
        _("That page of the list does not exist. Open the list again."),
        fields={"after": _("This value is not valid.")},
    )


def _typed(order: Attribute, value: Any) -> object:
    kind = order.type
    if isinstance(kind, Scaled):
        kind.steps(found := Decimal(value))
        return found
    if isinstance(kind, Instant):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("a moment has a zone")
        return moment
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, Boolean | Integer):
        if not -_LARGEST <= int(value) < _LARGEST:
            raise OverflowError("no column holds that number")
        return int(value)
    if "\0" in value:
        raise ValueError("no text that a database keeps")
    return UUID(value) if kind.python_type is UUID else str(value)

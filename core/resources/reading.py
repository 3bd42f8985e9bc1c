"""What may be seen: one scoped query for screen, export and API, paged by key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, Generic
from uuid import UUID

from sqlalchemy import Boolean, Select, and_, false, func, select

from core.addons.parts import Permission
from core.db.types import Instant
from core.errors import BadInputError, NotFoundError
from core.i18n import _
from core.resources.declaration import (
    Attribute,
    Belongs,
    Choice,
    Column,
    Filter,
    M,
    Period,
    Resource,
)
from core.resources.ordering import order_of
from core.resources.periods import PERIODS, days_of, start_of
from core.search.services import WordSearch
from core.tenancy import TenantSession

#: Rows of a page.
PAGE: Final = 50
#: Counting further costs more than it tells.
CAP: Final = 1000
#: Rows that are added up at most: over it, a sum would cost more than it tells.
SUMMED: Final = 10_000
#: Rows that an export reads at once.
CHUNK: Final = 500
#: Words that a search looks at.
LONGEST_SEARCH: Final = 200


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody may see and change records (None: everywhere), and what else they hold."""

    read: frozenset[UUID] | None
    write: frozenset[UUID] | None
    can: Callable[[Permission], bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for.

    ``sort`` names columns, with commas between and ``-`` in front for descending; ``of`` names the
    document (sources, id) that caused the records; ``start`` only says how many came before this
    page. ``today`` and ``zone`` say what a period such as "this month" means. ``columns`` are those
    to show, in order; ``view`` is the saved view that the question comes from.
    """

    search: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    after: str = ""
    before: str = ""
    archived: bool = False
    of: str = ""
    start: int = 1
    exact: bool = False
    columns: tuple[str, ...] = ()
    view: str = ""
    today: date = date.min
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Found(Generic[M]):
    """One page of records, how many there are up to the cap, and the keys beside it."""

    records: Sequence[M]
    total: int
    capped: bool
    next: str = ""
    previous: str = ""


def visible_columns(resource: Resource[M], reach: Reach) -> tuple[Column[M], ...]:
    """Give the columns that exist for whoever asks."""
    return tuple(
        column
        for column in resource.columns
        if column.permission is None or reach.can(column.permission)
    )


def visible_filters(resource: Resource[M], reach: Reach) -> tuple[Filter, ...]:
    """Give the filters that tell nothing about a hidden column."""
    seen = {column.name for column in visible_columns(resource, reach)}
    hidden = {column.name for column in resource.columns} - seen
    return tuple(one for one in resource.filters if one.attribute.key not in hidden)


def sortable(resource: Resource[M], reach: Reach) -> dict[str, Attribute]:
    """Give what the list may be ordered by, for whoever asks."""
    found = {str(resource.order_by.key): resource.order_by}
    for column in visible_columns(resource, reach):
        if column.sort and column.attribute is not None:
            found[column.name] = column.attribute
    return found


def find(resource: Resource[M], session: TenantSession, reach: Reach, key: UUID) -> M:
    """Give one record; another business's, or another establishment's, does not exist."""
    query = _readable(resource, reach).where(resource.id == key)
    record = session.scalars(query).first()
    if record is None:
        raise not_found()
    return record


def not_found() -> NotFoundError:
    """Give the one answer to a record that is missing and one that is somebody else's."""
    return NotFoundError(_("This record does not exist."))


def matching_records(resource: Resource[M], reach: Reach, asked: Asked) -> Select[M]:
    """Give the records that whoever asks may see and asked for, in no order."""
    query = _readable(resource, reach)
    if asked.search.strip() and resource.search is not None:
        query = query.where(resource.search(asked.search[:LONGEST_SEARCH]))
    known = {str(one.attribute.key): one for one in visible_filters(resource, reach)}
    for name, said in asked.filters.items():
        query = _filtered(query, known, name, said, asked)
    if resource.is_archivable:
        archived: Attribute = resource.model.archived_at  # type: ignore[attr-defined]
        query = query.where(archived.is_not(None) if asked.archived else archived.is_(None))
    if asked.of:
        query = _caused(resource, query, asked.of)
    return query


def read_page(
    resource: Resource[M], session: TenantSession, reach: Reach, asked: Asked, *, size: int = PAGE
) -> Found[M]:
    """Give one page by key, forwards or backwards, with the capped count."""
    query = matching_records(resource, reach, asked)
    order = order_of(resource, asked.sort, sortable(resource, reach))
    backwards = bool(asked.before)
    total = _count(resource, session, query, exact=asked.exact)
    cursor = asked.before or asked.after
    rows: list[M] = []
    is_searched = bool(asked.search.strip()) and isinstance(resource.search, WordSearch)
    if is_searched and isinstance(resource.search, WordSearch) and total > CAP:
        listed = matching_records(resource, reach, replace(asked, search=""))
        alone = listed.where(resource.search.one_by_one(asked.search[:LONGEST_SEARCH]))
        rows = order.walk(session, listed, alone, cursor, size + 1, backwards=backwards)
    if not rows:
        page = order.page(query, cursor, size + 1, backwards=backwards, gathered=is_searched)
        rows = list(session.scalars(page))
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_next = more if not backwards else True
    has_previous = more if backwards else bool(asked.after)
    return Found(
        records=rows,
        total=total if asked.exact else min(total, CAP),
        capped=total > CAP and not asked.exact,
        next=order.cursor(rows[-1]) if rows and has_next else "",
        previous=order.cursor(rows[0]) if rows and has_previous else "",
    )


def read_all(
    resource: Resource[M], session: TenantSession, reach: Reach, asked: Asked
) -> Iterator[Sequence[M]]:
    """Give every matching record in chunks; each chunk reads its own snapshot."""
    order = order_of(resource, asked.sort, sortable(resource, reach))
    query = matching_records(resource, reach, asked)
    cursor = ""
    while True:
        rows = session.scalars(order.page(query, cursor, CHUNK)).all()
        if rows:
            yield rows
        if len(rows) < CHUNK:
            return
        cursor = order.cursor(rows[-1])


def summed(
    resource: Resource[M], session: TenantSession, reach: Reach, asked: Asked
) -> list[tuple[Column[M], object]]:
    """Add up the columns that are, over all that the list finds; None over the cap."""
    query = matching_records(resource, reach, asked)
    found: list[tuple[Column[M], object]] = []
    for column in visible_columns(resource, reach):
        if not column.sum or column.attribute is None:
            continue
        value = column.attribute.label("value")
        several = query.with_only_columns(value).limit(SUMMED + 1).subquery()
        count, total = session.execute(
            select(func.count(), func.sum(several.c.value)).select_from(several)
        ).one()
        found.append((column, total if count <= SUMMED else None))
    return found


def names_for(
    session: TenantSession, columns: Sequence[Column[M]], records: Sequence[M]
) -> dict[str, Mapping[UUID, object]]:
    """Give what the columns of these records show beyond them, one query per column."""
    found: dict[str, Mapping[UUID, object]] = {}
    for column in columns:
        if column.load is not None:
            found[column.name] = column.load(session, [record.id for record in records])
        if column.names is not None:
            values = (column.value(record) for record in records)
            ids = {one for one in values if isinstance(one, UUID)}
            found[column.name] = column.names(session, ids) if ids else {}
    return found


def _count(resource: Resource[M], session: TenantSession, query: Select[M], *, exact: bool) -> int:
    inner = query.with_only_columns(resource.id)
    counted = (inner if exact else inner.limit(CAP + 1)).subquery()
    return session.scalar(select(func.count()).select_from(counted)) or 0


def without_place(asked: Asked) -> Asked:
    """Give the same question from its first page."""
    return replace(asked, after="", before="", start=1)


def _readable(resource: Resource[M], reach: Reach) -> Select[M]:
    query = select(resource.model)
    if resource.establishment is None or reach.read is None:
        return query
    return query.where(resource.establishment.in_(reach.read) if reach.read else false())


def _filtered(
    query: Select[M], known: Mapping[str, Filter], name: str, said: str, asked: Asked
) -> Select[M]:
    bare = name.removesuffix("_from").removesuffix("_to")
    one = known.get(name) or known.get(bare)
    if one is None or (not isinstance(one, Period) and name != str(one.attribute.key)):
        raise _unknown(name)
    if isinstance(one, Choice):
        if said not in one.options:
            raise BadInputError(
                _("Choose one of the values of the filter."), fields={name: _("Unknown value.")}
            )
        kind = one.attribute.type
        return query.where(one.attribute == (said == "true" if isinstance(kind, Boolean) else said))
    if isinstance(one, Belongs):
        try:
            return query.where(one.attribute == UUID(said))
        except ValueError:
            return query.where(false())
    return _within(query, one, name, said, asked)


def _within(query: Select[M], one: Period, name: str, said: str, asked: Asked) -> Select[M]:
    """Keep what is from a day on, up to a day, or in a period such as this month."""
    if name == str(one.attribute.key):
        if said not in PERIODS:
            text = _("Choose one of the values of the filter.")
            raise BadInputError(text, fields={name: text})
        first, last = days_of(said, asked.today)
        return _days(query, one.attribute, first, last, asked.zone)
    try:
        day = date.fromisoformat(said)
    except ValueError:
        text = _("This is not a date; write it as 2026-11-21.")
        raise BadInputError(text, fields={name: text}) from None
    if name.endswith("_from"):
        return _days(query, one.attribute, day, None, asked.zone)
    return _days(query, one.attribute, None, day, asked.zone)


def _days(
    query: Select[M], attribute: Attribute, first: date | None, last: date | None, zone: str
) -> Select[M]:
    moments = isinstance(attribute.type, Instant)
    if first is not None:
        query = query.where(attribute >= (start_of(first, zone) if moments else first))
    if last is not None and moments:
        query = query.where(attribute < start_of(last + timedelta(days=1), zone))
    elif last is not None:
        query = query.where(attribute <= last)
    return query


def _caused(resource: Resource[M], query: Select[M], of: str) -> Select[M]:
    names, _colon, said = of.partition(":")
    if resource.caused_by is None:
        raise _unknown("of")
    try:
        key = UUID(said)
    except ValueError:
        return query.where(false())
    source, source_id = resource.caused_by
    return query.where(and_(source.in_(names.split(",")), source_id == key))


def _unknown(name: str) -> BadInputError:
    return BadInputError(
        _("This list knows no such filter or order."),
        fields={name: _("This is not expected here.")},
    )

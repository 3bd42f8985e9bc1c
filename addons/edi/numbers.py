"""Which range gives the next number, and what forbids to take it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import select

from addons.edi.errors import (
    NoRangeError,
    RangeExhaustedError,
    RangeExpiredError,
    RangeNotYetValidError,
)
from addons.edi.formats import RangeFacts
from addons.edi.models import NumberRange
from core.db.plan import Lock, Values, table_of
from core.i18n import _
from core.i18n.formats import day as written_day
from core.sale import NumberSource

if TYPE_CHECKING:
    from core.errors import PlatformError
    from core.tenancy import TenantSession

#: So near its end, a range is looked at anew for every sale: another process may have ended it.
NEAR_THE_END: Final = 100

_range = table_of(NumberRange)
_READ: Final = ("next_number", "first", "last", "valid_from", "valid_to", "prefix", "archived_at")

#: The highest number that this process saw of each range. It only ever grows, so it is no cache
#: that could be wrong: at worst a range that ended is found out by its locked row.
_seen: Final[dict[tuple[UUID, UUID], int]] = {}


def number_source(tenant_uid: UUID, numbers: RangeFacts) -> NumberSource:
    """Give where the numbers of a range come from: its row, locked while one is taken."""
    lock = Lock(_range, (("id", numbers.id),), _READ)
    key = tenant_uid, numbers.id

    def take(row: Values, now: datetime) -> int:
        _seen[key] = max(_seen.get(key, 0), row["next_number"])
        return take_number(row, now.date())

    return NumberSource(lock, numbers.prefix, take)


def take_number(row: Values, day: date) -> int:
    """Give the next number of a locked range, or refuse; nothing is used up by a refusal.

    ``day`` is the calendar day where it is issued; the authorisation covers whole days, both ends
    included (Resolución Única 000227 of 2025, numbering authorisation).
    """
    if row["archived_at"] is not None:
        raise NoRangeError(_("The numbering {prefix} was put away.", prefix=row["prefix"]))
    if row["next_number"] > row["last"]:
        raise _exhausted(row["prefix"], row["last"])
    if day < row["valid_from"]:
        raise _not_yet(row["prefix"], row["valid_from"])
    if day > row["valid_to"]:
        raise _expired(row["prefix"], row["valid_to"])
    number: int = row["next_number"]
    return number


def choose_range(session: TenantSession, candidates: Sequence[RangeFacts], day: date) -> RangeFacts:
    """Give the range whose number is next; refuse in the words of the one that comes nearest.

    ``candidates`` are those of one issuer, place and mode, a till's own before the common ones.
    """
    fitting = [found for found in candidates if found.valid_on(day)]
    following = _following(session, fitting)
    for found in fitting:
        if following[found.id] <= found.last:
            return found
    raise _refusal(candidates, fitting, day)


def candidates_for(
    ranges: Iterable[RangeFacts],
    *,
    format_name: str,
    environment: str,
    establishment_id: UUID,
    till_id: UUID | None,
    mode: str,
) -> list[RangeFacts]:
    """Give the ranges a document may be numbered from, a till's own before the common ones."""
    found = [
        known
        for known in ranges
        if known.format == format_name
        and known.environment == environment
        and known.establishment_id == establishment_id
        and known.till_id in {None, till_id}
        and known.mode == mode
        and known.owner == "server"
    ]
    return sorted(found, key=lambda known: known.till_id is None)


def _following(session: TenantSession, ranges: Sequence[RangeFacts]) -> dict[UUID, int]:
    uid = session.tenant.uid
    known = {r.id: max(r.next_number, _seen.get((uid, r.id), 0)) for r in ranges}
    near = [r.id for r in ranges if known[r.id] > r.last - NEAR_THE_END]
    if near:
        query = select(NumberRange.id, NumberRange.next_number).where(NumberRange.id.in_(near))
        known |= {row.id: row.next_number for row in session.execute(query)}
    return known


def _refusal(
    candidates: Sequence[RangeFacts], fitting: Sequence[RangeFacts], day: date
) -> PlatformError:
    if fitting:
        return _exhausted(fitting[-1].prefix, fitting[-1].last)
    past = [found for found in candidates if found.valid_to < day]
    if past:
        latest = max(past, key=lambda found: found.valid_to)
        return _expired(latest.prefix, latest.valid_to)
    if candidates:
        return _not_yet(candidates[0].prefix, candidates[0].valid_from)
    return NoRangeError(
        _(
            "There is no numbering for this till. Ask the authority for a range"
            " and add it in Electronic documents."
        )
    )


def _exhausted(prefix: str, last: int) -> RangeExhaustedError:
    return RangeExhaustedError(
        _(
            "The numbering {prefix} ended at {last}. Ask the authority for another range"
            " and add it in Electronic documents.",
            prefix=prefix,
            last=last,
        )
    )


def _expired(prefix: str, ended: date) -> RangeExpiredError:
    return RangeExpiredError(
        _(
            "The authorisation of the numbering {prefix} ended on {day}."
            " Renew it with the authority and add the new range.",
            prefix=prefix,
            day=written_day(ended),
        )
    )


def _not_yet(prefix: str, starts: date) -> RangeNotYetValidError:
    return RangeNotYetValidError(
        _(
            "The numbering {prefix} may be used from {day} on.",
            prefix=prefix,
            day=written_day(starts),
        )
    )

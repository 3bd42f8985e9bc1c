"""Every number of a range is used, void, or missing since a moment."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import func, select

from addons.edi.errors import BadRangeError, DocumentStateError, NumberUsedError
from addons.edi.models import Document, NumberEvent, NumberRange
from addons.edi.standing import hold_document
from core.audit.services import record
from core.i18n import _
from core.tenancy import Establishment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.tenancy import TenantSession

#: A number may be missing for so long before it is an alarm: a till may still be offline.
MISSING_ALARM: Final = timedelta(hours=24)


def void_number(session: TenantSession, range_id: UUID, number: int, reason: str) -> NumberEvent:
    """Say that a number of a range stays unused for ever, and why.

    Refused for a number that a document has, one that was not reached yet, and without a reason.
    Voiding it again changes nothing.
    """
    held = select(NumberRange).where(NumberRange.id == range_id).with_for_update()
    row = session.scalars(held).one_or_none()
    if row is None or not row.first <= number < row.next_number:
        raise BadRangeError(_("This number was not taken yet, or is not of this range."))
    if not reason.strip():
        text = _("Say why the number stays unused.")
        raise BadRangeError(text, fields={"reason": text})
    used = select(Document.id).where(Document.range_id == range_id, Document.number == number)
    if session.scalar(used) is not None:
        raise NumberUsedError(
            _("The number {number} is used already.", number=f"{row.prefix}{number}")
        )
    return _event(session, row, number, "void", reason.strip())


def void_document(session: TenantSession, document_id: UUID, reason: str) -> NumberEvent:
    """Give up a rejected document: its number stays void and no next version is issued.

    For a number that the authority holds for somebody else. Refused unless it was rejected.
    """
    document = hold_document(session, document_id)
    if document.state != "rejected" or document.range_id is None:
        raise DocumentStateError(_("Only a rejected document is given up."))
    if not reason.strip():
        text = _("Say why the number stays unused.")
        raise BadRangeError(text, fields={"reason": text})
    row = session.scalars(select(NumberRange).where(NumberRange.id == document.range_id)).one()
    document.state = "void"
    return _event(session, row, document.number, "void", reason.strip())


def missing_numbers(session: TenantSession, numbers: NumberRange) -> list[int]:
    """List the numbers of a range that were passed and are neither used nor void.

    Counts first: a range of a million numbers without a gap costs two index scans.
    """
    taken = select(Document.number).where(Document.range_id == numbers.id)
    void = select(NumberEvent.number).where(
        NumberEvent.range_id == numbers.id, NumberEvent.kind == "void"
    )
    used = session.execute(
        select(func.min(Document.number), func.count()).where(Document.range_id == numbers.id)
    ).one()
    if used[0] is None:
        return []
    start: int = used[0]
    given_up = {number for number in session.scalars(void) if number >= start}
    # A document that was given up has both a row and an event.
    both = select(func.count()).where(Document.range_id == numbers.id, Document.state == "void")
    accounted = used[1] + len(given_up) - (session.scalar(both) or 0)
    if accounted == numbers.next_number - start:
        return []
    known = {*session.scalars(taken), *given_up}
    return [number for number in range(start, numbers.next_number) if number not in known]


def note_missing_numbers(session: TenantSession) -> int:
    """Write down since when numbers are missing; give how many were noted now."""
    noted = 0
    for row in session.scalars(select(NumberRange)):
        known = select(NumberEvent.number).where(
            NumberEvent.range_id == row.id, NumberEvent.kind == "missing"
        )
        before = set(session.scalars(known))
        for number in missing_numbers(session, row):
            if number not in before:
                _event(session, row, number, "missing", "")
                noted += 1
    return noted


def missing_since(session: TenantSession) -> Sequence[tuple[str, datetime]]:
    """List the numbers that are missing for longer than allowed, with since when."""
    late = session.clock.now() - MISSING_ALARM
    found = []
    for row in session.scalars(select(NumberRange)):
        missing = missing_numbers(session, row)
        if not missing:
            continue
        events = session.scalars(
            select(NumberEvent).where(
                NumberEvent.range_id == row.id,
                NumberEvent.kind == "missing",
                NumberEvent.number.in_(missing),
                NumberEvent.occurred_at <= late,
            )
        )
        found += [(f"{row.prefix}{event.number}", event.occurred_at) for event in events]
    return found


def _event(
    session: TenantSession, row: NumberRange, number: int, kind: str, reason: str
) -> NumberEvent:
    known = session.scalars(
        select(NumberEvent).where(
            NumberEvent.range_id == row.id,
            NumberEvent.number == number,
            NumberEvent.kind == kind,
        )
    ).one_or_none()
    if known is not None:
        return known
    place = session.scalars(
        select(Establishment).where(Establishment.id == row.establishment_id)
    ).one()
    now = session.clock.now()
    event = NumberEvent(
        range_id=row.id,
        number=number,
        kind=kind,
        reason=reason,
        occurred_at=now,
        business_date=place.business_date(now),
    )
    session.add(event)
    session.flush()
    action = f"edi.number.{kind}"
    record(session, action, "edi.range", row.id, number=f"{row.prefix}{number}", reason=reason)
    return event

"""The verbs of reminders: they take a session and flush, they never commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import or_, select

from addons.reminders.models import Reminder, Sent
from addons.reminders.rules import is_time
from core.addons.parts import Event
from core.events.publish import publish
from core.i18n import LazyText, _
from core.resources import Command, Exact, Input
from core.search.services import index_record
from core.tenancy import Establishment, TenantSession

#: Name of reminders in the search words.
RESOURCE: Final = "reminders.reminders"
DUE: Final = "reminders.due.v1"
#: Work of the outside world waits apart from everything else.
QUEUE: Final = "reminders"
KINDS: Final[Mapping[str, LazyText]] = {"document": _("Document"), "payment": _("Payment")}
#: As many at once; the next turn takes the rest.
_SLICE: Final = 200
_LONGEST: Final = 90


class ReminderIn(Command):
    """What may be written of a reminder."""

    kind: Annotated[Literal["document", "payment"], Input(_("Kind"), options=KINDS)] = "payment"
    title: Annotated[str, Field(min_length=1, max_length=120), Input(_("What"), wide=True)]
    due_on: Annotated[date, Input(_("Falls due"))]
    days_before: Annotated[int, Field(ge=0, le=_LONGEST), Input(_("Days before"))] = 3
    amount: Annotated[
        Exact, Field(ge=0, max_digits=14, decimal_places=2), Input(_("Amount"), "money")
    ] = Decimal(0)
    email: Annotated[
        str,
        Field(max_length=254, pattern=r"^([^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+)?$"),
        Input(_("E-mail of whom to remind"), "email"),
    ] = ""


def add_reminder(session: TenantSession, command: ReminderIn) -> Reminder:
    """Write a reminder."""
    made = Reminder(**dict(command))
    session.add(made)
    session.flush()
    index_record(session, RESOURCE, made.id, (made.title,))
    return made


def change_reminder(session: TenantSession, reminder: Reminder, command: ReminderIn) -> Reminder:
    """Make a reminder what the command says; another day is announced again."""
    for name, value in command:
        setattr(reminder, name, value)
    session.flush()
    index_record(session, RESOURCE, reminder.id, (reminder.title,))
    return reminder


def announce_due(session: TenantSession) -> int:
    """Publish what falls due soon, each reminder once per due day; give how many.

    The mark and the event are of one transaction: neither is there without the other.
    """
    main = session.scalars(select(Establishment).order_by(Establishment.code).limit(1)).one()
    today = main.business_date(session.clock.now())
    query = (
        select(Reminder)
        .where(
            Reminder.archived_at.is_(None),
            Reminder.due_on <= today + timedelta(days=_LONGEST),
            or_(Reminder.announced_for.is_(None), Reminder.announced_for != Reminder.due_on),
        )
        .order_by(Reminder.due_on, Reminder.id)
    )
    due = [one for one in session.scalars(query) if is_time(one.due_on, one.days_before, today)]
    for reminder in due[:_SLICE]:
        reminder.announced_for = reminder.due_on
        publish(session, Event(DUE, _told(reminder), queue=QUEUE))
    session.flush()
    return min(len(due), _SLICE)


def was_sent(session: TenantSession, event_id: UUID, channel: str) -> bool:
    """Tell whether an announcement went out on a channel."""
    query = select(Sent.id).where(Sent.event_id == event_id, Sent.channel == channel)
    return session.scalars(query).first() is not None


def note_sent(session: TenantSession, event_id: UUID, channel: str) -> None:
    """Remember that it did; again changes nothing."""
    if not was_sent(session, event_id, channel):
        session.add(Sent(event_id=event_id, channel=channel, sent_at=session.clock.now()))
        session.flush()


def _told(reminder: Reminder) -> dict[str, str]:
    return {
        "reminder": str(reminder.id),
        "kind": reminder.kind,
        "title": reminder.title,
        "due_on": reminder.due_on.isoformat(),
        "amount": f"{reminder.amount:f}",
        "email": reminder.email,
    }

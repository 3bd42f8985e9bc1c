"""Days as people mean them: today, this month, the last thirty days, where the business is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.i18n import LazyText, _
from core.tenancy import Establishment, TenantSession

#: What a filter of days takes besides two days.
PERIODS: Final[Mapping[str, LazyText]] = {
    "today": _("Today"),
    "week": _("This week"),
    "month": _("This month"),
    "last30": _("Last 30 days"),
    "year": _("This year"),
}


def days_of(period: str, today: date) -> tuple[date, date]:
    """Give the first and the last day of a period; a week begins on Monday."""
    if period == "week":
        start = today - timedelta(days=today.weekday())
        return start, start + timedelta(days=6)
    if period == "month":
        following = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
        return today.replace(day=1), following - timedelta(days=1)
    if period == "last30":
        return today - timedelta(days=29), today
    if period == "year":
        return today.replace(month=1, day=1), today.replace(month=12, day=31)
    return today, today


def today_of(session: TenantSession) -> tuple[date, str]:
    """Give the day it is at the first establishment of the business, and its zone."""
    query = select(Establishment).order_by(Establishment.code).limit(1)
    place = session.scalars(query).first()
    now = session.clock.now()
    if place is None:
        return now.date(), "UTC"
    return now.astimezone(ZoneInfo(place.zone)).date(), place.zone


def start_of(day: date, zone: str) -> datetime:
    """Give the moment at which a day begins in a zone."""
    return datetime.combine(day, time(), ZoneInfo(zone))

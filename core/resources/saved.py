"""Saved views of lists, own and shared, and the columns that each person sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select

from core.audit.services import record as audit
from core.errors import BadInputError
from core.i18n import _
from core.resources.declaration import M, Resource
from core.resources.models import ListView
from core.resources.ordering import order_of
from core.resources.reading import (
    Asked,
    Reach,
    matching_records,
    not_found,
    sortable,
    visible_columns,
)
from core.tenancy import TenantSession

#: Views of one list that one person keeps.
MOST: Final = 20
LONGEST: Final = 60
#: Whether "this month" means something does not depend on the day.
_ANY_DAY: Final = date(2000, 1, 3)
_PLAIN: Final = frozenset({"q", "archived"})


def views_of(resource: Resource[M], session: TenantSession) -> Sequence[ListView]:
    """Give the views that whoever asks sees, shared ones first, and their usual columns."""
    query = (
        select(ListView)
        .where(
            ListView.resource == resource.name,
            or_(ListView.user_id == session.user_id, ListView.shared.is_(True)),
        )
        .order_by(ListView.shared.desc(), ListView.title, ListView.id)
    )
    return session.scalars(query).all()


def save_view(
    resource: Resource[M],
    session: TenantSession,
    title: str,
    query: Mapping[str, str],
    columns: Iterable[str],
    *,
    shared: bool,
) -> ListView:
    """Keep a question under a name; the same name of the same person is replaced."""
    named = title.strip()
    if not named or len(named) > LONGEST:
        text = _("Write a name of at most {most} characters.", most=LONGEST)
        raise BadInputError(text, fields={"title": text})
    own = [one for one in views_of(resource, session) if one.user_id == session.user_id]
    found = next((one for one in own if one.title == named), None)
    if found is None and len(own) >= MOST:
        raise BadInputError(_("You have {most} views of this list. Remove one.", most=MOST))
    return _keep(resource, session, found, named, query, columns, shared=shared)


def keep_columns(resource: Resource[M], session: TenantSession, columns: Iterable[str]) -> None:
    """Keep which columns somebody sees, and in which order; none means all."""
    found = next(
        (
            one
            for one in views_of(resource, session)
            if not one.title and one.user_id == session.user_id
        ),
        None,
    )
    _keep(resource, session, found, "", {}, columns, shared=False)


def remove_view(resource: Resource[M], session: TenantSession, key: UUID) -> None:
    """Remove an own view; anybody else's, shared or not, does not exist for this."""
    found = session.get(ListView, (session.tenant_id, key))
    if found is None or found.resource != resource.name or found.user_id != session.user_id:
        raise not_found()
    audit(session, "core.list_view.remove", "core.list_view", found.id, title=found.title)
    session.delete(found)
    session.flush()


def usable_query(resource: Resource[M], reach: Reach, said: Any) -> dict[str, str]:
    """Give what of a kept question still means something: the rest is dropped, not refused."""
    if not isinstance(said, dict):
        return {}
    texts = {name: text for name, text in said.items() if isinstance(text, str) and text}
    return {name: text for name, text in texts.items() if _means(resource, reach, name, text)}


def _means(resource: Resource[M], reach: Reach, name: str, text: str) -> bool:
    if name in _PLAIN:
        return True
    try:
        if name == "sort":
            order_of(resource, text, sortable(resource, reach))
        else:
            matching_records(resource, reach, Asked(filters={name: text}, today=_ANY_DAY))
    except BadInputError:
        return False
    return True


def usable_columns(resource: Resource[M], reach: Reach, said: Any) -> tuple[str, ...]:
    """Give which of kept columns still exist for whoever asks."""
    known = [one.name for one in visible_columns(resource, reach)]
    kept = [one for one in said if one in known] if isinstance(said, list | tuple) else []
    return tuple(dict.fromkeys(kept))


def _keep(  # noqa: PLR0913 - all by name but the three that every caller gives
    resource: Resource[M],
    session: TenantSession,
    found: ListView | None,
    title: str,
    query: Mapping[str, str],
    columns: Iterable[str],
    *,
    shared: bool,
) -> ListView:
    if session.user_id is None:
        raise not_found()
    view = found or ListView(resource=resource.name, user_id=session.user_id, title=title)
    view.query, view.columns, view.shared = dict(query), list(columns), shared
    session.add(view)
    session.flush()
    if title:
        audit(session, "core.list_view.save", "core.list_view", view.id, title=title)
    return view

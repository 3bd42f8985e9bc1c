"""A record and its lines are one: changing a line moves the version of the record.

Lines are the rows of ``one_to_many(…, owned=True)``. However much of a record and its lines
changes, its version moves once per transaction, whoever writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import InstanceState, Session, SessionTransaction
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE
from sqlalchemy.orm.interfaces import MANYTOONE

from core.db.base import Versioned
from core.db.relations import OWNED, owners_of

if TYPE_CHECKING:
    from core.tenancy.session import TenantSession

_MOVED: Final = "guadua_moved"
#: A record: its class and its key within the business.
_Key = tuple[type[Any], UUID]


def move_versions(session: TenantSession, *_: object) -> None:
    """Count up the version of every record that this flush changes, itself or a line of it."""
    for root in list(_changed_roots(session)):
        key = (type(root), root.id)
        state: InstanceState[Any] = inspect(root)
        if key in _moved(session) or root in session.new or root in session.deleted:
            continue
        if not state.attrs["version"].history.has_changes():
            root.version += 1
        _remember(session, key)


def forget_undone(session: Session, undone: SessionTransaction) -> None:
    """Forget what was counted in a savepoint that is undone."""
    known = _moved(session)
    for key in [key for key, counted in known.items() if undone in counted]:
        del known[key]


def hand_over(session: Session, ended: SessionTransaction) -> None:
    """Let what a savepoint counted be undone with the transaction around it, and end with it."""
    known = _moved(session)
    if ended.parent is None:
        known.clear()
        return
    for counted in known.values():
        if ended in counted:
            counted.add(ended.parent)


def _changed_roots(session: TenantSession) -> Iterator[Any]:
    seen: set[int] = set()
    for row in (*session.new, *session.deleted, *session.dirty):
        # Only lines say of themselves that they are new or gone; a record is changed.
        changed = row in session.new or row in session.deleted or _is_changed(row)
        for root in _roots(session, row) if changed else ():
            if id(root) not in seen:
                seen.add(id(root))
                yield root


def _roots(session: TenantSession, row: Any) -> Iterable[Any]:
    """Give the record that a row is a line of, over any number of levels; or the row itself."""
    if isinstance(row, Versioned):
        yield row
    for parent, key in owners_of(type(row)):
        history = inspect(row).attrs[key].history
        for value in {*history.unchanged, *history.added, *history.deleted} - {None}:
            owner = session.get(parent, (session.tenant_id, value))
            if owner is not None:
                yield from _roots(session, owner)


def _is_changed(row: Any) -> bool:
    state: InstanceState[Any] = inspect(row)
    mapper = state.mapper
    if any(state.attrs[one.key].history.has_changes() for one in mapper.column_attrs):
        return True
    return any(
        state.get_history(one.key, PASSIVE_NO_INITIALIZE).has_changes()
        for one in mapper.relationships
        if one.direction is MANYTOONE or one.info.get(OWNED)
    )


def _moved(session: Session) -> dict[_Key, set[SessionTransaction]]:
    """Give what was counted in this transaction, each with where: undone there, undone here."""
    found: dict[_Key, set[SessionTransaction]] = session.info.setdefault(_MOVED, {})
    return found


def _remember(session: Session, key: _Key) -> None:
    here = session.get_nested_transaction() or session.get_transaction()
    if here is not None:
        _moved(session)[key] = {here}

"""What a process remembers of a business: keyed by its uid and by the epoch it was read at.

Every change of masters or settings bumps the epoch as its last statement before COMMIT; whoever
reads with another epoch starts anew. A sale never writes here, and there is no other cache of a
business's data.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import select, update

from core.db.scope import OWN_SQL
from core.tenancy.models import Epoch

if TYPE_CHECKING:
    from core.tenancy.session import TenantSession

T = TypeVar("T")

#: Businesses remembered by one process; the one not asked for longest is forgotten first.
BUSINESSES_KEPT: Final = 256

_BUMPS: Final = "guadua_bumps_epoch"
_lock: Final = Lock()
_memory: Final[OrderedDict[UUID, tuple[int, dict[str, Any]]]] = OrderedDict()


def cached(session: TenantSession, name: str, build: Callable[[], T]) -> T:
    """Give what ``build`` gave at this epoch; build it if nobody did."""
    memory = _of(session.tenant.uid, session.epoch)
    found: T
    if name in memory:
        found = memory[name]
        return found
    found = build()
    return memory.setdefault(name, found)  # type: ignore[no-any-return]


def read_epoch(session: TenantSession) -> int:
    """Ask the database for the epoch of the session's business."""
    query = select(Epoch.value).where(Epoch.tenant_id == session.tenant_id)
    return session.scalar(query, execution_options={OWN_SQL: True}) or 0


def bump_epoch(session: TenantSession) -> None:
    """Make every process forget, once this transaction commits."""
    session.info[_BUMPS] = True


def forget() -> None:
    """Forget everything, as a process that just started."""
    with _lock:
        _memory.clear()


def bump_before_commit(session: TenantSession) -> None:
    """Move the epoch if this transaction asked for it; its last statement before COMMIT."""
    # A savepoint that ends says "commit" as well.
    if session.in_nested_transaction() or not session.info.pop(_BUMPS, False):
        return
    session.flush()
    own = update(Epoch).where(Epoch.tenant_id == session.tenant_id)
    session.execute(
        own.values(value=Epoch.value + 1).execution_options(
            synchronize_session=False, **{OWN_SQL: True}
        )
    )


def forget_bump(session: TenantSession) -> None:
    """Leave the epoch where it is: the transaction that would move it was rolled back."""
    if not session.in_nested_transaction():
        session.info.pop(_BUMPS, None)


def _of(uid: UUID, epoch: int) -> dict[str, Any]:
    with _lock:
        known = _memory.get(uid)
        if known is None or known[0] < epoch:
            known = _memory[uid] = (epoch, {})
            while len(_memory) > BUSINESSES_KEPT:
                _memory.popitem(last=False)
        _memory.move_to_end(uid)
        # A reader that is late keeps its own older facts to itself.
        return known[1] if known[0] == epoch else {}

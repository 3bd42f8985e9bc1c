"""Units of work: a session with a beginning, one commit and an end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from uuid import UUID

from core.clock import Clock
from core.db.engine import Database
from core.tenancy.models import TenantRef
from core.tenancy.session import PlatformSession, TenantSession


@contextmanager
def tenant_unit(
    database: Database,
    tenant: TenantRef,
    clock: Clock,
    *,
    writes: bool,
    enabled: frozenset[str] = frozenset(),
    user_id: UUID | None = None,
) -> Iterator[TenantSession]:
    """Work for one business: commit at the end, roll back if the block raises.

    Say ``writes`` only when parsing, hashing and rendering are done: on SQLite it waits for the
    one write turn and holds it.
    """
    with database.writing() if writes else nullcontext():
        session = TenantSession(
            database, tenant=tenant, clock=clock, enabled=enabled, user_id=user_id, writes=writes
        )
        with session, session.begin():
            yield session


@contextmanager
def platform_unit(database: Database, clock: Clock, *, writes: bool) -> Iterator[PlatformSession]:
    """Work on what belongs to nobody; core only."""
    with database.writing() if writes else nullcontext():
        session = PlatformSession(database, clock=clock, writes=writes)
        with session, session.begin():
            yield session

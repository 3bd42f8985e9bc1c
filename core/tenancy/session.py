"""The session every request and every task works in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn
from uuid import UUID

from sqlalchemy import Connection, event, text
from sqlalchemy.orm import (
    FromStatement,
    ORMExecuteState,
    Session,
    SessionTransaction,
    with_loader_criteria,
)

from core.db.aggregate import forget_undone, hand_over, move_versions
from core.db.base import Posted
from core.db.scope import OWN_SQL, SCOPE
from core.tenancy.cache import bump_before_commit, forget_bump, read_epoch
from core.tenancy.errors import TenantError
from core.tenancy.models import OwnedByTenant, TenantBound, TenantRef
from core.tenancy.statements import refuse_giving_away, refuse_unfiltered

if TYPE_CHECKING:
    from core.clock import Clock
    from core.db.engine import Database

_SET_TENANT = text("SELECT set_config('app.tenant', :tenant, true)").execution_options(
    **{OWN_SQL: True}
)


class TenantSession(Session):
    """A session that reads and writes the rows of one business only.

    ``enabled`` names the addons that the business switched on; ``user_id`` is who acts, None for
    the platform itself. ``writes`` must be said before: on SQLite it takes the write lock.
    """

    def __init__(  # noqa: PLR0913 - all by name, and each is said by every caller
        self,
        database: Database,
        *,
        tenant: TenantRef,
        clock: Clock,
        enabled: frozenset[str] = frozenset(),
        user_id: UUID | None = None,
        writes: bool = False,
        epoch: int | None = None,
    ) -> None:
        super().__init__(database.engine_for(writes=writes), expire_on_commit=False)
        self.database = database
        self._epoch = epoch
        self.tenant = tenant
        self.tenant_id = tenant.id
        self.clock = clock
        self.enabled = enabled
        self.user_id = user_id
        self.writes = writes

    @property
    def epoch(self) -> int:
        """Tell at which epoch of the business's masters this session reads; asked once."""
        if self._epoch is None:
            self._epoch = read_epoch(self)
        return self._epoch

    @epoch.setter
    def epoch(self, value: int) -> None:
        self._epoch = value

    def connection(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Refuse: a bare connection knows no tenant."""
        raise TenantError("a tenant session hands out no connection")

    def bulk_insert_mappings(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Refuse: bulk writes skip the flush that checks the tenant."""
        raise TenantError("add objects to the session instead")

    bulk_save_objects = bulk_update_mappings = bulk_insert_mappings


class PlatformSession(Session):
    """A session for the tables that belong to nobody; only core opens one."""

    def __init__(self, database: Database, *, clock: Clock, writes: bool = False) -> None:
        super().__init__(database.engine_for(writes=writes), expire_on_commit=False)
        self.database = database
        self.clock = clock
        self.writes = writes


@event.listens_for(TenantSession, "after_begin")
def _say_which_tenant(
    session: TenantSession, transaction: SessionTransaction, connection: Connection
) -> None:
    if transaction.nested or transaction.parent is not None:
        return
    connection.execution_options(**{SCOPE: "tenant"})
    if connection.dialect.name == "postgresql":
        connection.execute(_SET_TENANT, {"tenant": str(session.tenant_id)})


event.listen(TenantSession, "after_soft_rollback", forget_undone)
event.listen(TenantSession, "after_transaction_end", hand_over)
event.listen(TenantSession, "before_commit", bump_before_commit)
event.listen(TenantSession, "after_rollback", forget_bump)


@event.listens_for(PlatformSession, "after_begin")
def _say_platform(
    _session: PlatformSession, transaction: SessionTransaction, connection: Connection
) -> None:
    if not transaction.nested and transaction.parent is None:
        connection.execution_options(**{SCOPE: "platform"})


@event.listens_for(TenantSession, "do_orm_execute")
def _only_own_rows(state: ORMExecuteState) -> None:
    session = state.session
    if not isinstance(session, TenantSession):
        raise TenantError("not a tenant session")
    if state.execution_options.get(OWN_SQL):
        return
    if not state.is_orm_statement or isinstance(state.statement, FromStatement):
        raise TenantError("raw SQL is not allowed in a tenant session")
    if state.is_insert:
        raise TenantError("add objects to the session; INSERT statements skip the tenant check")
    if state.is_update and state.parameters:
        raise TenantError("put values into the UPDATE; parameters beside it skip the tenant filter")
    if state.is_column_load:
        return
    if not state.is_relationship_load:
        refuse_unfiltered(state.statement)
        refuse_giving_away(state.statement)
    tenant_id = session.tenant_id
    state.statement = state.statement.options(
        with_loader_criteria(
            TenantBound, lambda cls: cls.tenant_id == tenant_id, include_aliases=True
        ),
        with_loader_criteria(
            OwnedByTenant, lambda cls: cls.tenant_id == tenant_id, include_aliases=True
        ),
    )


@event.listens_for(TenantSession, "before_flush")
def _stamp_new_rows(session: TenantSession, *_: object) -> None:
    if not session.writes and (session.new or session.dirty or session.deleted):
        raise TenantError("this unit of work was opened to read")
    for row in session.new:
        if isinstance(row, TenantBound) and row.tenant_id is None:
            row.tenant_id = session.tenant_id
        if isinstance(row, Posted):
            row.recorded_at = session.clock.now()
            row.recorded_by = session.user_id
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, TenantBound | OwnedByTenant) or row.tenant_id != session.tenant_id:
            raise TenantError("row belongs to another tenant", table=row.__class__.__name__)
    move_versions(session)

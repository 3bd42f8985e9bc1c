"""The one door for hot writes: lock, decide, write, commit, in at most three round trips."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final
from uuid import UUID

import orjson

from core.audit.services import audit_rows
from core.db import trace
from core.db.hot_postgresql import HotPostgres, hot_postgres
from core.db.hot_rows import by_table, stamp_of, together
from core.db.hot_sqlite import HotSqlite, hot_sqlite
from core.db.idempotency import Idempotency, IdempotencyConflictError
from core.db.plan import Answer, Decision, Lock, Locked, LockMissingError, Plan, Rows, merge_locks
from core.errors import ConflictError
from core.events.hints import Hint, announce
from core.events.publish import event_rows, hints_in
from core.i18n import _
from core.tenancy.errors import TenantError

if TYPE_CHECKING:
    from core.tenancy.session import TenantSession

#: How often a write is tried when the database chose it as the victim of a deadlock.
TRIES: Final = 4


class BusyError(ConflictError):
    """The rows stayed taken; nothing was written."""

    code: ClassVar[str] = "db.busy"
    http_status: ClassVar[int] = 503


class StaleFactsError(ConflictError):
    """Masters or settings changed twice while the write was being made."""

    code: ClassVar[str] = "db.stale_facts"


class IdTakenError(ConflictError):
    """A row's id, which the client made, is that of a row that is there already."""

    code: ClassVar[str] = "db.id_taken"


class _EpochMovedError(Exception):
    def __init__(self, epoch: int) -> None:
        super().__init__(epoch)
        self.epoch = epoch


def write_plan(uow: TenantSession, plan: Plan) -> Answer:
    """Make one hot write for the business of ``uow`` and commit it, or raise with nothing written.

    ``uow`` says who acts for whom; it must not have a transaction open, because the write opens
    its own. The same key and fingerprint answer what was answered before (``replayed``); the same
    key with another fingerprint raises ``IdempotencyConflictError``. When the epoch moved since
    the plan's facts were read, they are read again, once.
    """
    if uow.in_transaction():
        raise TenantError("a hot write opens its own transaction: end the session's first")
    try:
        return _persist(uow, plan)
    except _EpochMovedError as moved:
        fresh = plan.refresh(moved.epoch)
        uow.rollback()
        try:
            return _persist(uow, fresh)
        except _EpochMovedError as again:
            raise StaleFactsError(
                _("Prices or settings are being changed right now. Try again.")
            ) from again


def known_answer(uow: TenantSession, key: UUID, scope: str, fingerprint: bytes) -> Answer | None:
    """Give what a hot write answered before under ``key``; None when there was none.

    For a request that was refused before its plan was made: what could not be written any more may
    have been written already. The same key with another fingerprint raises
    ``IdempotencyConflictError``.
    """
    with uow.begin():
        known = uow.get(Idempotency, (uow.tenant_id, key))
        if known is None:
            return None
        _check_same(key, known.scope == scope and known.fingerprint == fingerprint)
        return Answer(known.answer, replayed=True)


def _persist(uow: TenantSession, plan: Plan) -> Answer:
    duplicate: Exception | None = None
    for _attempt in range(TRIES):
        try:
            with uow.database.writing(), _hot(uow) as hot:
                return _attempt_once(uow, plan, hot, duplicate)
        except HotPostgres.TRANSIENT:
            continue
        except (HotPostgres.DUPLICATE, HotSqlite.DUPLICATE) as error:
            # Another till wrote the same key at the same moment: its answer is ours. Anything
            # else that is not unique is unique still at the second try.
            if duplicate is None:
                duplicate = error
            elif HotPostgres.is_key(error) or HotSqlite.is_key(error):
                raise IdTakenError(
                    _("Part of this was saved before, under another number. Reload and check it.")
                ) from error
            else:
                raise
    raise BusyError(_("The system is very busy. Nothing was saved; try again."))


def _hot(uow: TenantSession) -> AbstractContextManager[HotPostgres | HotSqlite]:
    engine = uow.database.engine
    if uow.database.kind == "postgresql":
        return hot_postgres(engine, uow.tenant_id)
    return hot_sqlite(engine, uow.tenant_id)


def _attempt_once(
    uow: TenantSession, plan: Plan, hot: HotPostgres | HotSqlite, duplicate: Exception | None
) -> Answer:
    locks = merge_locks(plan.locks())
    held, epoch, known = hot.first_trip(locks, plan.key)
    if known is not None:
        return _replay(plan, *known)
    if duplicate is not None:
        raise duplicate
    if epoch != plan.epoch:
        raise _EpochMovedError(epoch)
    if missing := [lock for lock in locks if lock.identity not in held]:
        held |= hot.create_missing(_creatable(missing))
    now = uow.clock.now()
    trace.step("decide")
    decision = plan.decide(Locked(held, now))
    hints = _write(uow, plan, hot, decision, now)
    hot.commit()
    announce(hints)
    return Answer(decision.answer, replayed=False)


def _write(
    uow: TenantSession,
    plan: Plan,
    hot: HotPostgres | HotSqlite,
    decision: Decision,
    now: datetime,
) -> list[Hint]:
    stamp = stamp_of(uow.tenant_id, uow.user_id, now)
    for changes in together(decision.rows.updates):
        hot.update(changes)
    ours = _core_rows(plan, decision, now)
    for table, rows in by_table([*decision.rows.inserts, *ours]).items():
        hot.write(table, rows, stamp)
    return hints_in(uow.tenant_id, ours)


def _core_rows(plan: Plan, decision: Decision, now: datetime) -> list[Any]:
    answered: Any = Idempotency.__table__
    rows: Rows = decision.rows
    return [
        *audit_rows(rows.audit),
        *event_rows(rows.events, now),
        (
            answered,
            {
                "id": plan.key,
                "scope": plan.scope,
                "fingerprint": plan.fingerprint,
                "answer": decision.answer,
            },
        ),
    ]


def _replay(plan: Plan, scope: str, fingerprint: bytes, answer: str) -> Answer:
    _check_same(plan.key, scope == plan.scope and bytes(fingerprint) == plan.fingerprint)
    return Answer(orjson.loads(answer), replayed=True)


def _check_same(key: UUID, is_same: bool) -> None:
    if not is_same:
        raise IdempotencyConflictError(
            _("This was already saved with other contents. Reload and check before repeating."),
            key=str(key),
        )


def _creatable(missing: Sequence[Lock]) -> list[Lock]:
    for lock in missing:
        if lock.if_missing != "insert":
            raise LockMissingError(
                _("A record this operation needs is not there any more. Reload and try again."),
                table=lock.table.name,
            )
    return list(missing)

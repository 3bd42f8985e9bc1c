"""The engine guard: a connection says for whom it works before it runs a statement.

It catches what never passes through a session: a bare ``engine.connect()``, driver-level SQL, an
attempt to change the tenant of the transaction. Sessions mark their connection in ``after_begin``.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    ColumnClause,
    Connection,
    Engine,
    Table,
    TableClause,
    TextClause,
    event,
)
from sqlalchemy.sql.visitors import iterate

from core.db.platform_tables import PLATFORM_TABLES
from core.db.scope import OWN_SQL, SCOPE
from core.tenancy.errors import TenantError

__all__ = ["OWN_SQL", "SCOPE", "guard_engine", "refuse_other_tables"]

_FORBIDDEN: Final = ("app.tenant", "set_config")
#: Where a statement keeps text that is written into it as it is.
_WRITTEN: Final = ("_prefixes", "_suffixes", "_hints", "_statement_hints")


def guard_engine(engine: Engine) -> None:
    """Refuse statements without a scope, platform statements on tenant tables, and raw SQL."""

    @event.listens_for(engine, "before_execute")
    def _look_at_tables(
        connection: Connection, statement: Any, _many: Any, _params: Any, options: Any
    ) -> None:
        platform = connection.get_execution_options().get(SCOPE) == "platform"
        if platform and not options.get(OWN_SQL):
            refuse_other_tables(statement)

    @event.listens_for(engine, "before_cursor_execute")
    def _look_at_scope(
        connection: Connection, _cursor: Any, sql: str, _params: Any, context: Any, _many: bool
    ) -> None:
        options = context.execution_options if context is not None else {}
        if options.get(OWN_SQL):
            return
        if connection.get_execution_options().get(SCOPE) is None:
            raise TenantError("a connection without a session reaches no rows")
        if context is None or context.compiled is None:
            raise TenantError("raw SQL is not allowed: use mapped classes")
        if any(word in sql for word in _FORBIDDEN):
            raise TenantError("the tenant of a transaction never changes")


def refuse_other_tables(statement: Any) -> None:
    """Refuse what names anything but tables of ``PLATFORM_TABLES``, or holds SQL as text."""
    if isinstance(statement, str):
        raise TenantError("raw SQL is not allowed: use mapped classes")
    for part in iterate(statement):
        if (
            isinstance(part, TextClause)
            # The star of COUNT(*) is one.
            or (isinstance(part, ColumnClause) and part.is_literal and part.name != "*")
            or any(getattr(part, place, None) for place in _WRITTEN)
        ):
            raise TenantError("no SQL written as text reaches the platform's tables")
        if isinstance(part, TableClause) and not (
            isinstance(part, Table) and part.name in PLATFORM_TABLES
        ):
            raise TenantError(f"{part.name} belongs to a business: use its session")

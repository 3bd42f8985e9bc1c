"""The walls inside the database: row-level security, grants, posted rows, views for people.

Run after every migration by the owner of the tables; doing it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import Column, Connection, Table

from core.db.scope import is_tenant_bound
from core.db.types import Scaled

#: A row with these was posted: it is reversed, never changed.
_POSTED: Final = frozenset({"business_date", "occurred_at", "recorded_at"})

_REFUSE_CHANGE: Final = """
CREATE OR REPLACE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%% is never changed or deleted, only reversed', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$
"""

#: A number that the database mints needs a right of its own.
_GRANT_NUMBERS: Final = """
DO $$ DECLARE found text := pg_get_serial_sequence('{table}', '{column}'); BEGIN
  IF found IS NOT NULL THEN EXECUTE format('GRANT USAGE ON SEQUENCE %%s TO %%I', found, '{role}');
  END IF;
END $$
"""


def is_insert_only(table: Table) -> bool:
    """Tell whether rows of ``table`` are never changed: posted rows, audit, document versions."""
    declared: bool | None = table.info.get("insert_only")
    return set(table.columns.keys()) >= _POSTED if declared is None else declared


def sync_walls(owner: Connection, tables: Iterable[Table], application_role: str | None) -> None:
    """Put up the walls of ``tables``; ``application_role`` is None on SQLite."""
    postgres = owner.dialect.name == "postgresql"
    if postgres:
        owner.exec_driver_sql(_REFUSE_CHANGE)
    for table in tables:
        for statement in _postgres(table, application_role) if postgres else _sqlite(table):
            owner.exec_driver_sql(statement)


def drop_views(owner: Connection, tables: Iterable[Table]) -> None:
    """Take the views away before a migration; ``sync_walls`` makes them again."""
    for table in tables:
        owner.exec_driver_sql(f"DROP VIEW IF EXISTS {table.name}_v")


def _postgres(table: Table, role: str | None) -> Iterator[str]:
    name = table.name
    rights = "SELECT, INSERT" if is_insert_only(table) else "SELECT, INSERT, UPDATE, DELETE"
    if role is not None:
        yield f'REVOKE ALL ON {name} FROM "{role}"'
        yield f'GRANT {rights} ON {name} TO "{role}"'
        if (minted := table.autoincrement_column) is not None:
            yield _GRANT_NUMBERS.format(table=name, column=minted.name, role=role)
    if is_tenant_bound(table):
        yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"
        yield f"DROP POLICY IF EXISTS own_rows ON {name}"
        # Without the missing_ok form: an unset tenant is an error, not all rows and not none.
        mine = "tenant_id = current_setting('app.tenant')::bigint"
        yield f"CREATE POLICY own_rows ON {name} USING ({mine}) WITH CHECK ({mine})"
    if is_insert_only(table):
        yield f"DROP TRIGGER IF EXISTS never_changed ON {name}"
        yield (
            f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {name} "
            "FOR EACH ROW EXECUTE FUNCTION core_refuse_change()"
        )
    if is_tenant_bound(table):
        columns = ", ".join(_decimal_postgres(column) for column in table.columns)
        yield f"DROP VIEW IF EXISTS {name}_v"
        yield f"CREATE VIEW {name}_v WITH (security_invoker = true) AS SELECT {columns} FROM {name}"  # noqa: S608
        if role is not None:
            yield f'GRANT SELECT ON {name}_v TO "{role}"'


def _sqlite(table: Table) -> Iterator[str]:
    name = table.name
    if is_insert_only(table):
        for verb in ("UPDATE", "DELETE"):
            yield f"DROP TRIGGER IF EXISTS {name}_never_{verb.lower()}"
            yield (
                f"CREATE TRIGGER {name}_never_{verb.lower()} BEFORE {verb} ON {name} BEGIN "
                f"SELECT RAISE(ABORT, '{name} is never changed or deleted, only reversed'); END"
            )
    if is_tenant_bound(table):
        columns = ", ".join(_decimal_sqlite(column) for column in table.columns)
        yield f"DROP VIEW IF EXISTS {name}_v"
        yield f"CREATE VIEW {name}_v AS SELECT {columns} FROM {name}"  # noqa: S608


def _decimal_postgres(column: Column[object]) -> str:
    if not isinstance(column.type, Scaled):
        return f'"{column.name}"'
    places = column.type.places
    return f'round("{column.name}"::numeric / {10**places}, {places}) AS "{column.name}"'


def _decimal_sqlite(column: Column[object]) -> str:
    quoted = f'"{column.name}"'
    if not isinstance(column.type, Scaled):
        return quoted
    places, step = column.type.places, 10**column.type.places
    sign = f"CASE WHEN {quoted} < 0 THEN '-' ELSE '' END"
    whole, rest = f"abs({quoted}) / {step}", f"printf('%0{places}d', abs({quoted}) % {step})"
    return f"({sign} || ({whole}) || '.' || {rest}) AS {quoted}"

"""What stands in a database, table by table: the walls, keys and triggers included."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Connection, text

from core.db.engine import open_owner

_SQLITE = ("SELECT tbl_name, type || name || coalesce(sql, '') FROM sqlite_master",)
_POSTGRESQL = (
    (
        "SELECT table_name, column_name || data_type || is_nullable"
        " FROM information_schema.columns WHERE table_schema = 'public'"
    ),
    (
        "SELECT conrelid::regclass::text, conname || pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid <> 0 AND connamespace = 'public'::regnamespace"
    ),
    "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tablename, policyname || qual || with_check FROM pg_policies",
    "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal",
    (
        "SELECT table_name, grantee || privilege_type FROM information_schema.role_table_grants"
        " WHERE table_schema = 'public'"
    ),
    (
        "SELECT relname, relrowsecurity::text || relforcerowsecurity::text FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace"
    ),
)
_INSTALLED = "SELECT name, version || coalesce(head, '') || state FROM core_addon"


def fingerprint(owner_url: str) -> dict[str, str]:
    """Give a digest per table of everything declared about it, and what counts as installed."""
    engine = open_owner(owner_url)
    with engine.connect() as connection:
        found = _declared(connection)
        found |= {f"installed {name}": state for name, state in _rows(connection, _INSTALLED)}
    engine.dispose()
    return found


def _declared(connection: Connection) -> dict[str, str]:
    queries = _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE
    said: dict[str, list[str]] = {}
    for query in queries:
        for table, declaration in _rows(connection, query):
            said.setdefault(table, []).append(declaration)
    return {
        table: sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]
        for table, lines in said.items()
    }


def _rows(connection: Connection, query: str) -> list[tuple[str, str]]:
    return [(name, declaration) for name, declaration in connection.execute(text(query))]

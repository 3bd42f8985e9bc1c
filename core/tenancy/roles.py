"""The two database roles: an owner that runs DDL, and the application that sees one business.

Row-level security binds neither superusers nor owners nor roles with BYPASSRLS, so the program
refuses to work as one of those.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text

from core.db.engine import driver_url, open_owner
from core.db.guard import OWN_SQL, SCOPE
from core.tenancy.errors import RoleError

_WHO = text(
    """
    SELECT current_user AS name, rolsuper, rolbypassrls,
           EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
                     AND pg_has_role(current_user, c.relowner, 'USAGE')) AS owns
    FROM pg_roles WHERE rolname = current_user
    """
)


def refuse_unsafe_role(engine: Engine) -> None:
    """Raise ``RoleError`` when the application role could walk around row-level security."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        connection.execution_options(**{SCOPE: "platform"})
        who = connection.execute(_WHO, execution_options={OWN_SQL: True}).one()
    wrong = [
        word
        for flag, word in (
            (who.rolsuper, "is a superuser"),
            (who.rolbypassrls, "has BYPASSRLS"),
            (who.owns, "owns tables"),
        )
        if flag
    ]
    if wrong:
        raise RoleError(
            f"GUADUA_DATABASE_URL connects as {who.name}, which {' and '.join(wrong)}: row-level "
            "security would not hold. Run `manage.py db init` and use the application role.",
        )


def create_roles(
    admin_url: str, *, owner: tuple[str, str], application: tuple[str, str], database: str
) -> None:
    """Create both roles (name, password) and the database, or bring them to what they must be.

    ``admin_url`` is a superuser's. An empty password leaves log-in to the server's other means.
    """
    admin = open_owner(admin_url).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        _role(connection, *owner, "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS")
        _role(connection, *application, "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS")
        found = text("SELECT 1 FROM pg_database WHERE datname = :name")
        if connection.execute(found, {"name": database}).first() is None:
            connection.exec_driver_sql(
                f"CREATE DATABASE {_quoted(database)} OWNER {_quoted(owner[0])} "
                "ENCODING 'UTF8' TEMPLATE template0"
            )
    inside = open_owner(_same_server(admin_url, database))
    with inside.begin() as connection:
        connection.exec_driver_sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        connection.exec_driver_sql(f"GRANT ALL ON SCHEMA public TO {_quoted(owner[0])}")
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {_quoted(application[0])}")
    admin.dispose()
    inside.dispose()


def _role(connection: Connection, name: str, password: str, rights: str) -> None:
    found = text("SELECT 1 FROM pg_roles WHERE rolname = :name")
    verb = "ALTER" if connection.execute(found, {"name": name}).first() else "CREATE"
    secret = f" PASSWORD {_literal(password)}" if password else ""
    connection.exec_driver_sql(f"{verb} ROLE {_quoted(name)} {rights}{secret}")


def _same_server(url: str, database: str) -> str:
    return driver_url(url).set(database=database).render_as_string(hide_password=False)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"

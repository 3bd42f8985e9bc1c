"""Writes the next migration of an addon by comparing its models with its migrations.

The comparison runs against an empty SQLite database in memory into which the migrations of the
core, of what the addon requires and of the addon itself were run; only tables whose
``info["addon"]`` is the addon's count.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy import BigInteger, CheckConstraint, Column, Connection, inspect, text

from core.addons.discovery import CORE_ADDON, FoundAddon
from core.addons.errors import MigrationError
from core.addons.loading import import_core_models, import_models
from core.addons.migrations import head, upgrade
from core.db.base import Base
from core.db.engine import open_owner
from core.db.ownership import CORE, addon_of, tables_of
from core.db.types import Instant, Json, Scaled
from core.i18n import _

_DROPS: Final = (ops.DropTableOp, ops.DropColumnOp)
#: What SQLite can do without rebuilding the table.
_NEVER_REBUILDS: Final = (ops.CreateTableOp, ops.CreateIndexOp)
_OURS: Final = (Instant, Json)

_FILE: Final = '''"""{message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
{imports}
revision = "{revision}"
down_revision = {down}


def upgrade() -> None:
    """Run by the owner of the tables; adds, never takes away."""
{body}
'''


def make_migration(chain: Sequence[FoundAddon], message: str) -> Path | None:
    """Write what the models of the last addon of ``chain`` have and its migrations lack.

    ``chain`` is the addon after what it requires (``Discovery.with_requirements``). Gives the
    file, or None when nothing is missing. Refused: taking away a table or a column, and a column
    that must not be empty without saying what the rows that exist shall hold.
    """
    addon = chain[-1]
    with _compared(chain) as (context, found):
        steps = list(_flat(found))
        if not steps:
            return None
        if taken := [_told(step) for step in steps if isinstance(step, _DROPS)]:
            raise MigrationError(
                _("A migration of {addon} would take something away.", addon=addon.name),
                steps=taken,
            )
        for step in steps:
            if isinstance(step, ops.AddColumnOp):
                _fill_existing_rows(step)
            if isinstance(step, ops.CreateTableOp):
                # Whose table it is stands in the models.
                step.info = {}
        imports: set[str] = set()
        body = render_python_code(
            found,
            render_as_batch=not all(isinstance(step, _NEVER_REBUILDS) for step in steps),
            render_item=partial(_render, imports),
            migration_context=context,
        )
    return _write(addon, message, body, imports)


def missing_migrations(chain: Sequence[FoundAddon]) -> list[str]:
    """Say what models have and migrations lack, or the other way round; empty when they agree."""
    with _compared(chain) as (_context, found):
        return [_told(step) for step in _flat(found)]


def schema_differences(connection: Connection, addon: str, tables: Collection[str]) -> list[str]:
    """Say where an installed addon's ``tables`` and its models differ; empty when they agree."""
    _context, found = _differences(connection, addon, tables)
    return [_told(step) for step in _flat(found)]


@contextmanager
def _compared(chain: Sequence[FoundAddon]) -> Iterator[tuple[MigrationContext, ops.UpgradeOps]]:
    import_core_models()
    for addon in chain:
        if addon.name != CORE:
            import_models(addon.manifest)
    name = chain[-1].name
    engine = open_owner("sqlite://")
    with engine.connect() as connection, connection.begin():
        before = set[str]()
        for addon in (*([] if chain[0].name == CORE else [CORE_ADDON]), *chain):
            before = set(inspect(connection).get_table_names())
            upgrade(connection, addon)
        own = set(inspect(connection).get_table_names()) - before
        yield _differences(connection, name, own)
    engine.dispose()


def _differences(
    connection: Connection, name: str, own: Collection[str]
) -> tuple[MigrationContext, ops.UpgradeOps]:
    context = MigrationContext.configure(
        connection,
        opts={
            "target_metadata": Base.metadata,
            "include_object": _only(name, own),
            "version_table": f"core_version_{name}",
            "compare_type": True,
        },
    )
    found = produce_migrations(context, Base.metadata).upgrade_ops
    if found is None:
        raise MigrationError(f"{name}: alembic compared nothing")
    found.ops.extend(_missing_checks(context, name))
    return context, found


def _only(addon: str, made_by_it: Collection[str]) -> Any:
    """Keep what belongs to the addon: by owner in the models, by history in the database."""

    def include(item: Any, name: str | None, kind: str, reflected: bool, _compared_to: Any) -> bool:
        owner = item if kind == "table" else item.table
        if reflected:
            return owner.name in made_by_it and not str(name).startswith("core_version_")
        return addon_of(Base.metadata.tables[owner.name]) == addon

    return include


def _missing_checks(context: MigrationContext, addon: str) -> Iterator[ops.MigrateOperation]:
    """Compare named CHECK constraints, which alembic does not."""
    inspector = inspect(context.connection)
    if inspector is None:
        return
    for table in tables_of(Base.metadata, addon):
        if not inspector.has_table(table.name):
            continue
        known = {check["name"] for check in inspector.get_check_constraints(table.name)}
        fresh = [
            ops.CreateCheckConstraintOp.from_constraint(rule)
            for rule in table.constraints
            if isinstance(rule, CheckConstraint) and rule.name and str(rule.name) not in known
        ]
        if fresh:
            yield ops.ModifyTableOps(table.name, fresh)


def _flat(found: ops.OpContainer) -> Iterator[Any]:
    for step in found.ops:
        if isinstance(step, ops.OpContainer):
            yield from _flat(step)
        else:
            yield step


def _told(step: Any) -> str:
    place = getattr(step, "table_name", None) or getattr(step, "source_table", "")
    name = getattr(getattr(step, "column", None), "name", None)
    name = name or getattr(step, "column_name", None) or getattr(step, "constraint_name", None)
    name = name or getattr(step, "index_name", None)
    verb = re.sub(r"(?<!^)(?=[A-Z])", "_", type(step).__name__.removesuffix("Op")).lower()
    return f"{verb} {place}{f'.{name}' if name else ''}"


def _fill_existing_rows(step: ops.AddColumnOp) -> None:
    column = step.column
    if column.nullable or column.server_default is not None:
        return
    default = column.default
    if default is None or not default.is_scalar:
        raise MigrationError(
            _(
                "{column} must not be empty: give it a default for the rows that exist, or allow "
                "it to be empty.",
                column=f"{step.table_name}.{column.name}",
            )
        )
    step.column = Column(
        column.name,
        column.type,
        nullable=False,
        server_default=text(_literal(column, default.arg)),  # type: ignore[attr-defined]
    )


def _literal(column: Column[Any], value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(column.type, Scaled):
        return str(int(Decimal(value).scaleb(column.type.places)))
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def _render(
    imports: set[str], kind: str, item: Any, _context: AutogenContext
) -> str | Literal[False]:
    """Write our own types so that they can be read, and note what to import."""
    if kind != "type":
        return False
    if isinstance(item, Scaled):
        name, written = "Scaled", f"Scaled({item.places})"
    elif isinstance(item, _OURS):
        name = type(item).__name__
        written = f"{name}()"
    elif isinstance(item, BigInteger) and "sqlite" in item._variant_mapping:  # noqa: SLF001 - it has no public name
        name = written = "Whole"
    else:
        return False
    imports.add(f"from core.db.types import {name}")
    return written


def _write(addon: FoundAddon, message: str, body: str, imports: set[str]) -> Path:
    addon.versions.mkdir(parents=True, exist_ok=True)
    down = head(addon)
    revision = f"{int(down or 0) + 1:04d}"
    words = "_".join(re.findall(r"[a-z0-9]+", message.casefold())) or "change"
    path = addon.versions / f"{revision}_{words[:50]}.py"
    lines = [line for line in body.splitlines() if not line.strip().startswith("# ###")]
    path.write_text(
        _FILE.format(
            message=message.strip().rstrip(".").replace('"', "'"),
            imports="\n".join(sorted(imports)),
            revision=revision,
            down=f'"{down}"' if down else None,
            body="\n".join(lines),
        ),
        encoding="utf-8",
    )
    if find_spec("ruff") is not None:
        for command in (("check", "--fix", "--quiet", "--select", "I,F401"), ("format", "--quiet")):
            subprocess.run([sys.executable, "-m", "ruff", *command, str(path)], check=False)  # noqa: S603 - our own file
    return path

"""Takes an addon out of a database, also when its code is gone.

What belongs to it is read from ``core_addon_table``. Its rows are exported first and dropped only
when asked; otherwise they stay for the day it is installed again.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

import orjson
from sqlalchemy import Connection, MetaData, Table, func, inspect, select

from core.addons.errors import AddonRefusedError, UnknownAddonError
from core.addons.lifecycle import Owner, bump_generation
from core.addons.migrations import version_table
from core.addons.models import Activation, AddonTable, InstalledAddon
from core.addons.schema_change import schema_change
from core.clock import Clock
from core.db.base import Base
from core.db.ownership import CORE
from core.i18n import _

#: Rows read and written at a time.
_CHUNK: Final = 1000

_installed: Final[Table] = Base.metadata.tables[InstalledAddon.__tablename__]
_owned: Final[Table] = Base.metadata.tables[AddonTable.__tablename__]
_activation: Final[Table] = Base.metadata.tables[Activation.__tablename__]


@dataclass(frozen=True, slots=True)
class Removal:
    """What was done: rows exported by table, and what was dropped."""

    addon: str
    exported: dict[str, int]
    dropped: tuple[str, ...]


def uninstall(
    owner: Owner,
    name: str,
    *,
    clock: Clock,
    export_to: Path | None = None,
    drop: bool = False,
) -> Removal:
    """Remove ``name``: its data stays unless ``drop``.

    Refused while another addon requires it, while a business has it enabled or lets it finish,
    and when rows would be dropped that were not exported. ``export_to`` becomes a zip of one file
    of JSON lines per table, with values as stored, and a manifest with their SHA-256.
    """
    with schema_change(owner.engine) as connection:
        row = _refuse(connection, name)
        tables = _reflect(connection, name)
        if drop and export_to is None and any(_count(connection, table) for table in tables):
            raise AddonRefusedError(
                _("{addon} has data: say where to export it before it is dropped.", addon=name)
            )
        exported = {}
        if export_to is not None:
            exported = _export(connection, tables, export_to, {**row, "exported_at": clock.now()})
        mine = _installed.c.name == name
        if drop:
            _drop(connection, name, tables)
            connection.execute(_owned.delete().where(_owned.c.addon == name))
            connection.execute(_installed.delete().where(mine))
        else:
            connection.execute(_installed.update().where(mine).values(state="removed"))
        bump_generation(connection)
    return Removal(name, exported, tuple(table.name for table in tables) if drop else ())


def _refuse(connection: Connection, name: str) -> dict[str, Any]:
    rows = connection.execute(select(_installed)).mappings()
    everyone = {row["name"]: {str(key): value for key, value in row.items()} for row in rows}
    if name not in everyone or name == CORE:
        raise UnknownAddonError(_("{addon} is not installed.", addon=name), addon=name)
    needing = sorted(
        other["name"]
        for other in everyone.values()
        if other["state"] == "installed" and name in other["requires"]
    )
    if needing:
        raise AddonRefusedError(
            _("{addon} is required by {others}.", addon=name, others=", ".join(needing)),
            required_by=needing,
        )
    on = _activation.c.disabled_at.is_(None) | _activation.c.draining
    # The owner sees every business's rows: it has BYPASSRLS.
    mine = select(func.count()).select_from(_activation).where(_activation.c.addon == name, on)
    if businesses := connection.execute(mine).scalar_one():
        raise AddonRefusedError(
            _("{count} businesses use {addon}.", addon=name, count=businesses),
            businesses=businesses,
        )
    return everyone[name]


def _reflect(connection: Connection, name: str) -> list[Table]:
    """Give the addon's tables as they are in the database, each after those it points at."""
    listed = set(connection.scalars(select(_owned.c.table_name).where(_owned.c.addon == name)))
    there = listed & set(inspect(connection).get_table_names())
    metadata = MetaData()
    metadata.reflect(connection, only=sorted(there), resolve_fks=False)
    return [metadata.tables[table] for table in sorted(there)]


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _export(
    connection: Connection, tables: Iterable[Table], target: Path, facts: dict[str, Any]
) -> dict[str, int]:
    target.parent.mkdir(parents=True, exist_ok=True)
    # Written beside it and renamed: a broken export is never taken for a whole one.
    part = target.with_name(f"{target.name}.part")
    described: list[dict[str, Any]] = []
    with ZipFile(part, "w", ZIP_DEFLATED) as archive:
        described += [_export_table(connection, table, archive) for table in tables]
        archive.writestr("manifest.json", _line({"addon": facts, "tables": described}))
    part.replace(target)
    return {entry["table"]: entry["rows"] for entry in described}


def _export_table(connection: Connection, table: Table, archive: ZipFile) -> dict[str, Any]:
    digest, rows = sha256(), 0
    with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as file:
        found = connection.execute(select(table).execution_options(yield_per=_CHUNK))
        for chunk in found.mappings().partitions():
            lines = b"".join(_line(dict(row)) for row in chunk)
            digest.update(lines)
            file.write(lines)
            rows += len(chunk)
    return {
        "table": str(table.name),
        "rows": rows,
        "sha256": digest.hexdigest(),
        "columns": {str(column.name): str(column.type) for column in table.columns},
    }


def _line(row: dict[str, Any]) -> bytes:
    options = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATETIME
    # Column names of a reflected table are a subclass of str, which orjson takes for no key.
    named = {str(key): value for key, value in row.items()}
    return orjson.dumps(named, default=_plain, option=options)


def _plain(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be exported")


def _drop(connection: Connection, name: str, tables: list[Table]) -> None:
    for table in tables:
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {_quoted(f'{table.name}_v')}")
    names = [_quoted(table.name) for table in tables]
    if connection.dialect.name == "postgresql" and names:
        # All at once: tables that point at each other go together, anybody else's key refuses.
        connection.exec_driver_sql(f"DROP TABLE {', '.join(names)}")
    else:
        for each in names:
            connection.exec_driver_sql(f"DROP TABLE {each}")
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {_quoted(version_table(name))}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

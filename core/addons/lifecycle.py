"""An operator's commands: install, upgrade and uninstall addons in one database.

Each addon is one transaction of the owner: migrations, walls, what belongs to it, and the
generation that makes every process be replaced. Running a command again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, func, inspect, select
from sqlalchemy.engine import make_url

from core.addons.discovery import CORE_ADDON, Discovery, FoundAddon
from core.addons.errors import AddonRefusedError, MigrationError
from core.addons.loading import import_core_models
from core.addons.manifest import version_numbers
from core.addons.migrations import head, pending, refuse_taking_away, upgrade
from core.addons.models import AddonGeneration, AddonTable, InstalledAddon
from core.addons.registry import AddonRegistry
from core.addons.schema_change import schema_change
from core.clock import Clock
from core.db.base import Base
from core.db.engine import open_owner
from core.db.ownership import CORE, tables_of
from core.i18n import _
from core.tenancy import PlatformSession
from core.tenancy.linter import lint
from core.tenancy.walls import drop_views, sync_walls

_installed: Final[Table] = Base.metadata.tables[InstalledAddon.__tablename__]
_tables: Final[Table] = Base.metadata.tables[AddonTable.__tablename__]
_generation: Final[Table] = Base.metadata.tables[AddonGeneration.__tablename__]


@dataclass(frozen=True, slots=True)
class Owner:
    """Who changes the schema: the owner's engine, and the role that the walls are for."""

    engine: Engine
    #: None on SQLite, which knows no roles.
    application_role: str | None

    @classmethod
    def at(cls, owner_url: str, application_url: str) -> Owner:
        """Open the owner's engine; the application's URL only tells its role."""
        return cls(open_owner(owner_url), make_url(application_url).username)


@dataclass(frozen=True, slots=True)
class Plan:
    """What installing or upgrading an addon would do; shown before it is done."""

    addon: str
    version: str
    #: None when it is not installed yet.
    installed_version: str | None
    migrations: tuple[str, ...]
    tables: tuple[str, ...]
    permissions: tuple[str, ...]
    routes: tuple[str, ...]
    consumers: tuple[str, ...]
    schedules: tuple[str, ...]
    asks: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


def migrate_core(owner: Owner, clock: Clock) -> None:
    """Make or upgrade the platform's own tables; ``manage.py db init`` and ``addon upgrade``."""
    import_core_models()
    _apply(owner, CORE_ADDON, clock)


def plan_install(owner: Owner, discovery: Discovery, name: str) -> list[Plan]:
    """Say what installing or upgrading ``name``, and what it requires, would do, in order."""
    chain = discovery.with_requirements(name)
    registry = loaded(chain)
    with owner.engine.connect() as connection:
        present = installed_addons(connection)
        return [_plan(connection, addon, registry, present) for addon in chain]


def install(owner: Owner, discovery: Discovery, name: str, clock: Clock) -> list[str]:
    """Install ``name`` after what it requires; gives the names of those newly installed."""
    chain = discovery.with_requirements(name)
    loaded(chain)
    present = _present(owner)
    fresh = [addon for addon in chain if addon.name not in present]
    for addon in fresh:
        _apply(owner, addon, clock)
    return [addon.name for addon in fresh]


def upgrade_addon(owner: Owner, discovery: Discovery, name: str, clock: Clock) -> list[str]:
    """Bring ``name`` and what it requires to the version of their code; gives the changed."""
    chain = discovery.with_requirements(name)
    present = _present(owner)
    if name not in present:
        raise AddonRefusedError(_("{addon} is not installed.", addon=name), addon=name)
    loaded(chain)
    changed = []
    for addon in chain:
        known = present.get(addon.name)
        if known is not None and version_numbers(addon.manifest.version) < version_numbers(
            known["version"]
        ):
            raise AddonRefusedError(
                _("{addon} is installed in a newer version than its code.", addon=addon.name),
                installed=known["version"],
                code=addon.manifest.version,
            )
        if known is None or (known["version"], known["head"]) != (
            addon.manifest.version,
            head(addon),
        ):
            _apply(owner, addon, clock)
            changed.append(addon.name)
    return changed


def upgrade_all(owner: Owner, discovery: Discovery, clock: Clock) -> list[str]:
    """Bring the core and every installed addon whose code is here to the version of its code."""
    migrate_core(owner, clock)
    here = [name for name in sorted(_present(owner)) if name in discovery.found]
    changed: dict[str, None] = {}
    for name in here:
        changed |= dict.fromkeys(upgrade_addon(owner, discovery, name, clock))
    return list(changed)


def installed_addons(connection: Connection) -> dict[str, Mapping[str, Any]]:
    """Read what is installed, by name; refused in a database without the platform's tables."""
    if not inspect(connection).has_table(_installed.name):
        raise AddonRefusedError(_("The database is empty: run `manage.py db init` first."))
    rows = connection.execute(select(_installed).where(_installed.c.state == "installed"))
    return {row["name"]: dict(row) for row in rows.mappings() if row["name"] != CORE}


def installed_heads(session: PlatformSession) -> dict[str, str | None]:
    """Read which addons are installed and their newest migration, for a process that starts."""
    rows = session.execute(
        select(InstalledAddon.name, InstalledAddon.head).where(InstalledAddon.state == "installed")
    )
    return {name: newest for name, newest in rows if name != CORE}


def generation(session: PlatformSession) -> int:
    """Read the generation of the installed set: a process that started with another is old."""
    return session.scalar(select(AddonGeneration.value)) or 0


def bump_generation(connection: Connection) -> None:
    """Make every process be replaced."""
    if connection.execute(select(_generation.c.value)).scalar_one_or_none() is None:
        connection.execute(_generation.insert().values(id=1, value=1))
    else:
        connection.execute(_generation.update().values(value=_generation.c.value + 1))


def _apply(owner: Owner, addon: FoundAddon, clock: Clock) -> None:
    refuse_taking_away(addon)
    own = tables_of(Base.metadata, addon.name)
    if findings := lint(own):
        raise MigrationError(
            _("The tables of {addon} break the rules of tenancy.", addon=addon.name),
            findings=[str(finding) for finding in findings],
        )
    with schema_change(owner.engine) as connection:
        drop_views(connection, own)
        newest = upgrade(connection, addon)
        there = set(inspect(connection).get_table_names())
        if absent := [table.name for table in own if table.name not in there]:
            raise MigrationError(
                _("{addon} has tables without a migration.", addon=addon.name), tables=absent
            )
        sync_walls(connection, own, owner.application_role)
        if addon.name != CORE and not inspect(connection).has_table(_installed.name):
            raise AddonRefusedError(_("The database is empty: run `manage.py db init` first."))
        _note_tables(connection, addon.name, [table.name for table in own])
        _note_addon(connection, addon, newest, clock)
        bump_generation(connection)


def _note_tables(connection: Connection, addon: str, names: Iterable[str]) -> None:
    known = set(connection.scalars(select(_tables.c.table_name).where(_tables.c.addon == addon)))
    fresh = [{"table_name": name, "addon": addon} for name in names if name not in known]
    if fresh:
        connection.execute(_tables.insert(), fresh)


def _note_addon(
    connection: Connection, addon: FoundAddon, newest: str | None, clock: Clock
) -> None:
    manifest = addon.manifest
    facts = {
        "version": manifest.version,
        "contract": manifest.contract,
        "requires": list(manifest.requires),
        "head": newest,
        "state": "installed",
    }
    mine = _installed.c.name == addon.name
    count = select(func.count()).select_from(_installed).where(mine)
    if connection.execute(count).scalar_one():
        connection.execute(_installed.update().where(mine).values(facts))
    else:
        added = {"name": addon.name, "installed_at": clock.now(), **facts}
        connection.execute(_installed.insert().values(added))


def loaded(chain: Sequence[FoundAddon]) -> AddonRegistry:
    """Load addons and what the platform needs for them; refuse when one cannot run."""
    import_core_models()
    registry = AddonRegistry()
    registry.load(Discovery({addon.name: addon for addon in chain}))
    registry.configure()
    if registry.quarantined:
        raise AddonRefusedError(
            _("{addon} cannot run.", addon=chain[-1].name), reasons=dict(registry.quarantined)
        )
    return registry


def _present(owner: Owner) -> dict[str, Mapping[str, Any]]:
    with owner.engine.connect() as connection:
        return installed_addons(connection)


def _plan(
    connection: Connection,
    addon: FoundAddon,
    registry: AddonRegistry,
    present: Mapping[str, Mapping[str, Any]],
) -> Plan:
    name = addon.name
    known = present.get(name)
    return Plan(
        addon=name,
        version=addon.manifest.version,
        installed_version=known["version"] if known else None,
        migrations=tuple(pending(connection, addon)),
        **touches(addon, registry),
        asks=addon.manifest.asks,
    )


def touches(addon: FoundAddon, registry: AddonRegistry) -> dict[str, tuple[str, ...]]:
    """Name what an addon brings: tables, permissions, routes, consumers, schedules."""
    everywhere, name = registry.everywhere, addon.name
    return {
        "tables": tuple(table.name for table in tables_of(Base.metadata, name)),
        "permissions": tuple(p.name for of, p in everywhere.register_permissions() if of == name),
        "routes": tuple(
            b.url_prefix or "/" for of, b in everywhere.register_routes() if of == name
        ),
        "consumers": tuple(c.name for of, c in everywhere.register_consumers() if of == name),
        "schedules": tuple(s.name for of, s in everywhere.register_schedules() if of == name),
    }

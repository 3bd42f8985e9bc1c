"""``manage.py addon …``: what an operator and an addon's author do with addons.

Commands that read take ``--json`` and then print one JSON document and nothing else. Refusals are
raised as ``PlatformError``: the caller prints them on standard error and exits with 1.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import select

from core.addons.activation import disable, enable, enabled_addons
from core.addons.autogenerate import make_migration
from core.addons.discovery import CORE_ADDON
from core.addons.kit.archive import SUFFIX
from core.addons.kit.commands import AUTHORING, say, show, unpacked
from core.addons.lifecycle import (
    Plan,
    install,
    installed_addons,
    installed_heads,
    plan_install,
    upgrade_addon,
    upgrade_all,
)
from core.addons.migrations import unready
from core.addons.operator import Operator
from core.addons.parts import Command
from core.addons.registry import AddonRegistry
from core.addons.removal import uninstall
from core.addons.scaffold import CHOICES
from core.auth.roles import seed_roles
from core.clock import Clock
from core.db.engine import Database, open_database
from core.db.ownership import CORE
from core.db.uow import platform_unit, tenant_unit
from core.errors import NotFoundError
from core.i18n import _
from core.tenancy import Tenant, TenantRef

GROUP: Final = "addon"
T = TypeVar("T")


#: What the operator decided, read when a command runs and not before.
Setup = Callable[[], Operator]


def addon_commands(setup: Setup) -> list[Command]:
    """Give the commands of the group ``addon``."""
    return [
        _command(
            setup, "list", "show every addon, where it stands, and why it does not run", _list
        ),
        *(_command(setup, *each) for each in AUTHORING),
        _command(setup, "plan", "show what installing would do", _plan, "name"),
        _command(setup, "install", "install an addon and what it requires", _install, "name|file"),
        _command(
            setup, "upgrade", "bring one or all to the version of their code", _upgrade, "name?"
        ),
        _command(setup, "uninstall", "remove an addon", _uninstall, "name", "--export", "--drop"),
        _command(setup, "enable", "switch an addon on for a business", _enable, "name", "--tenant"),
        _command(setup, "disable", "switch it off again", _disable, "name", "--tenant", "--drain"),
        _command(setup, "makemigration", "write what is missing", _migration, "name", "--message"),
    ]


_ARGUMENTS: Final[Mapping[str, tuple[tuple[str, ...], dict[str, Any]]]] = {
    "name": (("name",), {"help": "the addon"}),
    "name|file": (("name",), {"help": "the addon, or an archive <name>-<version>.guadua"}),
    "file": (("file",), {"type": Path, "help": "the file"}),
    "--key": (("--key",), {"type": Path, "required": True, "help": "your private key"}),
    "--into": (("--into",), {"type": Path, "default": Path(), "help": "folder to write it to"}),
    "name?": (("name",), {"nargs": "?", "help": "the addon; all when left out"}),
    "--tenant": (("--tenant",), {"type": UUID, "required": True, "help": "uid of the business"}),
    "--drain": (("--drain",), {"action": "store_true", "help": "let it finish unseen"}),
    "--drop": (("--drop",), {"action": "store_true", "help": "drop its tables"}),
    "--export": (("--export",), {"type": Path, "help": "zip to write its rows to"}),
    "--message": (("-m", "--message"), {"required": True, "help": "what the migration does"}),
    "--place": (("--place",), {"type": Path, "help": "folder to write it into, if not addons/"}),
    "--with": (
        ("--with",),
        {
            "dest": "parts",
            "nargs": "+",
            "choices": sorted(CHOICES),
            "default": (),
            "help": "parts to begin with",
        },
    ),
    "--json": (("--json",), {"action": "store_true", "help": "print one JSON document"}),
}
_READS: Final = frozenset({"list", "check", "plan", "inspect"})


def _command(
    setup: Setup,
    name: str,
    summary: str,
    run: Callable[[Operator, Namespace], int],
    *arguments: str,
) -> Command:
    wanted = (*arguments, *(["--json"] if name in _READS else []))

    def configure(parser: ArgumentParser) -> None:
        for argument in wanted:
            flags, options = _ARGUMENTS[argument]
            parser.add_argument(*flags, **options)

    return Command(GROUP, name, summary, configure, lambda given: run(setup(), given))


def _list(operator: Operator, given: Namespace) -> int:
    found = operator.discovery()
    with operator.owner().engine.connect() as connection:
        present = installed_addons(connection)
    registry = AddonRegistry()
    heads = {name: row["head"] for name, row in present.items()}
    registry.load(found, present.keys(), unready(found, heads))
    registry.configure()
    rows = [
        {
            "name": name,
            "title": found.found[name].manifest.title if name in found.found else name,
            "version": found.found[name].manifest.version if name in found.found else None,
            "installed": present[name]["version"] if name in present else None,
            "state": _state(name, present, registry),
            "reason": registry.quarantined.get(name),
        }
        for name in sorted({*found.found, *present, *registry.quarantined})
    ]
    return show(given, rows, (f"{r['name']:24} {r['state']:12} {r['reason'] or ''}" for r in rows))


def _state(name: str, present: Mapping[str, Any], registry: AddonRegistry) -> str:
    if name in registry.quarantined:
        return "quarantined"
    return "installed" if name in present else "available"


def _plan(operator: Operator, given: Namespace) -> int:
    plans = plan_install(operator.owner(), operator.discovery(), given.name)
    return show(given, [plan.as_dict() for plan in plans], _told(plans))


def _told(plans: Iterable[Plan]) -> Iterable[str]:
    for plan in plans:
        state = f"installed {plan.installed_version}" if plan.installed_version else "new"
        yield f"{plan.addon} {plan.version} ({state})"
        for name, value in plan.as_dict().items():
            if isinstance(value, tuple) and value:
                yield f"  {name}: {', '.join(value)}"


def _install(operator: Operator, given: Namespace) -> int:
    name = unpacked(operator, Path(given.name)) if given.name.endswith(SUFFIX) else given.name
    owner, found = operator.owner(), operator.discovery()
    for line in _told(plan_install(owner, found, name)):
        say(line)
    done = install(owner, found, name, operator.clock)
    say(f"installed: {', '.join(done) or 'nothing, all was there'}")
    return 0


def _upgrade(operator: Operator, given: Namespace) -> int:
    owner, found = operator.owner(), operator.discovery()
    if given.name is None:
        done = upgrade_all(owner, found, operator.clock)
    else:
        done = upgrade_addon(owner, found, given.name, operator.clock)
    say(f"upgraded: {', '.join(done) or 'nothing, all is up to date'}")
    return 0


def _uninstall(operator: Operator, given: Namespace) -> int:
    done = uninstall(
        operator.owner(), given.name, clock=operator.clock, export_to=given.export, drop=given.drop
    )
    for table, rows in done.exported.items():
        say(f"exported {table}: {rows} rows")
    say(f"dropped: {', '.join(done.dropped) or 'nothing, its data stays'}")
    return 0


def _enable(operator: Operator, given: Namespace) -> int:
    def work(session: Any, registry: AddonRegistry) -> list[str]:
        fresh = enable(session, registry, given.name)
        declared = registry.everywhere.register_permissions()
        seed_roles(session, [permission for addon, permission in declared if addon in fresh])
        return fresh

    done = _for_business(operator, given.tenant, work)
    say(f"switched on: {', '.join(done) or 'nothing, all was on'}")
    return 0


def _disable(operator: Operator, given: Namespace) -> int:
    def work(session: Any, registry: AddonRegistry) -> None:
        disable(session, registry, given.name, drain=given.drain)

    _for_business(operator, given.tenant, work)
    say(f"switched off: {given.name}")
    return 0


def _for_business(operator: Operator, uid: UUID, work: Callable[[Any, AddonRegistry], T]) -> T:
    database = open_database(operator.database_url)
    try:
        tenant, heads = _business(database, operator.clock, uid)
        found = operator.discovery()
        registry = AddonRegistry()
        registry.load(found, heads.keys(), unready(found, heads))
        registry.configure()
        with tenant_unit(database, tenant, operator.clock, writes=True) as session:
            session.enabled = enabled_addons(session)
            return work(session, registry)
    finally:
        database.dispose()


def _business(
    database: Database, clock: Clock, uid: UUID
) -> tuple[TenantRef, dict[str, str | None]]:
    with platform_unit(database, clock, writes=False) as session:
        tenant = session.scalars(select(Tenant).where(Tenant.uid == uid)).one_or_none()
        if tenant is None:
            raise NotFoundError(_("There is no business {uid}.", uid=uid))
        return tenant.ref, installed_heads(session)


def _migration(operator: Operator, given: Namespace) -> int:
    core = given.name == CORE
    chain = (CORE_ADDON,) if core else operator.discovery().with_requirements(given.name)
    path = make_migration(chain, given.message)
    say(str(path) if path else "nothing is missing")
    return 0

"""Runs migrations: one history and one version table per addon, in load order, by the owner.

One shared table with branches would let a removed addon break everybody's commands. Migrations
only add, so the code before keeps working while processes are replaced.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection

from core.addons.discovery import Discovery, FoundAddon
from core.addons.errors import MigrationError
from core.i18n import _

# alembic is imported where it is used: a process that only serves reads the plain line of each
# addon's migrations, and needs none of it.
if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

_HOME: Final = Path(__file__).parents[1] / "db" / "migrations"
#: What a migration must not do: the code before still runs on the schema after.
_TAKING_AWAY: Final = frozenset({"drop_table", "drop_column", "rename_table"})
_REVISION: Final = re.compile(r'^revision = "(\w+)"$', re.MULTILINE)
_BEFORE: Final = re.compile(r'^down_revision = (?:"(\w+)"|None)$', re.MULTILINE)


def version_table(addon: str) -> str:
    """Name the table that remembers which migrations of ``addon`` ran."""
    return f"core_version_{addon}"


def history(addon: FoundAddon) -> ScriptDirectory:
    """Read the migrations of an addon; two of the same number are an error."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    return ScriptDirectory(str(_HOME), version_locations=[str(addon.versions)])


def head(addon: FoundAddon) -> str | None:
    """Give the newest migration of the code; None when there are none."""
    if line := _plain_line(addon):
        return line[-1]
    from alembic.util import CommandError  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return history(addon).get_current_head()
        except (CommandError, UserWarning) as error:
            raise MigrationError(f"{addon.name}: its migrations form no line: {error}") from error


def current(connection: Connection, addon: str) -> str | None:
    """Give the newest migration that ran in this database."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415

    options = {"version_table": version_table(addon)}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def pending(connection: Connection, addon: FoundAddon) -> list[str]:
    """List what has not run yet, oldest first, each as ``0002 what it does``."""
    newest = head(addon)
    done = current(connection, addon.name)
    if newest is None or not _knows(addon, done):
        return []
    steps = reversed(list(history(addon).iterate_revisions(newest, done or "base")))
    return [f"{step.revision} {step.doc}" for step in steps]


def upgrade(connection: Connection, addon: FoundAddon, to: str = "head") -> str | None:
    """Run what is pending in the open transaction, and give where the database stands now.

    A database ahead of the code (an older version was started again) is left as it is.
    """
    from alembic.config import Config  # noqa: PLC0415
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415

    if head(addon) is None or not _knows(addon, current(connection, addon.name)):
        return current(connection, addon.name)
    script = history(addon)

    def steps(revision: Any, _context: MigrationContext) -> Any:
        return script._upgrade_revs(to, revision)  # noqa: SLF001 - as alembic's own command does

    with EnvironmentContext(Config(), script, fn=steps, destination_rev=to) as environment:
        environment.configure(
            connection=connection,
            version_table=version_table(addon.name),
            # Our SQLite connections say BEGIN themselves, so DDL is in the transaction there too.
            transactional_ddl=True,
        )
        environment.run_migrations()
    return current(connection, addon.name)


def unready(discovery: Discovery, heads: Mapping[str, str | None]) -> dict[str, str]:
    """Say which installed addons must not run, because their tables are older than their code.

    ``heads`` is what the database says of each installed addon.
    """
    reasons = {}
    for name in heads.keys() & discovery.found.keys():
        addon = discovery.found[name]
        try:
            newest = head(addon)
        except MigrationError as error:
            reasons[name] = str(error)
            continue
        if newest != heads[name] and _knows(addon, heads[name]):
            reasons[name] = f"its tables are older than its code: run addon upgrade {name}"
    return reasons


def refused_steps(addon: FoundAddon) -> list[str]:
    """List the steps of an addon's migrations that take something away."""
    found = []
    for path in sorted(addon.versions.glob("*.py")):
        for name, line in _calls(ast.parse(path.read_text(encoding="utf-8"))):
            if name in _TAKING_AWAY:
                found.append(f"{path.name}:{line} {name}: migrations only add")
    return found


def refuse_taking_away(addon: FoundAddon) -> None:
    """Raise ``MigrationError`` when a migration of the addon takes something away."""
    if steps := refused_steps(addon):
        raise MigrationError(
            _("A migration of {addon} would take something away.", addon=addon.name), steps=steps
        )


def _calls(module: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node.lineno


def _knows(addon: FoundAddon, revision: str | None) -> bool:
    if revision is None or revision in _plain_line(addon):
        return True
    from alembic.script.revision import ResolutionError  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        return history(addon).get_revision(revision) is not None
    except (CommandError, ResolutionError):
        return False


def _plain_line(addon: FoundAddon) -> list[str]:
    """Read the migrations, oldest first, where they form one line as ours are written; else none.

    Whatever is written otherwise, or forms no line, is alembic's to read and to refuse.
    """
    after: dict[str | None, str] = {}
    files = list(addon.versions.glob("*.py"))
    for file in files:
        text = file.read_text(encoding="utf-8")
        own, before = _REVISION.findall(text), _BEFORE.findall(text)
        if len(own) != 1 or len(before) != 1:
            return []
        after[before[0] or None] = own[0]
    line: list[str] = []
    step: str | None = None
    while (step := after.get(step)) is not None and step not in line:
        line.append(step)
    return line if len(line) == len(files) else []

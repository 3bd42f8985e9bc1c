"""``addon check``: everything the platform can say about an addon before it is installed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.addons.autogenerate import missing_migrations
from core.addons.conduct import declared_faults, foreign_imports, untranslated
from core.addons.discovery import Discovery, FoundAddon
from core.addons.kit.finding import Finding
from core.addons.kit.page_rules import page_findings
from core.addons.kit.source_rules import source_findings
from core.addons.loading import import_core_models
from core.addons.migrations import refused_steps
from core.addons.registry import AddonRegistry
from core.db.base import Base
from core.db.ownership import registries_of, tables_of
from core.tenancy.linter import lint, lint_mappings


def check_addon(discovery: Discovery, name: str) -> list[Finding]:
    """List what is wrong with an addon, each with a reason and a remedy; empty when fine.

    Loading, source, pages, imports, tables, mappings, migrations, what its hooks declare, and texts
    that have no Spanish. Needs no database: the migrations run in memory.
    """
    chain = discovery.with_requirements(name)
    addon = chain[-1]
    read = [*source_findings(addon.folder), *page_findings(addon.folder)]
    if any(found.rule == "source.syntax" for found in read):
        return read
    import_core_models()
    registry = AddonRegistry()
    registry.load(Discovery({found.name: found for found in chain}))
    registry.configure()
    if name in registry.quarantined:
        remedy = "Mend it, then check again; nothing of it was looked at further"
        return [*read, Finding("load.quarantined", name, registry.quarantined[name], remedy)]
    return [
        *read,
        *_schema(name),
        *foreign_imports(addon.folder, addon.manifest.requires),
        *declared_faults(registry, addon),
        *untranslated(chain),
        *_migrations(chain),
    ]


def _schema(name: str) -> Iterator[Finding]:
    for found in (
        *lint(tables_of(Base.metadata, name)),
        *lint_mappings(registries_of(name)),
    ):
        yield Finding(f"schema.{found.rule}", found.table, found.text, found.remedy)


def _migrations(chain: Sequence[FoundAddon]) -> Iterator[Finding]:
    for step in refused_steps(chain[-1]):
        place, _, what = step.partition(" ")
        remedy = "Stop using the column or table; the version before still needs it"
        yield Finding("migration.takes-away", place, what, remedy)
    for step in missing_migrations(chain):
        remedy = f"Run manage.py addon makemigration {chain[-1].name} -m …"
        yield Finding("migration.missing", "migrations", f"nothing does this yet: {step}", remedy)

"""Imports one addon's code, and takes what it left behind out again when it fails."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from sqlalchemy import Table

import core
from core.addons.discovery import PACKAGE
from core.addons.manifest import AddonManifest
from core.db.base import Base
from core.db.ownership import addon_of, claim, forget


def import_hooks(manifest: AddonManifest) -> object:
    """Import the hooks of an addon on disk; one without ``hooks.py`` only offers services."""
    name = f"{PACKAGE}.{manifest.name}.hooks"
    return ModuleType(name) if find_spec(name) is None else import_module(name)


def import_models(manifest: AddonManifest) -> None:
    """Import the models of an addon, if it has any, and claim its tables."""
    package = f"{PACKAGE}.{manifest.name}"
    if PACKAGE not in sys.modules or find_spec(package) is None:
        return
    before = set(Base.metadata.tables.values())
    try:
        if find_spec(f"{package}.models") is not None:
            import_module(f"{package}.models")
    except BaseException:
        forget(Base.metadata, manifest.name, _unclaimed(before))
        raise
    claim(_unclaimed(before), manifest.name)


def unload(name: str) -> None:
    """Take the tables, mappings and modules of an addon out of this process."""
    forget(Base.metadata, name)
    package = f"{PACKAGE}.{name}"
    for module in [known for known in sys.modules if f"{known}.".startswith(f"{package}.")]:
        del sys.modules[module]
    if PACKAGE in sys.modules:
        with suppress(AttributeError):
            delattr(sys.modules[PACKAGE], name)


def import_core_models() -> None:
    """Import every model of the core, so that the metadata is complete."""
    for package in iter_modules(core.__path__, "core."):
        if not package.ispkg:
            continue
        folder = Path(core.__path__[0]) / package.name.removeprefix("core.")
        if (folder / "models.py").is_file():
            import_module(f"{package.name}.models")
    import_module("core.db.idempotency")


def _unclaimed(before: set[Table]) -> list[Table]:
    return [
        table
        for table in Base.metadata.tables.values()
        if table not in before and addon_of(table) is None
    ]

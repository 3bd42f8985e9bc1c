"""Finds addons: in the repository, in directories of the operator, and in installed wheels.

Only ``manifest.py`` is run, on its own: no model, no hook, not even the package's ``__init__``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Final, NoReturn

from core.addons.errors import AddonError, UnknownAddonError
from core.addons.manifest import CONTRACT_VERSION, AddonManifest
from core.db.ownership import CORE
from core.i18n import _

PACKAGE: Final = "addons"


@dataclass(frozen=True, slots=True)
class FoundAddon:
    """An addon on disk: what its manifest says and where it is."""

    manifest: AddonManifest
    folder: Path

    @property
    def name(self) -> str:
        """Its name, which is that of its folder."""
        return self.manifest.name

    @property
    def versions(self) -> Path:
        """Where its migrations are."""
        return self.folder / "migrations" / "versions"

    @property
    def package(self) -> str:
        """Its import name, wherever it is on disk."""
        return CORE if self.name == CORE else f"{PACKAGE}.{self.name}"


#: The platform itself, migrated first, like an addon.
CORE_ADDON: Final = FoundAddon(
    AddonManifest(
        name=CORE,
        version="0.1.0",
        title="Guadua",
        summary="Businesses, people, events and the audit log",
        contract=CONTRACT_VERSION,
    ),
    Path(__file__).parents[1] / "db",
)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An addon that does not run, and why."""

    name: str
    reason: str
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """Every addon found, by name; and what could not be one."""

    found: Mapping[str, FoundAddon] = field(default_factory=dict)
    quarantined: tuple[Quarantined, ...] = ()

    def get(self, name: str) -> FoundAddon:
        """Give the addon of that name, or refuse."""
        if name not in self.found:
            raise UnknownAddonError(_("There is no addon named {name}.", name=name), addon=name)
        return self.found[name]

    def with_requirements(self, name: str) -> tuple[FoundAddon, ...]:
        """Give the addon after all that it requires, directly or not; circles are cut."""
        order: dict[str, FoundAddon] = {}
        self._visit(name, order, ())
        return tuple(order.values())

    def _visit(self, name: str, order: dict[str, FoundAddon], path: tuple[str, ...]) -> None:
        if name in order or name in path:
            return
        addon = self.get(name)
        for required in addon.manifest.requires:
            self._visit(required, order, (*path, name))
        order[name] = addon


def join_paths(directories: Iterable[Path]) -> list[Path]:
    """Make ``addons.<name>`` importable from ``directories`` too, and give every place in order.

    ``addons`` is a namespace: the repository's folder and those of wheels come through ``sys.path``
    and win over the directories. The path is a plain list, because a namespace path forgets what
    was appended as soon as ``sys.path`` changes.
    """
    package = _namespace()
    known = [Path(place) for place in getattr(package, "__path__", ())]
    fresh = [Path(entry or ".") / PACKAGE for entry in sys.path]
    places = dict.fromkeys(
        path.resolve() for path in (*known, *fresh, *directories) if path.is_dir()
    )
    package.__path__ = [str(place) for place in places]
    return list(places)


def discover(directories: Iterable[Path] = ()) -> Discovery:
    """Read the manifest of every addon on the path; one that is broken stops nobody else."""
    return read_places(join_paths(directories))


def read_places(places: Iterable[Path]) -> Discovery:
    """Read the manifests in ``places``; of two addons of one name the first counts."""
    found: dict[str, FoundAddon] = {}
    bad: list[Quarantined] = []
    for folder in _folders(places):
        name = folder.name
        try:
            manifest = read_manifest(folder)
        except Exception as error:  # noqa: BLE001 - a manifest is code and may fail in any way
            bad.append(Quarantined(name, f"its manifest cannot be read: {error!r}", folder))
            continue
        if name in found:
            reason = f"a second addon of this name; the one in {found[name].folder} counts"
            bad.append(Quarantined(name, reason, folder))
        else:
            found[name] = FoundAddon(manifest, folder)
    return Discovery(found, tuple(bad))


def read_manifest(folder: Path, name: str = "") -> AddonManifest:
    """Run ``manifest.py`` of ``folder`` alone and give its ``MANIFEST``; it bears ``name``.

    Without ``name`` it bears the folder's.
    """
    name = name or folder.name
    path = folder / "manifest.py"
    loader = _AsWritten(f"_manifest_of_{name}", str(path))
    spec = spec_from_file_location(loader.name, path, loader=loader)
    if spec is None or spec.loader is None:
        raise AddonError(f"{folder} has no manifest.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    manifest = getattr(module, "MANIFEST", None)
    if not isinstance(manifest, AddonManifest):
        raise AddonError("manifest.py does not set MANIFEST = AddonManifest(…)")
    if manifest.name != name:
        raise AddonError(f"the folder is {name}, the manifest says {manifest.name}")
    if manifest.name == CORE:
        raise AddonError(f"{CORE} is the name of the platform itself")
    return manifest


class _AsWritten(SourceFileLoader):
    """Compiles what the file says now.

    What Python compiled before is told by size and second, and a newer version of an addon may
    share both with the older one whose place it takes.
    """

    def path_stats(self, path: str) -> NoReturn:
        """Give nothing by which what was compiled could be found."""
        raise OSError(path)


def _folders(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        for folder in sorted(place.iterdir()):
            hidden = folder.name.startswith((".", "_"))
            if not hidden and (folder / "manifest.py").is_file():
                yield folder


def _namespace() -> ModuleType:
    try:
        return import_module(PACKAGE)
    except ModuleNotFoundError:
        return sys.modules.setdefault(PACKAGE, ModuleType(PACKAGE))

"""Small addons on disk, good and bad, written for one test."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from importlib import import_module, invalidate_caches
from importlib.util import cache_from_source
from pathlib import Path
from textwrap import dedent
from typing import Any

from core.addons.autogenerate import make_migration
from core.addons.discovery import Discovery, discover
from core.addons.loading import unload

MODELS = """
from __future__ import annotations
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from core.db import Amount, addon_registry, many_to_one, tenant_foreign_key
from core.tenancy import TenantBound
from uuid import UUID


class Base(DeclarativeBase):
    registry = addon_registry()


class Thing(TenantBound, Base):
    __tablename__ = "{name}_thing"
    __table_args__ = (UniqueConstraint("tenant_id", "code"),)

    code: Mapped[str]
    price: Mapped[Amount]
"""

EXTENSION = """
from __future__ import annotations
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from core.db import Amount, addon_registry
from core.db.extension import Extension


class Base(DeclarativeBase):
    registry = addon_registry()


class ThingNote(Extension, Base):
    __tablename__ = "{name}_thing"
    extends = "toy_base_thing"
    known_as = "note"

    text: Mapped[str] = mapped_column(default="nothing")
    bonus: Mapped[Amount | None]
"""

HOOKS = """
from core.addons.parts import NavigationItem, Permission
from core.addons.specs import hookimpl
from core.i18n import _


@hookimpl
def register_permissions():
    return (Permission("{name}.thing.read", _("See things")),)


@hookimpl
def navigation_items(session):
    return (NavigationItem("Toys", "{name}", "/{name}/", "puzzle", "{name}.thing.read"),)
"""


@dataclass
class Shelf:
    """A directory of toy addons, on the addons path while the test runs."""

    place: Path
    names: set[str] = field(default_factory=set)

    def add(
        self,
        name: str,
        *requires: str,
        hooks: str = HOOKS,
        models: str | None = None,
        manifest: str | None = None,
        version: str = "1.0.0",
        contract: int = 1,
    ) -> Path:
        """Write an addon; ``{name}`` in its sources becomes its name."""
        folder = self.place / name
        folder.mkdir(parents=True, exist_ok=True)
        self.names.add(name)
        facts = {"name": name, "version": version, "title": name.title(), "summary": name}
        source = manifest or (
            "from core.addons import AddonManifest\n"
            f"MANIFEST = AddonManifest(**{facts!r}, contract={contract}, requires={requires!r})\n"
        )
        self.write(name, "__init__.py", '"""A toy."""')
        self.write(name, "manifest.py", source)
        self.write(name, "hooks.py", hooks)
        if models is not None:
            self.write(name, "models.py", models)
        return folder

    def write(self, name: str, path: str, source: str) -> None:
        """Write one file of an addon."""
        target = self.place / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(source).replace("{name}", name), encoding="utf-8")

    def find(self) -> Discovery:
        """Discover the toys, and nothing else that is on the path."""
        invalidate_caches()
        found = discover([self.place])
        return Discovery(
            {name: addon for name, addon in found.found.items() if name in self.names},
            tuple(bad for bad in found.quarantined if bad.name in self.names),
        )

    def migrate(self, name: str, message: str = "Change tables") -> Path | None:
        """Write the next migration of a toy."""
        return make_migration(self.find().with_requirements(name), message)

    def model(self, name: str, class_: str) -> Any:
        """Give a class of a toy's models, as loaded last."""
        return getattr(import_module(f"addons.{name}.models"), class_)

    def forget(self) -> None:
        """Take the toys out of the process, as a new process would start without them."""
        for name in self.names:
            unload(name)
            for source in (self.place / name).rglob("*.py"):
                Path(cache_from_source(str(source))).unlink(missing_ok=True)

    def close(self) -> None:
        """Leave the process as it was."""
        self.forget()
        package = sys.modules.get("addons")
        if package is not None:
            here = str(self.place.resolve())
            package.__path__ = [place for place in package.__path__ if place != here]

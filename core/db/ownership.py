"""Whose table is it? Every table carries the name of its addon in ``Table.info["addon"]``.

The prefix of a name would not do: ``pos_`` also starts ``pos_restaurant_table``. A mapped table
belongs to the addon whose module maps it; one without a class to the addon being loaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Final
from weakref import WeakSet

from sqlalchemy import MetaData, Table, event
from sqlalchemy.orm import Mapper, registry
from sqlalchemy.orm.attributes import manager_of_class

from core.errors import PlatformError

#: The platform's own tables count as those of an addon of this name.
CORE: Final = "core"
_KEY: Final = "addon"


class OwnershipError(PlatformError):
    """A table or mapping that would not stay its addon's own."""

    code: ClassVar[str] = "db.ownership"
    http_status: ClassVar[int] = 500


_registries: Final[dict[str, WeakSet[registry]]] = {}


def addon_of_module(module: str) -> str | None:
    """Tell which addon a module belongs to: ``core``, or ``x`` of ``addons.x.models``."""
    top, _, rest = module.partition(".")
    if top == CORE and ".tests" not in rest:
        return CORE
    return rest.partition(".")[0] or None if top == "addons" else None


def addon_of(table: Table) -> str | None:
    """Tell whose table it is; None for one that nobody claimed, such as a test's."""
    found: str | None = table.info.get(_KEY)
    return found


def claim(tables: Iterable[Table], addon: str) -> None:
    """Give the tables that belong to nobody yet to ``addon``."""
    for table in tables:
        table.info.setdefault(_KEY, addon)


def tables_of(metadata: MetaData, addon: str) -> list[Table]:
    """List the tables of ``addon``, each after those it points at."""
    return [table for table in metadata.sorted_tables if addon_of(table) == addon]


def registries_of(addon: str) -> list[registry]:
    """List the mapper registries that the modules of ``addon`` mapped classes with."""
    return list(_registries.get(addon, ()))


def forget(metadata: MetaData, addon: str, tables: Iterable[Table] = ()) -> None:
    """Take the mappings and tables of ``addon``, and ``tables``, out of this process."""
    for own in _registries.pop(addon, ()):
        own.dispose(cascade=True)
    for table in {*tables_of(metadata, addon), *tables}:
        metadata.remove(table)


@event.listens_for(Mapper, "instrument_class")
def _keep_registries_apart(_mapper: Mapper[Any], class_: type[Any]) -> None:
    owner = addon_of_module(class_.__module__)
    own = manager_of_class(class_).registry
    if owner not in {None, CORE} and own in _registries.get(CORE, ()):
        raise OwnershipError(
            f"{class_.__name__} is mapped with the core's Base: make one with addon_registry()"
        )


@event.listens_for(Mapper, "after_mapper_constructed")
def _claim_for_its_module(mapper: Mapper[Any], class_: type[Any]) -> None:
    owner = addon_of_module(class_.__module__)
    if owner is None:
        return
    _registries.setdefault(owner, WeakSet()).add(mapper.registry)
    if isinstance(mapper.local_table, Table):
        claim([mapper.local_table], owner)

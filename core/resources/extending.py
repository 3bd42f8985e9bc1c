"""What an addon adds to a resource of another, gone where the business does not use the addon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from pydantic import create_model

from core.resources.actions import Action
from core.resources.check import check
from core.resources.commands import Command, known_field
from core.resources.declaration import Column, Filter, Part, Resource, Tab
from core.resources.errors import ResourceError

M = TypeVar("M")
#: A service takes the command as ``command``; a part under such a name could not be told apart.
_TAKEN: Final = frozenset({"id", "version", "archived"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceExtension:
    """New columns, filters, tabs and actions of a resource, and a part of its command."""

    target: str
    columns: tuple[Column[Any], ...] = ()
    filters: tuple[Filter, ...] = ()
    tabs: tuple[Tab, ...] = ()
    actions: tuple[Action[Any], ...] = ()
    part: Part[Any] | None = None


def extend(
    target: str,
    *,
    columns: Sequence[Column[Any]] = (),
    filters: Sequence[Filter] = (),
    tabs: Sequence[Tab] = (),
    actions: Sequence[Action[Any]] = (),
    part: Part[Any] | None = None,
) -> ResourceExtension:
    """Add to the resource named ``target``: names must be new, the target must be there.

    The fields of ``part`` are written under its key, ``{"dian": {…}}``; ``tabs`` show them as
    ``"dian.regime"``. All of it vanishes where the addon is not switched on.
    """
    return ResourceExtension(
        target=target,
        columns=tuple(columns),
        filters=tuple(filters),
        tabs=tuple(tabs),
        actions=tuple(actions),
        part=part,
    )


class Extensions:
    """Every extension of the running addons, and the resources that they make of others'."""

    def __init__(self) -> None:
        self._known: dict[str, list[tuple[str, ResourceExtension]]] = {}
        self._whole: dict[tuple[str, frozenset[str]], Resource[Any]] = {}

    def add(self, addon: str, resource: Resource[Any], extension: ResourceExtension) -> None:
        """Take an extension up; one that cannot work is refused and nothing is changed."""
        names = frozenset({one for one, _extension in self._of(resource)} | {addon})
        before = self.whole(resource, names)
        check_extension(addon, before, extension)
        self._known.setdefault(resource.name, []).append((addon, extension))
        self._whole.clear()

    def forget(self, addons: Iterable[str]) -> None:
        """Drop the extensions of addons that do not run after all."""
        gone = set(addons)
        for name, several in self._known.items():
            self._known[name] = [one for one in several if one[0] not in gone]
        self._whole.clear()

    def whole(self, resource: Resource[Any], enabled: frozenset[str]) -> Resource[Any]:
        """Give a resource with what the addons in ``enabled`` added to it."""
        own = [(addon, one) for addon, one in self._of(resource) if addon in enabled]
        if not own:
            return resource
        key = (resource.name, frozenset(addon for addon, _one in own))
        if key not in self._whole:
            self._whole[key] = merged(resource, [one for _addon, one in own])
        return self._whole[key]

    def _of(self, resource: Resource[Any]) -> list[tuple[str, ResourceExtension]]:
        return self._known.get(resource.name, [])


def merged(resource: Resource[Any], extensions: Sequence[ResourceExtension]) -> Resource[Any]:
    """Put a resource and what was added to it together."""
    parts = tuple(one.part for one in extensions if one.part is not None)
    return replace(
        resource,
        columns=(*resource.columns, *(column for one in extensions for column in one.columns)),
        filters=(*resource.filters, *(each for one in extensions for each in one.filters)),
        form=(*resource.form, *(tab for one in extensions for tab in one.tabs)),
        actions=(*resource.actions, *(action for one in extensions for action in one.actions)),
        parts=(*resource.parts, *parts),
        whole_command=_command_with(resource, parts),
    )


def check_extension(addon: str, resource: Resource[Any], extension: ResourceExtension) -> None:
    """Refuse an extension that names something missing, or something that is there already."""
    part = extension.part
    if part is not None:
        own = resource.own_command
        if own is None or resource.update is None:
            raise ResourceError(f"{resource.name} is not written, so it takes no part {part.key}")
        if part.key in own.model_fields or part.key in _TAKEN or not part.key.isidentifier():
            raise ResourceError(f"{resource.name}: the part {part.key} needs a name of its own")
    names = {one.name for one in resource.actions}
    if taken := [one.name for one in extension.actions if one.name in names]:
        raise ResourceError(f"{resource.name} has the actions {taken} already")
    whole = merged(resource, [extension])
    shown = [place for tab in extension.tabs for place in tab.fields]
    for place in shown:
        of_part = part is not None and place.startswith(f"{part.key}.")
        if not of_part or known_field(whole.command or Command, place) is None:
            raise ResourceError(
                f"{resource.name}: {addon} adds a tab with {place}, which is not its own"
            )
    check(resource.name.partition(".")[0], whole)


def _command_with(resource: Resource[Any], parts: Sequence[Part[Any]]) -> type[Command] | None:
    own = resource.whole_command or resource.own_command
    if own is None or not parts:
        return resource.whole_command
    fields: Any = {part.key: (part.command | None, None) for part in parts}
    return create_model(
        f"{own.__name__}And{''.join(one.key.title() for one in parts)}", __base__=own, **fields
    )

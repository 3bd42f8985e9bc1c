"""The states of a record and the deeds that lead from one to the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from core.addons.parts import Permission
from core.resources.commands import Attribute, Options
from core.tenancy import TenantBound, TenantSession
from core.web.pages.listing import Badge
from core.web.pages.record import Step
from core.web.pages.shell import Text

if TYPE_CHECKING:
    from core.resources.declaration import Resource

M = TypeVar("M", bound=TenantBound)

#: Deeds that every list has; no action takes their names.
BUILT_IN: Final = frozenset({"create", "update", "archive", "restore", "edit"})


class States:
    """The life of a record: ``States(Order.state, draft=("confirmed",), confirmed=("paid",))``.

    A record begins in the first state; whoever changes it, by form, action or program, only moves
    along. ``words`` say the states; without them those of the column of the attribute do.
    """

    def __init__(
        self, attribute: Attribute, words: Options | None = None, /, **moves: tuple[str, ...]
    ) -> None:
        self.attribute = attribute
        self.words = words
        self.moves: Mapping[str, tuple[str, ...]] = moves

    @property
    def name(self) -> str:
        """The name of the attribute."""
        return str(self.attribute.key)

    @property
    def known(self) -> tuple[str, ...]:
        """Every state, in the order in which they are declared."""
        targets = (to for several in self.moves.values() for to in several)
        return tuple(dict.fromkeys((*self.moves, *targets)))

    def allows(self, before: str, after: str) -> bool:
        """Tell whether a record may go from one state to another; staying is always allowed."""
        return before == after or after in self.moves.get(before, ())

    def path(self, current: str) -> tuple[str, ...]:
        """Give the states that lead to ``current``, then those that usually follow."""
        first = next(iter(self.moves), current)
        ways: list[tuple[str, ...]] = [(first,)]
        found: tuple[str, ...] = (current,)
        seen = {first}
        while ways:
            way = ways.pop(0)
            if way[-1] == current:
                found = way
                break
            fresh = [to for to in self.moves.get(way[-1], ()) if to not in seen]
            seen.update(fresh)
            ways += [(*way, to) for to in fresh]
        while following := [to for to in self.moves.get(found[-1], ()) if to not in found]:
            found = (*found, following[0])
        return found

    def word(self, resource: Resource[Any], state: str) -> Badge | Text:
        """Give the word people read for a state."""
        words = self.words or next(
            (one.options for one in resource.columns if one.attribute is self.attribute), None
        )
        return (words or {}).get(state, state)

    def steps(self, resource: Resource[Any], current: str) -> tuple[Step, ...]:
        """Give the status bar of a record."""
        path = self.path(current)
        here = path.index(current)
        return tuple(
            Step(
                word.text if isinstance(word, Badge) else word,
                "done" if place < here else "current" if place == here else "next",
            )
            for place, state in enumerate(path)
            for word in (self.word(resource, state),)
        )


@dataclass(frozen=True, slots=True)
class Action(Generic[M]):
    """A deed on a record: ``service`` is ``(session, record)``; it flushes, never commits.

    ``when`` tells of a record whether it can be done; where it is false there is no button, and
    the API refuses. Without ``permission`` it asks for that of changing the record. ``bulk`` offers
    it for many records; ``confirm`` asks first, in words that say the consequence. ``inverse``
    names the action that undoes it: the notice after the deed then has "Undo" for ten seconds.
    """

    name: str
    service: Callable[[TenantSession, M], object]
    label: Text
    icon: str = ""
    permission: Permission | None = None
    when: Callable[[M], bool] | None = None
    bulk: bool = False
    hotkey: str = ""
    confirm: Text = ""
    inverse: str = ""
    done: Text = ""
    primary: bool = False
    danger: bool = False

    def is_open(self, record: M) -> bool:
        """Tell whether it can be done to a record now."""
        return self.when is None or self.when(record)

"""Fields that are seen, needed or fixed only sometimes, by rules with a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from core.errors import BadInputError
from core.i18n import _
from core.resources.commands import Command
from core.web.pages.record import Fact

#: Tells by the values of a command, as far as they are known, whether a rule applies.
Condition = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """Fields that are ``visible``, ``required`` or ``readonly`` only when ``when`` says so.

    The form follows while one types; the API holds to the same rule: a field that is not visible
    stays empty, one that is required is there, one that is read-only keeps what it has.
    """

    effect: Literal["visible", "required", "readonly"]
    fields: tuple[str, ...]
    when: Condition


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What a resource works out while somebody types: values of fields and of lines, and totals.

    ``lines`` has, by the name of the field, the values of each line in its order.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    lines: Mapping[str, Sequence[Mapping[str, object]]] = field(default_factory=dict)
    totals: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Which fields are hidden, needed or fixed now."""

    hidden: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    readonly: frozenset[str] = frozenset()


def standing(rules: Sequence[Rule], values: Mapping[str, Any]) -> Standing:
    """Apply the rules to what a form or a command says."""
    found: dict[str, set[str]] = {"visible": set(), "required": set(), "readonly": set()}
    for rule in rules:
        holds = rule.when(values)
        if holds is not (rule.effect == "visible"):
            found[rule.effect].update(rule.fields)
    return Standing(
        hidden=frozenset(found["visible"]),
        required=frozenset(found["required"] - found["visible"]),
        readonly=frozenset(found["readonly"]),
    )


def check_rules(
    rules: Sequence[Rule], command: Command, before: Mapping[str, object] | None
) -> None:
    """Refuse a command that does not keep the rules; ``before`` is what a record says now."""
    if not rules:
        return
    values = dict(command)
    now = standing(rules, values)
    wrong: dict[str, object] = {}
    for name in now.hidden:
        if values[name] not in _nothing(command, name):
            wrong[name] = _("This stays empty.")
    for name in now.required:
        if values[name] in (None, "", []):
            wrong[name] = _("This is missing.")
    for name in now.readonly if before is not None else ():
        if before is not None and values[name] != before.get(name):
            wrong[name] = _("This cannot be changed.")
    if wrong:
        raise BadInputError(_("Some values are not right."), fields=wrong)


def _nothing(command: Command, name: str) -> tuple[object, ...]:
    info = type(command).model_fields[name]
    return (None, "", [], False, info.get_default(call_default_factory=True))

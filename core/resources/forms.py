"""What was typed into a form, as a command; and a command, as a form would have it typed.

Names of controls: ``name``; ``dian-regime`` of a part; ``lines-keys`` with the keys of the lines
in their order, then ``lines-<key>-qty``. A key is the line's id, or ``new1`` for a new one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from werkzeug.datastructures import MultiDict

from core.api.bodies import invalid
from core.errors import BadInputError
from core.i18n import _
from core.i18n.formats import quantity
from core.resources.commands import (
    Command,
    Line,
    is_list,
    line_of,
    may_be_nothing,
    part_of,
    types_of,
)

C = TypeVar("C", bound=Command)

#: What every form of ours carries besides its fields.
FRAME: Final = frozenset({"csrf_token", "tenant_uid", "version", "form_key"})
#: The key of the empty line that the page copies.
BLANK: Final = "__key__"
_KEYS: Final = "-keys"
_REMOVED: Final = "removed"
_THOUSANDS: Final = re.compile(r"-?\d{1,3}(\.\d{3})+")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form shows: text by control, with what is wrong and what others saved meanwhile.

    ``errors`` are by place in the command (``lines.1.qty``), ``hints`` by name of the control.
    """

    values: Mapping[str, str]
    errors: Mapping[str, object] = field(default_factory=dict)
    hints: Mapping[str, object] = field(default_factory=dict)


def typed(form: MultiDict[str, str]) -> dict[str, str]:
    """Give what was typed, control by control, without the frame of the form."""
    return {
        name: " ".join(form.getlist(name)) if name.endswith(_KEYS) else said
        for name, said in form.items()
        if name not in FRAME
    }


def understood(command: type[C], said: Mapping[str, str]) -> C:
    """Read what was typed as a command; refuse by place, an unknown field too."""
    reader = _Reader(said)
    values = reader.command(command)
    values |= {name: text for name, text in said.items() if name not in reader.used}
    try:
        made = command.model_validate(values)
    except ValidationError as error:
        refused = invalid(error)
        if not isinstance(refused, BadInputError):
            raise refused from error
        fields = {**refused.fields, **reader.wrong}
        raise BadInputError(refused.message, fields=fields, codes=refused.codes) from error
    if reader.wrong:
        raise BadInputError(_("Some values are not right."), fields=reader.wrong)
    return made


def draft(command: type[Command], said: Mapping[str, str]) -> dict[str, Any]:
    """Give what was typed as far as it can be understood: while one types, much is missing."""
    return _Reader(said).command(command)


def said_of(command: type[Command], values: Mapping[str, object]) -> dict[str, str]:
    """Write the values of a command as its form has them typed."""
    said: dict[str, str] = {}
    for name, info in command.model_fields.items():
        value = values.get(name)
        if (line := line_of(info)) is not None:
            said |= _said_lines(line, name, cast("Sequence[Any]", value or ()))
        elif (part := part_of(info)) is not None:
            inner = said_of(part, dict(value) if value else {})  # type: ignore[call-overload]
            said |= {f"{name}-{key}": text for key, text in inner.items()}
        else:
            said[name] = written(value)
    return said


def starting_values(command: type[Command]) -> dict[str, str]:
    """Give what an empty form shows: the command's own defaults."""
    defaults = {
        name: info.get_default(call_default_factory=True)
        for name, info in command.model_fields.items()
        if not info.is_required() and part_of(info) is None
    }
    said = said_of(command, defaults)
    for name, info in command.model_fields.items():
        if (part := part_of(info)) is not None:
            said |= {f"{name}-{key}": text for key, text in starting_values(part).items()}
    return said


def line_keys(said: Mapping[str, str], name: str) -> list[str]:
    """Give the keys of the lines that a form has, removed ones too, in their order."""
    return said.get(f"{name}{_KEYS}", "").split()


def kept_keys(said: Mapping[str, str], name: str, line: type[Line]) -> list[str]:
    """Give the keys of the lines that count: the place of each is its place in the command."""
    blank = starting_values(line)
    return [key for key in line_keys(said, name) if not _is_idle(said, f"{name}-{key}-", blank)]


def is_removed(said: Mapping[str, str], name: str, key: str) -> bool:
    """Tell whether somebody took a line away."""
    return bool(said.get(f"{name}-{key}-{_REMOVED}"))


def is_new(key: str) -> bool:
    """Tell whether a line was not saved yet."""
    return key == BLANK or key.startswith("new")


def number(text: str) -> Decimal:
    """Read a number as people write it here: ``1.234,50``, ``$ 5.200``, ``4.5``.

    A dot before three digits parts thousands; any other dot parts decimals, as keypads type it.
    """
    bare = re.sub(r"[\s\u00a0$%]", "", text).replace("\u2212", "-")
    if "," in bare or _THOUSANDS.fullmatch(bare):
        bare = bare.replace(".", "").replace(",", ".")
    found = Decimal(bare)
    if not found.is_finite():
        raise InvalidOperation
    return found


def written(value: object) -> str:
    """Give a value as its control shows it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, Decimal):
        return quantity(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "\n".join(str(one) for one in value)
    return str(value)


class _Reader:
    """Reads what was typed, command by command, and remembers what it has read."""

    def __init__(self, said: Mapping[str, str]) -> None:
        self._said = said
        self.used: set[str] = set()
        self.wrong: dict[str, object] = {}

    def command(self, command: type[Command], prefix: str = "", place: str = "") -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, info in command.model_fields.items():
            control, here = f"{prefix}{name}", f"{place}{name}"
            if (line := line_of(info)) is not None:
                values[name] = list(self._lines(line, control, here))
            elif (part := part_of(info)) is not None:
                values[name] = self.command(part, f"{control}-", f"{here}.")
            else:
                self._single(info, name, control, here, values)
        return values

    def _single(
        self, info: FieldInfo, name: str, control: str, place: str, values: dict[str, Any]
    ) -> None:
        self.used.add(control)
        try:
            found = _value(info, self._said.get(control, "").strip())
        except InvalidOperation:
            self.wrong[place] = _("Write a number such as 1.234,50.")
            return
        # What was left empty is missing, or what the command takes when nothing is said.
        if found is not None or may_be_nothing(info):
            values[name] = found

    def _lines(self, line: type[Line], control: str, place: str) -> Iterator[dict[str, Any]]:
        counted = kept_keys(self._said, control, line)
        for key in line_keys(self._said, control):
            start = f"{control}-{key}-"
            self.used.add(f"{start}{_REMOVED}")
            if key not in counted:
                self.used |= {name for name in self._said if name.startswith(start)}
        self.used.add(f"{control}{_KEYS}")
        for index, key in enumerate(counted):
            start, here = f"{control}-{key}-", f"{place}.{index}."
            values = self.command(line, start, here)
            yield {**values, "id": None if is_new(key) else key}


def _said_lines(line: type[Line], name: str, rows: Sequence[Any]) -> dict[str, str]:
    said: dict[str, str] = {}
    keys = []
    for count, row in enumerate(rows, start=1):
        values = dict(row)
        key = str(values["id"]) if values.get("id") else f"new{count}"
        keys.append(key)
        inner = said_of(line, values)
        said |= {f"{name}-{key}-{one}": text for one, text in inner.items() if one != "id"}
    return {f"{name}{_KEYS}": " ".join(keys), **said}


def _is_idle(said: Mapping[str, str], start: str, blank: Mapping[str, str]) -> bool:
    """Tell whether a line was removed, or was added and never filled in."""
    if said.get(f"{start}{_REMOVED}"):
        return True
    if not is_new(start.split("-")[-2]):
        return False
    own = {name.removeprefix(start): text for name, text in said.items() if name.startswith(start)}
    return all(not text.strip() or text == blank.get(name) for name, text in own.items())


def _value(info: FieldInfo, text: str) -> Any:
    """Give what one control says in the type its field takes; None for nothing."""
    types = types_of(info)
    if bool in types:
        return bool(text)
    if is_list(info):
        return [line.strip() for line in text.splitlines() if line.strip()]
    if not text:
        texts = str in types and not info.is_required() and not may_be_nothing(info)
        return "" if texts else None
    return number(text) if Decimal in types or int in types else text


def as_id(text: str) -> UUID | None:
    """Read an id; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None

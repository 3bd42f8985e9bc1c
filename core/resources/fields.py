"""A command as a form shows it: sections, tabs, tables of lines, and a summary of errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, get_origin

from pydantic.fields import FieldInfo
from sqlalchemy import select

from core.errors import BadInputError
from core.i18n import _
from core.resources.commands import (
    Command,
    Input,
    Line,
    Reference,
    input_of,
    is_list,
    known_field,
    line_of,
    may_be_nothing,
    part_of,
    types_of,
)
from core.resources.declaration import Resource, Section
from core.resources.forms import (
    BLANK,
    Typed,
    as_id,
    is_removed,
    kept_keys,
    line_keys,
    starting_values,
)
from core.resources.rules import Standing
from core.tenancy import TenantSession
from core.web.pages.listing import Badge, ColumnView, Kind, Option
from core.web.pages.record import (
    FieldKind,
    FieldView,
    LineTable,
    LineView,
    Problem,
    SectionView,
)
from core.web.pages.shell import Text

_KINDS: Final[Mapping[str, Kind]] = {"money": "money", "number": "quantity", "percent": "percent"}


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a resource as it stands: what is typed, what is wrong, whose names are shown."""

    resource: Resource[Any]
    session: TenantSession
    shown: Typed
    standing: Standing = field(default_factory=Standing)

    def sections(self, declared: tuple[Section, ...]) -> tuple[SectionView, ...]:
        """Give sections with their fields, values and errors."""
        return tuple(view for section in declared for view in self._section(section))

    def _section(self, section: Section) -> Iterator[SectionView]:
        plain: list[FieldView] = []
        tables: list[LineTable] = []
        for place in section.fields:
            control = place.replace(".", "-")
            info = self._field(place)
            if (line := line_of(info)) is not None:
                tables.append(self._table(control, info, line))
            elif (part := part_of(info)) is not None:
                plain += [
                    self._view(f"{control}-{name}", f"{place}.{name}", one)
                    for name, one in part.model_fields.items()
                ]
            else:
                plain.append(self._view(control, place, info))
        yield SectionView(section.title, tuple(plain), tables[0] if tables else None)
        yield from (SectionView("", (), table) for table in tables[1:])

    def _field(self, place: str) -> FieldInfo:
        found = known_field(self.resource.command or Command, place)
        if found is None:
            raise KeyError(place)
        return found[1]

    def _view(self, control: str, place: str, info: FieldInfo) -> FieldView:
        about = input_of(place.rpartition(".")[2], info)
        kind = kind_of(about, info)
        value = self.shown.values.get(control, "")
        now = self.shown.hints.get(control)
        return FieldView(
            control,
            about.label,
            kind,
            value,
            shown=self._shown(about.reference, value),
            hint=_("It was changed to: {value}", value=now) if now is not None else about.hint,
            errors=self._errors(place, inside=kind == "textarea"),
            required=is_needed(info, kind) or place in self.standing.required,
            hidden=place in self.standing.hidden,
            readonly=place in self.standing.readonly,
            wide=about.wide,
            options=_options(about, value),
            lookup_url=f"{self.resource.path}/lookup/{place_of_lookup(place)}"
            if kind == "lookup"
            else None,
            unit=about.unit,
            maxlength=next(
                (one.max_length for one in info.metadata if hasattr(one, "max_length")), None
            )
            if kind != "textarea" or not is_list(info)
            else None,
            checked=kind in {"checkbox", "switch"} and bool(value),
        )

    def _shown(self, reference: Reference | None, value: str) -> str:
        key = as_id(value) if reference is not None else None
        if reference is None or key is None:
            return ""
        model: Any = reference.model
        query = select(reference.label).where(model.id == key)
        return str(self.session.scalars(query).first() or "")

    def _errors(self, place: str, *, inside: bool = False) -> tuple[Text, ...]:
        start = f"{place}." if inside else place
        return tuple(
            str(text)
            for key, text in self.shown.errors.items()
            if key == place or (inside and key.startswith(start))
        )

    def _table(self, name: str, info: FieldInfo, line: type[Line]) -> LineTable:
        about = input_of(name, info)
        counted = kept_keys(self.shown.values, name, line)
        columns = tuple(
            ColumnView(one, input_of(one, of).label, _line_kind(one, of), _priority(count))
            for count, (one, of) in enumerate(_line_fields(line), start=1)
        )
        lines = tuple(
            self._line(name, line, key, counted) for key in line_keys(self.shown.values, name)
        )
        blank = Form(
            self.resource,
            self.session,
            Typed({f"{name}-{BLANK}-{one}": text for one, text in starting_values(line).items()}),
        )
        return LineTable(
            name=name,
            title=about.label,
            columns=columns,
            lines=lines,
            blank=blank._line(name, line, BLANK, []),
            errors=self._errors(name),
        )

    def _line(self, name: str, line: type[Line], key: str, counted: list[str]) -> LineView:
        place = f"{name}.{counted.index(key)}" if key in counted else f"{name}.{key}"
        fields = {
            one: self._view(f"{name}-{key}-{one}", f"{place}.{one}", info)
            for one, info in _line_fields(line)
        }
        note = self.shown.hints.get(f"{name}-{key}")
        told = (str(note),) if note is not None else ()
        wrong = (*self._errors(place), *self._errors(f"{place}.id"), *told)
        return LineView(key, fields, {}, is_removed(self.shown.values, name, key), wrong)


def problems(
    command: type[Command], error: BadInputError, said: Mapping[str, str]
) -> tuple[Problem, ...]:
    """Give the summary above the form; each line leads to its control, where there is one."""
    found = [_problem(command, place, text, said) for place, text in error.fields.items()]
    return tuple(found) or (Problem(str(error.message)),)


def kind_of(about: Input, info: FieldInfo) -> FieldKind:
    """Tell how a field is shown: as its ``Input`` says, or as its type asks."""
    if about.kind is not None:
        return about.kind
    if about.reference is not None:
        return "lookup"
    types = types_of(info)
    if about.options is not None or any(get_origin(one) is Literal for one in types):
        return "select"
    found: dict[Any, FieldKind] = {bool: "switch", Decimal: "number", int: "number", date: "date"}
    if is_list(info):
        return "textarea"
    return next((found[one] for one in types if one in found), "text")


def is_needed(info: FieldInfo, kind: FieldKind) -> bool:
    """Tell whether a form asks for a field before it can be saved."""
    if kind in {"checkbox", "switch"}:
        return False
    # A list without an empty choice is always answered.
    return info.is_required() or (kind == "select" and not may_be_nothing(info))


def place_of_lookup(place: str) -> str:
    """Give the place of a reference in the command's schema: ``lines.product_id``."""
    return ".".join(step for step in place.split(".") if not _is_row(step))


def _is_row(step: str) -> bool:
    return step.isdecimal() or step == BLANK or step.startswith("new") or _is_id(step)


def _is_id(step: str) -> bool:
    return as_id(step) is not None


def _problem(command: type[Command], place: str, text: object, said: Mapping[str, str]) -> Problem:
    found = known_field(command, place)
    if found is None:
        return Problem(str(text) if place == "body" else f"{place}: {text}")
    name, info = found
    top = place.partition(".")[0]
    label: object = input_of(name, info).label
    line = line_of(command.model_fields[top])
    if line is None:
        return Problem(f"{label}: {text}", f"f-{place.replace('.', '-')}" if _whole(info) else None)
    _top, row, rest = (*place.split(".", 2), "", "")[:3]
    keys = kept_keys(said, top, line)
    if not row.isdecimal() or int(row) >= len(keys):
        return Problem(f"{label}: {text}", f"f-{top}")
    where = _("line {number}", number=int(row) + 1)
    title = input_of(top, command.model_fields[top]).label
    of_cell = f"{title}, {where}, {label}" if rest else f"{title}, {where}"
    control = f"f-{top}-{keys[int(row)]}-{rest}" if rest else f"l-{top}-{keys[int(row)]}"
    return Problem(f"{of_cell}: {text}", control)


def _whole(info: FieldInfo) -> bool:
    return part_of(info) is None


def _line_fields(line: type[Line]) -> Iterator[tuple[str, FieldInfo]]:
    return ((name, info) for name, info in line.model_fields.items() if name != "id")


def _line_kind(name: str, info: FieldInfo) -> Kind:
    return _KINDS.get(kind_of(input_of(name, info), info), "text")


def _priority(place: int) -> int | None:
    return place if place <= 3 else None


def _options(about: Input, value: str) -> tuple[Option, ...]:
    return tuple(
        Option(key, word.text if isinstance(word, Badge) else word, selected=key == value)
        for key, word in (about.options or {}).items()
    )

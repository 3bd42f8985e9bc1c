"""What may be written: typed commands, and how a form shows each of their fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import NoneType
from typing import Annotated, Any, TypeAlias, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetJsonSchemaHandler
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError
from sqlalchemy.orm import InstrumentedAttribute

from core.resources.errors import ResourceError
from core.tenancy import TenantBound
from core.web.pages.listing import Badge
from core.web.pages.record import FieldKind
from core.web.pages.shell import Text

Attribute: TypeAlias = InstrumentedAttribute[Any]
#: Stored value to the word people read; the same on screen, in filters and in exports.
Options: TypeAlias = Mapping[str, Badge | Text]


class Command(BaseModel):
    """What a service is asked to write; an unknown field is refused, texts lose outer spaces."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Line(Command):
    """One of the lines of a command, ``lines: list[OrderLineIn]``; without ``id`` it is a new one.

    A line that is not sent is removed. ``core.resources.keep_lines`` writes them.
    """

    id: UUID | None = None


def _no_float(value: object) -> object:
    if isinstance(value, float):
        raise PydanticCustomError("decimal_as_text", "write decimals as text")
    return value


#: A decimal that JSON carries as text: a JSON number has lost digits before anybody can look.
Exact = Annotated[Decimal, BeforeValidator(_no_float)]


@dataclass(frozen=True, slots=True)
class Reference:
    """Another record of the business, found while one types: a category, a customer.

    ``resource`` names the list that is searched, with its permission and its record rules; without
    one, the records are found by the beginning of ``label``.
    """

    model: type[TenantBound]
    label: Attribute
    resource: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """How a form shows a field of a command; without ``kind`` the type decides."""

    label: Text
    kind: FieldKind | None = None
    hint: Text = ""
    wide: bool = False
    unit: Text = ""
    options: Options | None = None
    reference: Reference | None = None

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Tell programs, in the OpenAPI document, which list an id is of."""
        described = handler(schema)
        if self.reference is not None and self.reference.resource:
            described = {**described, "x-reference": self.reference.resource}
        return described


def command_of(service: Callable[..., object]) -> type[Command]:
    """Read the command from a service's signature."""
    # The session is imported for checking types only in most services; its name is all we need.
    hints = get_type_hints(service, localns={"TenantSession": object})
    found = hints.get("command")
    if not (isinstance(found, type) and issubclass(found, Command)):
        raise ResourceError(f"{service.__qualname__} takes no parameter `command: <Command>`")
    return found


def input_of(name: str, field: FieldInfo) -> Input:
    """Give how a form shows a field; a field without ``Input`` is shown under its name."""
    return next((one for one in field.metadata if isinstance(one, Input)), Input(name))


def types_of(field: FieldInfo) -> list[Any]:
    """Give the types a field takes, without what annotates them."""
    found = get_args(field.annotation) if may_be_nothing(field) else ()
    return [_bare(one) for one in (found or (field.annotation,)) if one is not NoneType]


def may_be_nothing(field: FieldInfo) -> bool:
    """Tell whether a field takes None."""
    return NoneType in get_args(field.annotation)


def is_list(field: FieldInfo) -> bool:
    """Tell whether a field takes several values."""
    return any(get_origin(one) in {list, tuple} for one in types_of(field))


def line_of(field: FieldInfo) -> type[Line] | None:
    """Give what the lines of a field are; None when it has no lines."""
    for one in types_of(field):
        item = _bare(get_args(one)[0]) if get_origin(one) in {list, tuple} else None
        if isinstance(item, type) and issubclass(item, Line):
            return item
    return None


def part_of(field: FieldInfo) -> type[Command] | None:
    """Give the command inside a field: what an extension adds under one key."""
    found = (one for one in types_of(field) if isinstance(one, type) and issubclass(one, Command))
    return next(found, None)


def known_field(command: type[Command], place: str) -> tuple[str, FieldInfo] | None:
    """Find a field by its place in the command: ``name``, ``lines.1.qty``, ``dian.regime``."""
    name, _dot, rest = place.partition(".")
    field = command.model_fields.get(name)
    if field is None:
        return None
    line = line_of(field)
    if line is not None:
        rest = rest.partition(".")[2]
    inner: type[Command] | None = line or part_of(field)
    return known_field(inner, rest) if inner is not None and rest else (name, field)


def _bare(annotated: Any) -> Any:
    return get_args(annotated)[0] if hasattr(annotated, "__metadata__") else annotated

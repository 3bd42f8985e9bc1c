"""What a resource is made of. Fields are named by mapped attributes, so that mypy checks them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from core.addons.parts import Permission
from core.db.base import Archivable, Versioned
from core.resources.actions import Action, States
from core.resources.commands import (
    Attribute,
    Command,
    Exact,
    Input,
    Line,
    Options,
    Reference,
    command_of,
    input_of,
    line_of,
)
from core.resources.errors import ResourceError
from core.resources.rules import Recomputed, Rule
from core.tenancy import TenantBound, TenantSession
from core.web.pages.listing import Badge, Kind
from core.web.pages.record import DocumentView
from core.web.pages.shell import Text

__all__ = [
    "Action",
    "Attribute",
    "Belongs",
    "Choice",
    "Column",
    "Command",
    "Exact",
    "Filter",
    "Input",
    "Line",
    "Loader",
    "M",
    "Names",
    "Options",
    "Part",
    "Period",
    "Recomputed",
    "Reference",
    "Related",
    "Resource",
    "Rule",
    "Section",
    "States",
    "Tab",
    "command_of",
    "input_of",
]

M = TypeVar("M", bound=TenantBound)
#: Gives the names of records of another table, all of a page at once.
Names: TypeAlias = Callable[[TenantSession, Collection[UUID]], Mapping[UUID, str]]
#: Gives a value of records by their ids, all of a page at once.
Loader: TypeAlias = Callable[[TenantSession, Collection[UUID]], Mapping[UUID, object]]


@dataclass(frozen=True, slots=True)
class Section:
    """Fields of the command under a heading."""

    title: Text
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    """Fields of the command behind a tab of the form, after the sections."""

    title: Text
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part(Generic[M]):
    """What another addon writes together with a record, under one key of the command.

    ``save`` is ``(session, record, command)`` and runs after the record's own service, in the same
    unit of work; ``values`` gives what the part's fields say now.
    """

    key: str
    command: type[Command]
    save: Callable[[TenantSession, M, Any], object]
    values: Callable[[M], Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Column(Generic[M]):
    """One value of a record. It carries data, never markup; ``kind`` says how it is written.

    ``source`` is a mapped attribute, a function of the record, or a name whose values ``load``
    gives by the ids of all records of a page, with one query. Only attributes with ``sort``
    order the list; each needs an index (tenant_id, attribute, id) and no nulls. Without
    ``permission`` the column does not exist for whoever reads: not shown, sorted, filtered,
    exported or answered. ``names`` turns ids into names; ``link`` is the path they hang under.
    """

    source: Attribute | Callable[[M], object] | str
    label: Text
    kind: Kind = "text"
    sort: bool = False
    priority: int | None = None
    permission: Permission | None = None
    options: Options | None = None
    names: Names | None = None
    load: Loader | None = None
    link: str = ""
    note: Callable[[M], Text] | None = None
    strong: bool = False
    sum: bool = False

    @property
    def name(self) -> str:
        """The name in addresses, exports and the API."""
        if isinstance(self.source, InstrumentedAttribute):
            return str(self.source.key)
        return self.source if isinstance(self.source, str) else self.source.__name__

    @property
    def attribute(self) -> Attribute | None:
        """The mapped attribute, if it is one."""
        return self.source if isinstance(self.source, InstrumentedAttribute) else None

    def value(self, record: M) -> object:
        """Give the value as it is kept; what is loaded by the page is not in the record."""
        if isinstance(self.source, str):
            return None
        if isinstance(self.source, InstrumentedAttribute):
            found: object = getattr(record, str(self.source.key))
            return found
        return self.source(record)


@dataclass(frozen=True, slots=True)
class Related:
    """A button on a record that leads to the records of another list that belong to it.

    ``filter`` is the name of one of that list's ``Belongs``; how many there are comes after the
    page. It is there where the other addon is switched on and its list may be read.
    """

    resource: str
    filter: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter: one of a few values."""

    attribute: Attribute
    label: Text
    options: Options
    icon: str = "filter"


@dataclass(frozen=True, slots=True)
class Period:
    """A filter: from a day to a day, both included, or a period such as this month.

    The attribute is a date, or a moment whose day is that of the business's zone.
    """

    attribute: Attribute
    label: Text
    icon: str = "calendar"


@dataclass(frozen=True, slots=True)
class Belongs:
    """A filter that other pages lead to: the records of one till, session or partner, by its id."""

    attribute: Attribute
    label: Text
    icon: str = "link"


#: What narrows a list; each needs an index that begins with the tenant.
Filter: TypeAlias = Choice | Period | Belongs


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Generic[M]):
    """A list, a form or document, an export and an API of one table.

    ``create`` is ``(session, command) -> record``, ``update`` ``(session, record, command)``; both
    take the same ``Command`` and flush, never commit. ``values`` gives the command's fields of a
    record where they are not its attributes. ``archive`` may refuse. ``establishment`` holds the
    record rules: whoever has the permission in some establishments only sees and changes theirs.
    ``sources`` are the names under which other tables point at these records, and ``caused_by`` are
    the attributes (source, source id) that point: documents lead from one to the other.
    ``rules`` say which fields are seen, needed or fixed only sometimes; ``recompute`` is
    ``(session, values) -> Recomputed`` and works out, while somebody types, what follows from it:
    values are missing until they can be understood. ``related`` are buttons to other lists.
    ``states`` and ``actions`` are the life of a record; the fields in ``bulk_edit`` may be set for
    many records at once. ``mark`` colours the rows that need a look, and says why in words.
    """

    name: str
    model: type[M]
    title: Text
    singular: Text
    icon: str
    columns: tuple[Column[M], ...]
    order_by: Attribute
    read_permission: Permission
    descending: bool = False
    write_permission: Permission | None = None
    search: Callable[[str], ColumnElement[bool]] | None = None
    search_hint: Text = ""
    filters: tuple[Filter, ...] = ()
    form: tuple[Section | Tab, ...] = ()
    create: Callable[[TenantSession, Any], M] | None = None
    update: Callable[[TenantSession, M, Any], M] | None = None
    rules: tuple[Rule, ...] = ()
    recompute: Callable[[TenantSession, Mapping[str, Any]], Recomputed] | None = None
    related: tuple[Related, ...] = ()
    states: States | None = None
    actions: tuple[Action[M], ...] = ()
    bulk_edit: tuple[str, ...] = ()
    mark: Callable[[M], Badge | None] | None = None
    archive: Callable[[TenantSession, M], None] | None = None
    values: Callable[[M], Mapping[str, object]] | None = None
    establishment: Attribute | None = None
    document: Callable[[TenantSession, M], DocumentView] | None = None
    sources: tuple[str, ...] = ()
    caused_by: tuple[Attribute, Attribute] | None = None
    create_label: Text = ""
    empty: Text = ""
    empty_text: Text = ""
    #: What addons added, and the command with it: ``core.resources.extending`` fills them in.
    parts: tuple[Part[M], ...] = ()
    whole_command: type[Command] | None = None

    @property
    def path(self) -> str:
        """Where its pages are: ``/contacts/partners``."""
        return "/" + self.name.replace(".", "/")

    @property
    def api_path(self) -> str:
        """Where programs find it."""
        return f"/api/v1{self.path}"

    @property
    def object_type(self) -> str:
        """The name of its records in the audit log: ``contacts.partner``."""
        return self.table.replace("_", ".", 1)

    @property
    def table(self) -> str:
        """The name of its table."""
        return str(getattr(self.model, "__tablename__"))  # noqa: B009 - every mapped class has one

    @property
    def id(self) -> Attribute:
        """The key of a record within the business."""
        return self.model.id

    @property
    def is_archivable(self) -> bool:
        """Whether its records are archived instead of deleted."""
        return issubclass(self.model, Archivable) and self.write_permission is not None

    @property
    def is_versioned(self) -> bool:
        """Whether a stale change is refused."""
        return issubclass(self.model, Versioned)

    @property
    def command(self) -> type[Command] | None:
        """What may be written: the parameter ``command`` of the service, with its parts."""
        if self.whole_command is not None:
            return self.whole_command
        return self.own_command

    @property
    def own_command(self) -> type[Command] | None:
        """What the resource's own service takes."""
        service = self.create or self.update
        return command_of(service) if service else None

    def action(self, name: str) -> Action[M] | None:
        """Find an action by its name."""
        return next((one for one in self.actions if one.name == name), None)

    def permission_of(self, action: Action[M]) -> Permission:
        """Tell what somebody needs to do an action."""
        found = action.permission or self.write_permission
        if found is None:
            raise ResourceError(f"{self.name}: {action.name} asks for no permission")
        return found

    def values_of(self, record: M) -> dict[str, object]:
        """Give what the command's fields say now."""
        if self.command is None:
            return {}
        given = dict(self.values(record)) if self.values else {}
        given |= {part.key: dict(part.values(record)) for part in self.parts}
        found: dict[str, object] = {}
        for name, field in self.command.model_fields.items():
            line = line_of(field)
            if name in given:
                found[name] = given[name]
            elif line is None:
                found[name] = getattr(record, name)
            else:
                found[name] = _lines(line, getattr(record, name))
        return found


def _lines(line: type[Line], rows: list[Any]) -> list[dict[str, object]]:
    """Give the fields of rows in their order: by position where they have one."""
    ordered = sorted(rows, key=lambda row: (getattr(row, "position", 0), row.id))
    return [{name: getattr(row, name) for name in line.model_fields} for row in ordered]

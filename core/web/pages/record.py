"""One record: ``form.html`` writes it, ``document.html`` shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from core.web.pages.listing import Amount, Badge, ColumnView, Option, Row
from core.web.pages.shell import Text

FieldKind: TypeAlias = Literal[
    "text", "email", "tel", "password", "code", "number", "money", "percent", "select", "textarea",
    "checkbox", "switch", "date", "time", "lookup", "file", "hidden", "static",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as the form shows it.

    ``value`` is what stands in the control, in the reader's notation (``1.234,50``); ``shown`` is
    the name of a looked-up record whose id is in ``value``. ``lookup_url`` answers
    ``?q=`` with JSON ``{"items": [{"value", "label", "note"}]}``. A ``hidden`` field is not there
    now, but may come while one types; a ``readonly`` one is shown and sent back as it is.
    """

    name: str
    label: Text
    kind: FieldKind = "text"
    value: str = ""
    shown: str = ""
    hint: Text = ""
    errors: tuple[Text, ...] = ()
    required: bool = False
    disabled: bool = False
    wide: bool = False
    options: tuple[Option, ...] = ()
    lookup_url: str | None = None
    unit: Text = ""
    autocomplete: str = ""
    maxlength: int | None = None
    checked: bool = False
    hidden: bool = False
    readonly: bool = False
    prefix: str = ""

    @property
    def id(self) -> str:
        """The id of the control in the page; errors and labels point at it."""
        return f"f-{self.prefix}{self.name}"

    def labelled(self, prefix: str) -> FieldView:
        """Give the same field under another id: two forms of a page may both have it."""
        return replace(self, prefix=prefix)

    def named(self, name: str) -> FieldView:
        """Give the same field under another name."""
        return replace(self, name=name)


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of a table in a form: a field per column, and the id that the line keeps."""

    key: str
    fields: Mapping[str, FieldView]
    shown: Mapping[str, object]
    removed: bool = False
    errors: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class LineTable:
    """A table of lines that can be added and removed.

    Field names are ``<name>-<key>-<column>``; ``blank`` is an empty line whose key is ``__key__``,
    which the page copies for each new line. A removed line posts ``<name>-<key>-removed=1``.
    """

    name: str
    title: Text
    columns: tuple[ColumnView, ...]
    lines: tuple[LineView, ...]
    blank: LineView
    add_label: Text = ""
    errors: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionView:
    """Fields under a heading, then at most one table of lines."""

    title: Text = ""
    fields: tuple[FieldView, ...] = ()
    lines: LineTable | None = None


@dataclass(frozen=True, slots=True)
class TabView:
    """Part of a form behind a tab; ``template`` is an addon's own content instead of sections."""

    key: str
    title: Text
    sections: tuple[SectionView, ...] = ()
    count: int | None = None
    template: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One state of the life of a record, in order."""

    title: Text
    status: Literal["done", "current", "next"] = "next"


@dataclass(frozen=True, slots=True)
class ActionView:
    """A deed on the record: ``url`` takes a POST. At most one is ``primary``.

    With ``link`` the address is only opened; ``unavailable`` says why it cannot be done now.
    """

    label: Text
    url: str
    icon: str = ""
    primary: bool = False
    danger: bool = False
    link: bool = False
    hotkey: str = ""
    confirm: Text = ""
    unavailable: Text = ""


@dataclass(frozen=True, slots=True)
class RelatedView:
    """A button to the records of another list that belong to this one."""

    title: Text
    url: str
    icon: str
    count: int
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in a field; None is nothing."""

    label: Text
    old: object = None
    new: object = None


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    """One thing that happened to the record, newest first; the platform signs "Guadua"."""

    who: str
    initials: str
    when: datetime
    text: Text = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class ActivityView:
    """The column beside the record; without ``comment_url`` nobody may comment here."""

    entries: tuple[ActivityEntry, ...] = ()
    comment_url: str | None = None
    more_url: str | None = None
    files: int = 0
    files_url: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A named value; ``kind`` says how it is written, ``strong`` that it is the result."""

    label: Text
    value: object
    kind: str = "text"
    strong: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the summary of errors; ``field`` is the id of the control it is about."""

    text: Text
    field: str | None = None


@dataclass(frozen=True, slots=True)
class RecordForm:
    """A form that creates or changes one record.

    ``version`` is the one that was read: it goes back with the form, and an older one is refused.
    ``recompute_url`` takes the whole form by POST and answers with the parts that changed.
    ``form_key`` goes back with what makes a record or does a deed, so that sending it twice does it
    once. ``menu`` holds what one does now and then. ``draft_url`` gives the form back with what was
    typed before and not saved; ``related_url`` the buttons that lead to other lists.
    """

    title: Text
    save_url: str
    sections: tuple[SectionView, ...] = ()
    tabs: tuple[TabView, ...] = ()
    totals: tuple[Fact, ...] = ()
    version: str = ""
    state: Badge | None = None
    path: tuple[Step, ...] = ()
    actions: tuple[ActionView, ...] = ()
    save_label: Text = ""
    cancel_url: str | None = None
    print_url: str | None = None
    recompute_url: str | None = None
    problems: tuple[Problem, ...] = ()
    activity: ActivityView | None = None
    kept: tuple[tuple[str, str], ...] = ()
    form_key: str = ""
    draft_url: str | None = None
    related_url: str | None = None
    menu: tuple[ActionView, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A record that is only read: who, when, lines, totals, and where it is in its life."""

    title: Text
    facts: tuple[Fact, ...] = ()
    columns: tuple[ColumnView, ...] = ()
    lines: tuple[Row, ...] = ()
    lines_title: Text = ""
    totals: tuple[Fact, ...] = ()
    note: Text = ""
    state: Badge | None = None
    path: tuple[Step, ...] = ()
    actions: tuple[ActionView, ...] = ()
    warnings: tuple[Text, ...] = ()
    activity: ActivityView | None = None
    print_url: str | None = None
    version: str = ""
    form_key: str = ""
    related_url: str | None = None


__all__ = [
    "ActionView", "ActivityEntry", "ActivityView", "Amount", "Badge", "Change", "DocumentView",
    "Fact", "FieldKind", "FieldView", "LineTable", "LineView", "Option", "Problem", "RecordForm",
    "SectionView", "Step", "TabView",
]  # fmt: skip

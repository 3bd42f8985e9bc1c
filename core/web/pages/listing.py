"""A list of records: ``list.html``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from core.web.pages.shell import Meaning, Text

#: How a value is written. A column carries values, never markup.
Kind: TypeAlias = Literal[
    "title", "text", "code", "money", "money2", "quantity", "percent", "day", "moment",
    "count", "yes_no", "badge", "link",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Badge:
    """A state: the same word on screen, in filters and in exports."""

    text: Text
    kind: Meaning = ""
    icon: str = "circle"


@dataclass(frozen=True, slots=True)
class Link:
    """A reference to another record; without a url it is only its name."""

    text: Text
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Title:
    """What names a record: bold and linked, with a second line and a picture where there is one."""

    text: Text
    url: str | None = None
    note: Text = ""
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity with its unit, or a price per unit; the value is a Decimal."""

    value: object
    unit: str = ""
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column. ``priority`` 1, 2 and 3 survive on a phone, nothing else does.

    ``then_url`` sorts by this column after those that the list is sorted by; ``place`` is which of
    several it is.
    """

    name: str
    label: Text
    kind: Kind = "text"
    priority: int | None = None
    sort_url: str | None = None
    sorted: Literal["ascending", "descending", ""] = ""
    strong: bool = False
    then_url: str | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One record; ``cells`` has a value for each column name, None where there is nothing.

    ``mark`` is what its tick sends: the id, with the version that was read. ``badge`` says why the
    row asks for a look; it is coloured then.
    """

    id: str
    cells: Mapping[str, object]
    url: str | None = None
    mark: str = ""
    badge: Badge | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select or a filter."""

    value: str
    label: Text
    selected: bool = False


@dataclass(frozen=True, slots=True)
class FilterView:
    """One filter: a choice among options, a period between two days, or a yes or no.

    The value of one of the ``presets`` of a period is an address.
    """

    name: str
    label: Text
    kind: Literal["choice", "period", "toggle"] = "choice"
    icon: str = "filter"
    options: tuple[Option, ...] = ()
    start: str = ""
    end: str = ""
    presets: tuple[Option, ...] = ()
    on: bool = False
    shown: Text = ""
    clear_url: str | None = None


@dataclass(frozen=True, slots=True)
class SavedView:
    """A tab above the list: a name and a query."""

    title: Text
    url: str
    current: bool = False
    count: int | None = None
    remove_url: str | None = None


@dataclass(frozen=True, slots=True)
class ViewDraft:
    """A view that somebody wants to keep: what was typed, and what is wrong with it."""

    title: str = ""
    shared: bool = False
    errors: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class BulkAction:
    """What can be done to all selected rows; ``url`` takes a POST with ``ids`` repeated."""

    label: Text
    icon: str
    url: str
    confirm: Text = ""
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """Where in the list the reader is: ``1–12 de 1.000+``, next and previous, no page numbers."""

    first: int = 0
    last: int = 0
    total: int | None = 0
    capped: bool = False
    exact_url: str | None = None
    previous_url: str | None = None
    next_url: str | None = None


@dataclass(frozen=True, slots=True)
class EmptyState:
    """What a list says before the first record exists."""

    title: Text
    text: Text = ""
    icon: str = "inbox"


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list, its views, filters and what may be done with it.

    ``list_url`` is the address without any query, ``kept`` the query values that a search must
    keep (sort order, saved view). ``unfiltered`` is how many rows there are without the filters,
    if known. ``query`` is what the list is asked, for what is done to all that it finds. An address
    that is None takes its button away.
    """

    title: Text
    list_url: str
    columns: tuple[ColumnView, ...]
    empty: EmptyState
    rows: tuple[Row, ...] = ()
    pages: Pages = field(default_factory=Pages)
    search: str | None = ""
    search_hint: Text = ""
    kept: tuple[tuple[str, str], ...] = ()
    filters: tuple[FilterView, ...] = ()
    filtered: int = 0
    unfiltered: int | None = None
    views: tuple[SavedView, ...] = ()
    save_view_url: str | None = None
    draft: ViewDraft = ViewDraft()
    column_choices: tuple[Option, ...] = ()
    columns_url: str | None = None
    sums: tuple[tuple[Text, object], ...] = ()
    sums_url: str | None = None
    bulk: tuple[BulkAction, ...] = ()
    query: str = ""
    create_url: str | None = None
    create_label: Text = ""
    import_url: str | None = None
    export_url: str | None = None

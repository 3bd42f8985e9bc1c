"""Turns a page of records into what ``list.html`` shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from core.i18n import _
from core.i18n.formats import day
from core.resources.cells import screen_cell
from core.resources.declaration import Belongs, Column, Filter, M, Period, Resource
from core.resources.models import ListView
from core.resources.ordering import DEEPEST, default_sort
from core.resources.periods import PERIODS
from core.resources.reading import (
    Asked,
    Found,
    Reach,
    names_for,
    sortable,
    visible_columns,
    visible_filters,
)
from core.resources.saved import usable_columns, usable_query, views_of
from core.tenancy import TenantSession
from core.web.context import current
from core.web.pages.listing import (
    Badge,
    BulkAction,
    ColumnView,
    EmptyState,
    FilterView,
    Listing,
    Option,
    Pages,
    Row,
    SavedView,
)
from core.web.pages.shell import Text


def listing(
    resource: Resource[M], session: TenantSession, reach: Reach, asked: Asked, found: Found[M]
) -> Listing:
    """Give the list with its columns, filters and pages."""
    known = views_of(resource, session)
    every = visible_columns(resource, reach)
    columns = _chosen(resource, reach, asked, known)
    names = names_for(session, columns, found.records)
    rows = tuple(
        Row(
            str(record.id),
            {column.name: screen_cell(resource, column, record, names) for column in columns},
            f"{resource.path}/{record.id}",
            f"{record.id}.{record.version}" if resource.is_versioned else str(record.id),  # type: ignore[attr-defined]
            resource.mark(record) if resource.mark else None,
        )
        for record in found.records
    )
    summed = any(one.sum for one in every)
    filters = _filters(resource, reach, asked)
    may_create = resource.create is not None and reach.write != frozenset()
    return Listing(
        title=resource.title,
        list_url=resource.path,
        columns=tuple(_column(resource, reach, asked, column) for column in columns),
        empty=EmptyState(
            resource.empty or _("Nothing here yet"), resource.empty_text, resource.icon
        ),
        rows=rows,
        pages=_pages(resource, asked, found),
        search=asked.search if resource.search else None,
        search_hint=resource.search_hint,
        kept=tuple(
            (name, said) for name, said in (("sort", asked.sort), ("view", asked.view)) if said
        ),
        filters=filters,
        filtered=sum(bool(one.shown or one.on) for one in filters),
        create_url=f"{resource.path}/new" if may_create else None,
        create_label=resource.create_label,
        bulk=_bulk(resource, reach, asked),
        views=_views(resource, reach, asked, known),
        save_view_url=f"{resource.path}/views",
        columns_url=f"{resource.path}/columns",
        column_choices=_choices(every, columns),
        sums_url=_address(resource, asked, page="/sums") if summed and found.records else None,
        query=_address(resource, asked).partition("?")[2],
        export_url=_address(resource, asked, page="/export.csv"),
    )


def _chosen(
    resource: Resource[M], reach: Reach, asked: Asked, known: Sequence[ListView]
) -> tuple[Column[M], ...]:
    """Give the columns that are shown: asked for, of the saved view, or usual; the first always."""
    view = next((one for one in known if str(one.id) == asked.view), None)
    usual = next((one for one in known if not one.title), None)
    kept = asked.columns or (view.columns if view is not None and view.columns else ())
    names = usable_columns(resource, reach, kept or (usual.columns if usual else ()))
    every = {one.name: one for one in visible_columns(resource, reach)}
    first = next(iter(every))
    if not names:
        return tuple(every.values())
    return tuple(every[name] for name in (names if first in names else (first, *names)))


def _choices(every: tuple[Column[M], ...], shown: tuple[Column[M], ...]) -> tuple[Option, ...]:
    """Give every column, those that are shown first and in their order."""
    rest = tuple(one for one in every if one not in shown)
    return tuple(Option(one.name, one.label, one in shown) for one in (*shown, *rest))


def _views(
    resource: Resource[M], reach: Reach, asked: Asked, known: Sequence[ListView]
) -> tuple[SavedView, ...]:
    """Give the tabs above the list: everything, then what was saved and still means something."""
    named = [one for one in known if one.title]
    now = {"q": asked.search, "sort": asked.sort, **asked.filters}
    here = {name: said for name, said in now.items() if said}
    own = current().principal.user_id
    found: list[SavedView] = []
    for one in named:
        kept = usable_query(resource, reach, one.query)
        query = urlencode({**kept, "view": str(one.id)})
        # What asks the same is the same view, whatever led here.
        same = str(one.id) == asked.view or (not asked.view and here == kept != {})
        found.append(
            SavedView(
                one.title,
                f"{resource.path}?{query}",
                current=same and not any(other.current for other in found),
                remove_url=f"{resource.path}/views/{one.id}/remove" if one.user_id == own else None,
            )
        )
    everything = not any(one.current for one in found)
    return (SavedView(_("All"), resource.path, current=everything), *found)


def _bulk(resource: Resource[M], reach: Reach, asked: Asked) -> tuple[BulkAction, ...]:
    """Give what may be done to many records at once."""
    path = f"{resource.path}/actions"
    found = [
        BulkAction(one.label, one.icon or "check", f"{path}/{one.name}", danger=one.danger)
        for one in resource.actions
        if one.bulk and reach.can(resource.permission_of(one))
    ]
    if resource.bulk_edit and reach.write != frozenset():
        found.append(BulkAction(_("Change fields"), "pencil", f"{path}/edit"))
    if resource.is_archivable and not asked.archived and reach.write != frozenset():
        found.append(BulkAction(_("Archive"), "archive", f"{path}/archive"))
    return tuple(found)


def _column(resource: Resource[M], reach: Reach, asked: Asked, column: Column[M]) -> ColumnView:
    said = (asked.sort or default_sort(resource)).split(",")
    names = [one.removeprefix("-") for one in said]
    sorted_: Literal["ascending", "descending", ""] = ""
    place = names.index(column.name) if column.name in names else -1
    if place >= 0:
        sorted_ = "descending" if said[place].startswith("-") else "ascending"
    url = then = None
    if column.name in sortable(resource, reach):
        other = f"-{column.name}" if sorted_ == "ascending" else column.name
        url = _address(resource, asked, sort=other)
        kept = [one for one in said if one.removeprefix("-") != column.name]
        # Sorting by this as well: Shift and a click, or a link of its own for the keyboard.
        if kept and len(kept) < DEEPEST:
            then = _address(resource, asked, sort=",".join((*kept, other)))
    return ColumnView(
        column.name, column.label, column.kind, column.priority, url, sorted_, column.strong,
        then_url=then, place=place + 1 if len(said) > 1 and place >= 0 else 0,
    )  # fmt: skip


def _pages(resource: Resource[M], asked: Asked, found: Found[M]) -> Pages:
    if not found.records:
        return Pages()
    first = asked.start
    last = first + len(found.records) - 1
    before = max(1, first - len(found.records))
    following = {"after": found.next, "start": str(last + 1)}
    previous = {"before": found.previous, "start": str(before)}
    return Pages(
        first=first,
        last=last,
        total=max(found.total, last) if found.capped else found.total,
        capped=found.capped,
        exact_url=_address(resource, asked, exact="1") if found.capped else None,
        previous_url=_address(resource, asked, **previous) if found.previous else None,
        next_url=_address(resource, asked, **following) if found.next else None,
    )


def _filters(resource: Resource[M], reach: Reach, asked: Asked) -> tuple[FilterView, ...]:
    found = [
        _filter(resource, asked, one)
        for one in visible_filters(resource, reach)
        # Other pages lead to it; nobody types an id.
        if not isinstance(one, Belongs) or str(one.attribute.key) in asked.filters
    ]
    if resource.is_archivable:
        found.append(
            FilterView(
                "archived",
                _("Archived"),
                "toggle",
                "archive",
                on=asked.archived,
                clear_url=_address(resource, asked, archived=""),
            )
        )
    if asked.of:
        option = Option(asked.of, _("Of one document"), selected=True)
        found.append(
            FilterView(
                "of",
                _("Origin"),
                icon="link",
                options=(option,),
                shown=_("Of one document"),
                clear_url=_address(resource, asked, of=""),
            )
        )
    return tuple(found)


def _filter(resource: Resource[M], asked: Asked, one: Filter) -> FilterView:
    name = str(one.attribute.key)
    if isinstance(one, Period):
        start, end = asked.filters.get(f"{name}_from", ""), asked.filters.get(f"{name}_to", "")
        period = asked.filters.get(name, "")
        without = {f"{name}_from": "", f"{name}_to": "", name: ""}
        return FilterView(
            name,
            one.label,
            "period",
            one.icon,
            start=start,
            end=end,
            presets=_presets(resource, asked, name),
            shown=str(PERIODS[period]) if period in PERIODS else _shown_period(start, end),
            clear_url=_address(resource, asked, **without),
        )
    said = asked.filters.get(name, "")
    if isinstance(one, Belongs):
        return FilterView(
            name,
            one.label,
            "choice",
            one.icon,
            options=(Option(said, _("One of them"), selected=True),),
            shown=_("One of them"),
            clear_url=_address(resource, asked, **{name: ""}),
        )
    options = (
        Option("", _("All"), selected=not said),
        *(Option(key, _word(word), selected=key == said) for key, word in one.options.items()),
    )
    return FilterView(
        name,
        one.label,
        "choice",
        one.icon,
        options=options,
        shown=_word(one.options[said]) if said else "",
        clear_url=_address(resource, asked, **{name: ""}),
    )


def _presets(resource: Resource[M], asked: Asked, name: str) -> tuple[Option, ...]:
    """Give the periods that people mean, each as the address that asks for it."""
    said = asked.filters.get(name, "")
    without = {f"{name}_from": "", f"{name}_to": ""}
    return tuple(
        Option(_address(resource, asked, **without, **{name: key}), word, selected=key == said)
        for key, word in PERIODS.items()
    )


def _shown_period(start: str, end: str) -> str:
    written = [day(date.fromisoformat(one)) if one else "…" for one in (start, end)]
    return " – ".join(written) if start or end else ""


def _word(option: Badge | Text) -> Text:
    return option.text if isinstance(option, Badge) else option


def _address(resource: Resource[Any], asked: Asked, *, page: str = "", **changed: str) -> str:
    """Give the list's address with what is asked now, but ``changed``; from the first page."""
    said: Mapping[str, str] = {
        "q": asked.search,
        "sort": asked.sort,
        "archived": "1" if asked.archived else "",
        "of": asked.of,
        "view": asked.view,
        **asked.filters,
        **changed,
    }
    pairs = [(name, value) for name, value in said.items() if value]
    query = urlencode([*pairs, *(("columns", one) for one in asked.columns)])
    return f"{resource.path}{page}" + (f"?{query}" if query else "")

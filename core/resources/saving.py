"""The form of a record: shown empty, filled, copied, refused, or overtaken by somebody else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Response, request

from core.api.once import do_once
from core.errors import BadInputError, PlatformError
from core.i18n import _
from core.ids import uuid7
from core.resources.acting import action_views, state_badge, status_steps
from core.resources.asking import reach_of, version_of
from core.resources.cells import title_of
from core.resources.commands import Command
from core.resources.declaration import Resource, Section, Tab
from core.resources.errors import StaleError
from core.resources.fields import Form, problems
from core.resources.forms import (
    Typed,
    as_id,
    draft,
    said_of,
    starting_values,
    typed,
    understood,
)
from core.resources.history import history
from core.resources.keys import form_fingerprint, form_key
from core.resources.reading import find
from core.resources.rules import standing
from core.resources.stale import overtaken
from core.resources.writing import Door
from core.tenancy import TenantSession
from core.web.addresses import see_other
from core.web.context import current
from core.web.pages.record import ActionView, Fact, Problem, RecordForm, TabView
from core.web.pages.shell import Crumb
from core.web.shell import page


def new_form(resource: Resource[Any]) -> str:
    """Show an empty form, or a copy of the record that ``?copy=`` names."""
    key = as_id(request.args.get("copy", ""))
    if key is None:
        return record_page(resource, None, None)
    record = find(resource, current().read(), reach_of(resource), key)
    said = said_of(_command(resource), _copied(resource.values_of(record)))
    return record_page(resource, None, None, Typed(said))


def record_page(
    resource: Resource[Any],
    key: UUID | None,
    record: Any,
    said: Typed | None = None,
    wrong: tuple[Problem, ...] = (),
) -> str:
    """Show the form of a record, or of a new one."""
    form = _record_form(resource, key, record, said, wrong)
    return page("form.html", form.title, breadcrumb=crumbs(resource), record=form)


def live_form(
    resource: Resource[Any], said: Typed, totals: tuple[Fact, ...] | None = None
) -> RecordForm:
    """Give the parts of a form that follow what is typed: fields by the rules, lines, totals."""
    session, values = current().read(), draft(_command(resource), said.values)
    if totals is None and resource.recompute is not None:
        totals = resource.recompute(session, values).totals
    form = Form(resource, session, said, standing(resource.rules, values))
    plain = tuple(one for one in resource.form if isinstance(one, Section))
    follows = resource.rules or resource.recompute
    return RecordForm(
        title=resource.title,
        save_url=resource.path,
        sections=form.sections(plain),
        tabs=tuple(
            _tab(form, place, one)
            for place, one in enumerate(resource.form)
            if isinstance(one, Tab)
        ),
        totals=totals or (),
        recompute_url=f"{resource.path}/recompute" if follows else None,
        draft_url=f"{resource.path}/recompute",
    )


def save(resource: Resource[Any], key: UUID | None) -> Response | tuple[str, int]:
    """Save what was typed; what is refused is shown again with what was typed."""
    context, reach, said = current(), reach_of(resource), typed(request.form)
    command_type = _command(resource)
    try:
        if key is not None:
            find(resource, context.read(), reach, key)
        saved = _saved(resource, key, understood(command_type, said))
    except BadInputError as error:
        record = find(resource, context.read(), reach, key) if key else None
        shown = Typed(said, error.fields)
        told = problems(command_type, error, said)
        return record_page(resource, key, _as_read(record), shown, told), error.http_status
    except StaleError as error:
        return _stale(resource, key, said, error), 409
    context.flash("ok", _("Saved."))
    return see_other(f"{resource.path}/{saved}")


def crumbs(resource: Resource[Any]) -> tuple[Crumb, ...]:
    """Lead back to the list."""
    return (Crumb(resource.title, resource.path),)


def _saved(resource: Resource[Any], key: UUID | None, command: Command) -> str:
    context, reach, once = current(), reach_of(resource), form_key()

    def work(session: TenantSession) -> tuple[int, str]:
        door = Door(resource, session, reach)
        if key is None:
            return 303, str(door.create(command).id)
        expected = version_of(request.form.get("version", ""))
        return 303, str(door.update(key, expected, command).id)

    if key is None and once is not None:
        return str(do_once(once, form_fingerprint(), f"{resource.name}.create", work).body)
    with context.write() as session:
        return work(session)[1]


def _record_form(
    resource: Resource[Any],
    key: UUID | None,
    record: Any,
    said: Typed | None,
    wrong: tuple[Problem, ...],
) -> RecordForm:
    session, command = current().read(), _command(resource)
    if said is None:
        known = record is not None
        said = Typed(
            said_of(command, resource.values_of(record)) if known else starting_values(command)
        )
    form = live_form(resource, said)
    return replace(
        form,
        title=title_of(resource, record) if record is not None else resource.create_label,
        save_url=f"{resource.path}/{key}" if key else f"{resource.path}/new",
        version=str(record.version) if record is not None else "",
        state=state_badge(resource, record),
        path=status_steps(resource, record),
        actions=action_views(resource, record),
        menu=_menu(resource, record),
        related_url=f"{resource.path}/{key}/related" if key and resource.related else None,
        cancel_url=resource.path,
        problems=wrong,
        activity=history(resource, session, key) if key else None,
        form_key=request.form.get("form_key") or str(uuid7()),
    )  # fmt: skip


def _tab(form: Form, place: int, tab: Tab) -> TabView:
    return TabView(f"tab{place}", tab.title, form.sections((Section("", tab.fields),)))


def _menu(resource: Resource[Any], record: Any) -> tuple[ActionView, ...]:
    if record is None or resource.create is None:
        return ()
    url = f"{resource.path}/new?copy={record.id}"
    return (ActionView(_("Duplicate"), url, icon="copy", link=True),)


def _copied(values: dict[str, object]) -> dict[str, object]:
    """Give values without the ids of lines: a copy has lines of its own."""
    return {
        name: [{**row, "id": None} for row in value]
        if isinstance(value, list) and value and isinstance(value[0], dict)
        else value
        for name, value in values.items()
    }


def _command(resource: Resource[Any]) -> type[Command]:
    if resource.command is None:
        raise TypeError(f"{resource.name} has no form")
    return resource.command


class _AsRead:
    """A record as the person read it: its version is the one that came with the form."""

    def __init__(self, record: Any, version: str) -> None:
        self._record = record
        self.version = version

    def __getattr__(self, name: str) -> Any:
        return getattr(self._record, name)


def _as_read(record: Any) -> Any:
    return None if record is None else _AsRead(record, request.form.get("version", ""))


def _stale(
    resource: Resource[Any], key: UUID | None, said: dict[str, str], error: PlatformError
) -> str:
    """Show what was typed again, with what others saved meanwhile beside it."""
    context = current()
    context.pause_reading()
    context.read().expire_all()
    if key is None:
        raise error
    record = find(resource, context.read(), reach_of(resource), key)
    shown = overtaken(_command(resource), said, resource.values_of(record))
    return record_page(resource, key, record, shown, (Problem(str(error)),))

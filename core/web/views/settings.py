"""What the addons of a business let it decide, on one page."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from flask import Response, render_template, request
from werkzeug.exceptions import NotFound

from core.addons.gate import visible
from core.addons.parts import Setting
from core.auth.permissions import MANAGE_SETTINGS
from core.errors import BadInputError
from core.i18n import _, formats, gettext
from core.settings.services import change_setting, read_setting, setting
from core.web.access import requires
from core.web.addresses import see_other
from core.web.context import RequestContext, current
from core.web.pages.listing import Option
from core.web.pages.record import FieldKind, FieldView, Problem, RecordForm, SectionView
from core.web.shell import shell, tenant_view
from core.web.views.blueprint import web

HERE: Final = "/admin/settings"
_KINDS: Final[Mapping[str, FieldKind]] = {
    "number": "number",
    "choice": "select",
    "yesno": "switch",
    "text": "text",
}


@web.get(HERE)
@requires(MANAGE_SETTINGS)
def settings() -> str:
    """Show every setting of the addons that are on, for the establishment worked in."""
    context = current()
    session = context.read()
    shown = {
        one.name: _written(setting(session, one, _place(context, one)))
        for one in _declared(context)
    }
    return _form(context, shown, {})


@web.post(HERE)
@requires(MANAGE_SETTINGS)
def change_settings() -> Response | tuple[str, int]:
    """Keep what changed; with one mistake nothing is kept."""
    context = current()
    said = {one.name: request.form.get(one.name, "") for one in _declared(context)}
    values: dict[str, Any] = {}
    wrong: dict[str, object] = {}
    for one in _declared(context):
        try:
            values[one.name] = read_setting(one, said[one.name])
        except BadInputError as error:
            wrong |= error.fields
    if wrong:
        return _form(context, said, wrong), 422
    declared = [(one, _place(context, one)) for one in _declared(context)]
    with context.write() as session:
        for one, place in declared:
            if setting(session, one, place) != values[one.name]:
                change_setting(session, one, values[one.name], place)
    context.flash("ok", _("The settings were saved."))
    return see_other(HERE)


def _declared(context: RequestContext) -> list[Setting]:
    return visible(context.platform.registry.everywhere.register_settings(), context.enabled)


def _place(context: RequestContext, declared: Setting) -> UUID | None:
    if declared.level == "business":
        return None
    here = tenant_view(context).establishment
    if here is None:
        raise NotFound
    return UUID(here.id)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return formats.quantity(value) if isinstance(value, Decimal) else str(value)


def _form(context: RequestContext, said: Mapping[str, str], wrong: Mapping[str, object]) -> str:
    registry = context.platform.registry
    sections = []
    pairs = registry.everywhere.register_settings()
    for addon in dict.fromkeys(name for name, _one in pairs if name in context.enabled):
        fields = tuple(_field(one, said, wrong) for name, one in pairs if name == addon)
        sections.append(SectionView(gettext(registry.running[addon].title), fields))
    problems = tuple(Problem(str(text), f"f-{name}") for name, text in wrong.items())
    record = RecordForm(
        title=gettext("Settings"), save_url=HERE, sections=tuple(sections), problems=problems
    )
    return render_template("form.html", shell=shell(_("Settings")), record=record)


def _field(declared: Setting, said: Mapping[str, str], wrong: Mapping[str, object]) -> FieldView:
    shown = said[declared.name]
    errors = (str(wrong[declared.name]),) if declared.name in wrong else ()
    options = tuple(
        Option(value, str(label), selected=value == shown) for value, label in declared.choices
    )
    return FieldView(
        declared.name,
        str(declared.label),
        _KINDS[declared.kind],
        shown,
        hint=str(declared.help),
        errors=errors,
        required=declared.kind in {"number", "choice"},
        options=options,
        checked=shown != "",
    )

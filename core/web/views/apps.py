"""The applications of a business: what there is, what a change would do, and the change."""

from __future__ import annotations

from typing import Final

from flask import Response, render_template, request
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from core.addons.activation import disable, enable
from core.addons.errors import ObligationsPendingError
from core.addons.manifest import AddonManifest
from core.addons.models import Activation
from core.auth.permissions import MANAGE_APPS
from core.auth.roles import seed_roles
from core.i18n import _, formats, gettext
from core.search.folding import fold
from core.web.access import requires
from core.web.addresses import see_other
from core.web.context import RequestContext, current
from core.web.pages.apps import AppCard, AppPlan, AppsPage, AppState, Obligation, PlanStep
from core.web.pages.listing import SavedView
from core.web.shell import bare_shell, page
from core.web.views.blueprint import web

HERE: Final = "/admin/apps"
#: In the order of the tabs; another category is shown as it is written.
CATEGORIES: Final = {
    "sell": _("Selling"),
    "stock": _("Stock"),
    "money": _("Money"),
    "people": _("People"),
    "legal": _("Legal"),
    "other": _("Other"),
}
_TINTS: Final = {"sell": 1, "stock": 2, "money": 3, "people": 5, "legal": 1}


@web.get(HERE)
@requires(MANAGE_APPS)
def apps() -> str:
    """List the applications, those of one category, or those that a search finds."""
    context = current()
    search, category = request.args.get("q", "").strip(), request.args.get("category", "")
    cards = _cards(context)
    shown = [
        card
        for name, card in cards.items()
        if (not category or _manifest(context, name).category == category)
        and fold(search) in fold(f"{card.title} {card.summary} {name}")
    ]
    listed = AppsPage(
        cards=tuple(shown),
        categories=_categories(context, list(cards), category),
        list_url=HERE,
        search=search,
    )
    return page("apps.html", _("Applications"), page=listed)


@web.get(f"{HERE}/<name>")
@requires(MANAGE_APPS)
def app_plan(name: str) -> str:
    """Show what turning an application on or off would do: a dialog, or a page of its own."""
    context = current()
    card = _card(context, name)
    plan = _enabling(context, card) if card.state == "disabled" else _disabling(context, card)
    if request.headers.get("X-Fragment"):
        return render_template("app_plan.html", plan=plan, shell=bare_shell(card.title))
    return page("app_plan_page.html", card.title, plan=plan)


@web.post(f"{HERE}/<name>/enable")
@requires(MANAGE_APPS)
def enable_app(name: str) -> Response:
    """Turn an application on, with all it needs; it is there with the next page."""
    context = current()
    registry = context.platform.registry
    _card(context, name)
    with context.write() as session:
        fresh = enable(session, registry, name)
        seed_roles(session, context.platform.permissions.of(frozenset(fresh)))
    context.flash("ok", _("{name} is on.", name=_title(context, name)))
    return see_other(HERE)


@web.post(f"{HERE}/<name>/disable")
@requires(MANAGE_APPS)
def disable_app(name: str) -> Response | tuple[str, int]:
    """Turn an application off; what it still owes keeps it on and is shown."""
    return _turn_off(name, drain=False)


@web.post(f"{HERE}/<name>/drain")
@requires(MANAGE_APPS)
def drain_app(name: str) -> Response | tuple[str, int]:
    """Turn an application off and let it finish unseen what it owes."""
    return _turn_off(name, drain=True)


def _turn_off(name: str, *, drain: bool) -> Response | tuple[str, int]:
    context = current()
    card = _card(context, name)
    try:
        with context.write() as session:
            disable(session, context.platform.registry, name, drain=drain)
    except ObligationsPendingError as error:
        plan = _disabling(context, card)
        return page("app_plan_page.html", card.title, plan=plan), error.http_status
    context.flash("ok", _("{name} is off. Its data stays.", name=card.title))
    return see_other(HERE)


def _cards(context: RequestContext) -> dict[str, AppCard]:
    """Draw every application on disk: running, out of service, not installed."""
    rows = context.read().scalars(select(Activation)).all()
    activations = {row.addon: row for row in rows}
    registry = context.platform.registry
    names = [*registry.running]
    names += [name for name in context.platform.discovery.found if name not in registry.running]
    return {name: _drawn(context, name, activations.get(name)) for name in names}


def _drawn(context: RequestContext, name: str, activation: Activation | None) -> AppCard:
    registry, manifest = context.platform.registry, _manifest(context, name)
    state = _state(context, name, activation)
    note = ""
    if state == "enabled" and activation is not None:
        note = gettext("Since {date}", date=formats.day(activation.enabled_at.date()))
    return AppCard(
        name=name,
        title=gettext(manifest.title),
        summary=gettext(manifest.summary),
        category=_category(manifest.category),
        icon=manifest.icon,
        state=state,
        tint=_TINTS.get(manifest.category, 4),
        note=note,
        requires=tuple(_title(context, other) for other in manifest.requires),
        required_by=tuple(
            gettext(other.title)
            for other in registry.running.values()
            if name in other.requires and other.name in context.enabled
        ),
        quarantine_reason=registry.quarantined.get(name, ""),
        plan_url=f"{HERE}/{name}" if state in {"enabled", "disabled"} else None,
    )


def _state(context: RequestContext, name: str, activation: Activation | None) -> AppState:
    registry = context.platform.registry
    if name in registry.quarantined:
        return "quarantined"
    if name not in registry.running:
        return "not_installed"
    if activation is not None and activation.draining:
        return "draining"
    return "enabled" if name in context.enabled else "disabled"


def _enabling(context: RequestContext, card: AppCard) -> AppPlan:
    registry = context.platform.registry
    fresh = [name for name in _with_required(context, card.name) if name not in context.enabled]
    steps = [
        PlanStep(gettext("{name} is turned on too", name=_title(context, name)), icon="plus")
        for name in fresh
        if name != card.name
    ]
    steps += [
        PlanStep(gettext(asked), icon="shield-check", kind="info")
        for name in fresh
        for asked in registry.running[name].asks
    ]
    count = len(context.platform.permissions.of(frozenset(fresh))) - _own_count(context)
    if count:
        text = ", ".join(
            str(one.label)
            for name in fresh
            for one in context.platform.permissions.declared_by(name)
        )
        title = gettext("{count} new permissions", count=count)
        steps.append(PlanStep(title, text, icon="lock", kind="info"))
    return AppPlan(card, True, f"{HERE}/{card.name}/enable", HERE, tuple(steps))


def _disabling(context: RequestContext, card: AppCard) -> AppPlan:
    only = context.platform.registry.enabled(frozenset({card.name}))
    session = context.read()
    owed = only.pending_obligations(session=session)
    screens = only.navigation_items(session=session)
    steps = [PlanStep(str(one.title), icon="minus", kind="warn") for one in screens]
    doubts: tuple[str, ...] = ()
    if card.required_by:
        doubts = (gettext("First turn off what needs it: {names}.", names=_joined(card)),)
    return AppPlan(
        card,
        False,
        f"{HERE}/{card.name}/disable",
        HERE,
        tuple(steps),
        doubts,
        tuple(
            Obligation(f"{formats.whole(one.count)} · {one.title}", url=one.url or None)
            for _name, one in owed
        ),
        f"{HERE}/{card.name}/drain" if owed else None,
    )


def _joined(card: AppCard) -> str:
    return ", ".join(str(name) for name in card.required_by)


def _card(context: RequestContext, name: str) -> AppCard:
    if name not in context.platform.registry.running:
        raise NotFound
    return _cards(context)[name]


def _with_required(context: RequestContext, name: str) -> list[str]:
    running = context.platform.registry.running
    order: dict[str, None] = {}
    for required in running[name].requires:
        order |= dict.fromkeys(_with_required(context, required))
    return [*order, name]


def _own_count(context: RequestContext) -> int:
    return len(context.platform.permissions.of(frozenset()))


def _manifest(context: RequestContext, name: str) -> AddonManifest:
    platform = context.platform
    return platform.registry.running.get(name) or platform.discovery.get(name).manifest


def _title(context: RequestContext, name: str) -> str:
    found = context.platform.discovery.found
    known = name in context.platform.registry.running or name in found
    return gettext(_manifest(context, name).title) if known else name


def _category(name: str) -> str:
    return str(CATEGORIES.get(name, name))


def _categories(context: RequestContext, names: list[str], chosen: str) -> tuple[SavedView, ...]:
    having = [_manifest(context, name).category for name in names]
    order = [*CATEGORIES, *sorted(set(having) - CATEGORIES.keys())]
    return (
        SavedView(gettext("All"), HERE, not chosen, len(names)),
        *(
            SavedView(_category(one), f"{HERE}?category={one}", chosen == one, having.count(one))
            for one in order
            if one in having
        ),
    )

"""Puts together the frame of a page: business, person, menus, notices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

from flask import render_template, request
from sqlalchemy import select

from core.addons.parts import LauncherItem, NavigationItem
from core.auth.permissions import MANAGE_APPS
from core.auth.users import businesses_of
from core.db.uow import platform_unit
from core.i18n import _
from core.i18n.catalog import language
from core.tenancy import Establishment as Place
from core.tenancy.cache import cached
from core.web.context import RequestContext, current
from core.web.cookies import form_token
from core.web.pages.shell import (
    Business,
    Crumb,
    Establishment,
    Flash,
    LauncherEntry,
    LauncherGroup,
    NavigationEntry,
    NavigationGroup,
    Shell,
    TenantView,
    Text,
    Theme,
    UserView,
)

T = TypeVar("T", NavigationItem, LauncherItem)
_TINTS: Final = {"green": 1, "amber": 2, "blue": 3, "red": 4, "violet": 5}
_START: Final = NavigationItem("", _("Start"), "/", "home", "")
#: The core's own entries, at the bottom; without a permission they are everybody's.
_FOOT: Final = (
    NavigationItem("", _("Applications"), "/admin/apps", "layout-grid", MANAGE_APPS),
    NavigationItem("", _("Documentation"), "/docs/", "help", ""),
)
_THEMES: Final[dict[str, Theme]] = {"light": "light", "dark": "dark", "auto": "auto"}


def page(template: str, title: Text, *, breadcrumb: Sequence[Crumb] = (), **context: Any) -> str:
    """Write a page of the business with its menus; ``context`` is what its template is given."""
    return render_template(template, shell=shell(title, breadcrumb), **context)


def shell(title: Text, breadcrumb: Sequence[Crumb] = ()) -> Shell:
    """Give the frame of a page of the business that is worked for."""
    context = current()
    session = context.read()
    person = context.principal
    # Hooks first, all in one transaction that ends before the page is written.
    own = [item for item in _FOOT if not item.permission or context.can(item.permission)]
    navigation = _permitted(context, context.hooks.navigation_items(session=session))
    here = _here((_START, *navigation, *own))
    launcher = _permitted(context, context.hooks.launcher_items(session=session))
    tenant = tenant_view(context)
    context.pause_reading()
    return Shell(
        **_frame(context, title),
        tenant=tenant,
        user=UserView(person.name, initials(person.name), person.email),
        businesses=businesses(context),
        navigation=(
            NavigationGroup("", (_entry(_START, here),)),
            *(
                NavigationGroup(name, tuple(_entry(item, here) for item in items))
                for name, items in _grouped(navigation)
            ),
            NavigationGroup("", tuple(_entry(item, here) for item in own), foot=True),
        ),
        launcher=tuple(
            LauncherGroup(name, tuple(_tile(item) for item in items))
            for name, items in _grouped(launcher)
        ),
        flashes=_flashes(context),
        breadcrumb=tuple(breadcrumb),
    )


def bare_shell(title: Text) -> Shell:
    """Give the frame of a page without menus; it asks the addons nothing."""
    context = current()
    standing = context.standing
    tenant = None
    if standing is not None and standing.tenant is not None:
        name = standing.tenant_name
        uid = str(standing.tenant.uid)
        tenant = TenantView(uid, name, initials(name), standing.is_demo)
    return Shell(**_frame(context, title), tenant=tenant)


def choosing_shell(title: Text) -> Shell:
    """Give the frame of the page where a business is chosen."""
    context = current()
    bare = bare_shell(title)
    return Shell(
        **_frame(context, title), tenant=bare.tenant, businesses=businesses(context),
        flashes=_flashes(context),
    )  # fmt: skip


def businesses(context: RequestContext) -> tuple[Business, ...]:
    """List the businesses that the person may enter."""
    platform = context.platform
    with platform_unit(platform.database, platform.clock, writes=False) as session:
        found = businesses_of(session, context.principal.user_id)
    return tuple(
        Business(str(one.ref.uid), one.name, initials(one.name), f"/switch/{one.ref.uid}")
        for one in found
    )


def tenant_view(context: RequestContext) -> TenantView:
    """Show the business that is worked for, and where in it."""
    standing = context.standing
    session = context.read()
    places = cached(session, "core.establishments", lambda: _places(session.scalars(
        select(Place).where(Place.archived_at.is_(None)).order_by(Place.code)
    )))  # fmt: skip
    chosen = standing.establishment if standing else None
    here = next((place for place in places if place.id == str(chosen)), None)
    name = standing.tenant_name if standing else ""
    return TenantView(
        uid=str(context.tenant.uid),
        name=name,
        initials=initials(name),
        is_demo=bool(standing and standing.is_demo),
        establishments=places,
        establishment=here or (places[0] if places else None),
    )


def initials(name: str) -> str:
    """Give one or two letters that stand for a name: first and last word."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def theme_of(context: RequestContext) -> Theme:
    """Tell the theme of whoever reads."""
    chosen = context.visitor.theme if context.visitor else context.cookie.theme
    return _THEMES.get(chosen, "auto")


def _frame(context: RequestContext, title: Text) -> dict[str, Any]:
    return {
        "language": language(),
        "theme": theme_of(context),
        "nonce": context.nonce,
        "csrf_token": form_token(context.cookie, context.platform.settings),
        "page_title": title,
        "version": context.platform.version,
    }


def _flashes(context: RequestContext) -> tuple[Flash, ...]:
    known = {"ok": "ok", "warn": "warn", "bad": "bad"}
    return tuple(
        Flash(known.get(kind, "info"), text, undo or None)  # type: ignore[arg-type]
        for kind, text, undo in context.take_notices()
    )


def _permitted(context: RequestContext, items: Iterable[T]) -> list[T]:
    return [item for item in items if context.can(item.permission)]


def _grouped(items: Iterable[T]) -> list[tuple[str, list[T]]]:
    """Put items of one heading together, in the order of the first of each."""
    groups: dict[str, list[T]] = {}
    for item in sorted(items, key=lambda one: one.order):
        groups.setdefault(str(item.group), []).append(item)
    return list(groups.items())


def _entry(item: NavigationItem, here: str) -> NavigationEntry:
    return NavigationEntry(str(item.title), item.url, item.icon, item.url == here, item.count)


def _here(items: Iterable[NavigationItem]) -> str:
    """Give the address of the one entry that the page is under: ``/pos/sales``, not ``/pos/``."""
    over = [
        item.url
        for item in items
        if request.path == item.url
        or (item.url != "/" and request.path.startswith(item.url.rstrip("/") + "/"))
    ]
    return max(over, key=len, default="")


def _tile(item: LauncherItem) -> LauncherEntry:
    tint = _TINTS.get(item.tint, 1)
    return LauncherEntry(str(item.title), str(item.subtitle), item.url, item.icon, tint)


def _places(rows: Iterable[Place]) -> tuple[Establishment, ...]:
    return tuple(Establishment(str(row.id), row.name) for row in rows)


def is_place(context: RequestContext, establishment: UUID) -> bool:
    """Tell whether an establishment is one of the business."""
    shown = tenant_view(context).establishments
    return any(place.id == str(establishment) for place in shown)

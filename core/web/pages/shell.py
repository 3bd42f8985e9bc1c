"""What every page shows around its content: business, person, menus, notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from core.i18n import LazyText

#: A text that is ready, or one that is translated when the page is written.
Text: TypeAlias = str | LazyText
#: What a colour says; it never says it alone, an icon and a word go with it.
Meaning: TypeAlias = Literal["ok", "warn", "bad", "info", "brand", ""]
Theme: TypeAlias = Literal["light", "dark", "auto"]


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One line of the side menu; ``count`` only where somebody must act."""

    title: Text
    url: str
    icon: str
    active: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class NavigationGroup:
    """Entries under one small heading; an empty title has none; ``foot`` stands at the bottom."""

    title: Text
    entries: tuple[NavigationEntry, ...]
    foot: bool = False


@dataclass(frozen=True, slots=True)
class LauncherEntry:
    """One tile of the start page; ``tint`` is 1 to 5 and only decorates."""

    title: Text
    subtitle: Text
    url: str
    icon: str
    tint: int = 1


@dataclass(frozen=True, slots=True)
class LauncherGroup:
    """Tiles that serve one purpose, named after the purpose ("To sell")."""

    title: Text
    entries: tuple[LauncherEntry, ...]


@dataclass(frozen=True, slots=True)
class Establishment:
    """One place of business."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class TenantView:
    """The business that the page belongs to; its uid goes back with every request."""

    uid: str
    name: str
    initials: str
    is_demo: bool = False
    establishments: tuple[Establishment, ...] = ()
    establishment: Establishment | None = None


@dataclass(frozen=True, slots=True)
class UserView:
    """The person who is logged in."""

    name: str
    initials: str
    email: str


@dataclass(frozen=True, slots=True)
class Business:
    """A business that the person may enter; ``url`` takes a POST and switches to it."""

    uid: str
    name: str
    initials: str
    url: str
    note: Text = ""


@dataclass(frozen=True, slots=True)
class Flash:
    """One notice about what just happened.

    ``ok`` and ``info`` float for ten seconds, with "Undo" where ``undo_url`` (a POST) is given;
    ``warn`` and ``bad`` stay at the top of the page, because they ask for an act.
    """

    kind: Literal["ok", "warn", "bad", "info"]
    text: Text
    undo_url: str | None = None


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the path above the title; the last one has no url."""

    title: Text
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of a page for one person, one business and one answer.

    ``nonce`` is the one of the answer's Content-Security-Policy.
    """

    language: str
    theme: Theme
    nonce: str
    csrf_token: str
    page_title: Text
    version: str
    tenant: TenantView | None = None
    user: UserView | None = None
    businesses: tuple[Business, ...] = ()
    navigation: tuple[NavigationGroup, ...] = ()
    launcher: tuple[LauncherGroup, ...] = ()
    flashes: tuple[Flash, ...] = ()
    breadcrumb: tuple[Crumb, ...] = ()

"""The pages that one starts from: ``launcher.html``, ``dashboard.html``, ``login.html``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from core.web.pages.chart import BarChart
from core.web.pages.listing import Badge, ColumnView, Row
from core.web.pages.record import ActionView, Fact, Problem
from core.web.pages.shell import Meaning, Text


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it counts and what it means (against what)."""

    label: Text
    value: object
    kind: str = "text"
    note: Text = ""
    icon: str = ""
    meaning: Meaning = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a short list: something to do, or something to watch."""

    title: Text
    note: Text = ""
    icon: str = ""
    meaning: Meaning = ""
    picture: str | None = None
    badge: Badge | None = None
    action: ActionView | None = None


WidgetKind: TypeAlias = Literal["items", "table", "facts", "chart", "template"]


@dataclass(frozen=True, slots=True)
class Widget:
    """One card of a dashboard. ``size`` is how many of six columns it takes: 2, 3, 4 or 6.

    ``template`` names an addon's own content, which is given the widget as ``widget``.
    """

    title: Text
    kind: WidgetKind
    size: Literal[2, 3, 4, 6] = 3
    figure: Figure | None = None
    items: tuple[Item, ...] = ()
    columns: tuple[ColumnView, ...] = ()
    rows: tuple[Row, ...] = ()
    facts: tuple[Fact, ...] = ()
    chart: BarChart | None = None
    template: str | None = None
    badge: Badge | None = None
    action: ActionView | None = None
    note: Text = ""
    empty: Text = ""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Figures first, then cards."""

    title: Text
    note: Text = ""
    figures: tuple[Figure, ...] = ()
    widgets: tuple[Widget, ...] = ()
    actions: tuple[ActionView, ...] = ()


@dataclass(frozen=True, slots=True)
class Home:
    """The start page: a greeting, figures, what waits, and the applications of the shell."""

    title: Text
    note: Text = ""
    figures: tuple[Figure, ...] = ()
    tasks: tuple[Item, ...] = ()
    actions: tuple[ActionView, ...] = ()


@dataclass(frozen=True, slots=True)
class LoginPage:
    """The way in. ``demo_users`` are (name, login, password) that a demo installation offers."""

    action_url: str
    login: str = ""
    next_url: str = ""
    problems: tuple[Problem, ...] = ()
    forgot_url: str | None = None
    passkey_url: str | None = None
    till_url: str | None = None
    privacy_url: str | None = None
    help_url: str | None = None
    remember: bool = True
    demo_users: tuple[tuple[Text, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SwitchPage:
    """Which business? ``next_url`` is where the person was going."""

    next_url: str = ""
    create_url: str | None = None


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What went wrong, for ``error.html``.

    ``status`` chooses the words; ``text`` replaces the general sentence with the error's own.
    ``other`` is the business of the login session when a page belonged to another one.
    """

    status: int
    code: str = ""
    text: Text = ""
    reference: str = ""
    back_url: str | None = None
    retry_after: int | None = None
    other: str = ""
    return_url: str | None = None

"""The applications that a business switches on and off: ``apps.html`` and ``app_plan.html``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from core.web.pages.listing import SavedView
from core.web.pages.shell import Text

#: ``enabled`` and ``disabled`` are the owner's to change; the others say why they are not.
AppState: TypeAlias = Literal["enabled", "disabled", "draining", "quarantined", "not_installed"]


@dataclass(frozen=True, slots=True)
class AppCard:
    """One application: what it does, what it needs, how it is."""

    name: str
    title: Text
    summary: Text
    category: Text
    icon: str
    state: AppState
    tint: int = 1
    note: Text = ""
    requires: tuple[Text, ...] = ()
    required_by: tuple[Text, ...] = ()
    quarantine_reason: Text = ""
    plan_url: str | None = None
    details_url: str | None = None


@dataclass(frozen=True, slots=True)
class AppsPage:
    """All applications; ``categories`` are tabs with their counts."""

    cards: tuple[AppCard, ...]
    categories: tuple[SavedView, ...] = ()
    list_url: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One consequence of the change: a menu, data, a tab, permissions."""

    title: Text
    text: Text = ""
    icon: str = "plus"
    kind: Literal["ok", "info", "warn", ""] = ""


@dataclass(frozen=True, slots=True)
class Obligation:
    """What is still owed and keeps an application on: documents to send, events to deliver."""

    title: Text
    text: Text = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class AppPlan:
    """What enabling or disabling would do, shown before it is done.

    With ``obligations`` a plain disable is refused; ``drain_url`` finishes them out of sight.
    ``apply_url`` and ``drain_url`` take a POST; ``cancel_url`` leads back to the list.
    """

    card: AppCard
    enabling: bool
    apply_url: str
    cancel_url: str
    steps: tuple[PlanStep, ...] = ()
    doubts: tuple[Text, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    drain_url: str | None = None

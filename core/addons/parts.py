"""The values that addons hand to the core through hooks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from core.tenancy import Establishment, TenantSession

#: Roles every business starts with; an addon's permissions say which of them hold it by default.
DefaultRole = Literal["owner", "accountant", "cashier"]


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing a role may be allowed to do, named ``<addon>.<noun>.<verb>``.

    ``roles`` are the default roles that hold it in a new business; the owner holds everything.
    """

    name: str
    label: object
    roles: tuple[DefaultRole, ...] = ()


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the side menu, shown to whoever holds ``permission``."""

    group: object
    title: object
    #: Path on this site, such as ``/pos/``.
    url: str
    icon: str
    permission: str
    #: A chip with a number when somebody must act; None shows nothing.
    count: int | None = None
    order: int = 50


@dataclass(frozen=True, slots=True)
class LauncherItem:
    """One application of the start page."""

    group: object
    title: object
    subtitle: object
    url: str
    icon: str
    permission: str
    tint: str = "green"
    order: int = 50


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the start page: label above, what it means below.

    It counts all establishments, so ``permission`` must be held in all of them.
    """

    label: object
    value: str
    meaning: object
    permission: str
    icon: str = ""
    url: str = ""
    order: int = 50


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of an addon, named ``<addon>.<words>``; ``kind`` chooses the field and checks.

    The default of a number is a ``Decimal``. ``level`` is where it is kept: for the whole business
    or per establishment. Secrets are no settings: the vault keeps them.
    """

    name: str
    label: object
    kind: Literal["text", "number", "yesno", "choice"]
    default: Any = None
    help: object = ""
    choices: tuple[tuple[str, object], ...] = ()
    level: Literal["business", "establishment"] = "business"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as consumers and feeds hear of it.

    ``name`` carries its version (``pos.sale.completed.v1``). ``payload`` is plain JSON (decimals as
    strings, ids as strings) and holds the tenant's uid never its id. ``queue`` keeps urgent work
    apart: signing does not wait behind reports.
    """

    name: str
    payload: dict[str, Any]
    queue: str = "events"
    #: Seconds to wait before the first try.
    delay: float = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to one consumer: the same ``id`` may come one to three times."""

    id: Any
    name: str
    payload: dict[str, Any]
    attempt: int


@dataclass(frozen=True, slots=True)
class Consumer:
    """Who does something when an event happened.

    ``handle`` runs in a unit of work that may write; what it did and the mark that it is done
    are committed together. Raising means "try again later"; ``RetryLater`` says when. With
    ``own_transactions`` the handler opens its own units of work instead (it crosses a boundary and
    must commit in between) and must be resumable.
    """

    event: str
    name: str
    handle: Callable[..., None]
    queue: str = "events"
    own_transactions: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """Work done every ``every`` for each business that enabled the addon.

    ``run`` works in a unit of work of its own; what it did and the next time are one transaction.
    """

    name: str
    every: timedelta
    run: Callable[[TenantSession], object]


@dataclass(frozen=True, slots=True)
class Slot:
    """A piece of page put into a named place of another page's template."""

    place: str
    template: str
    permission: str
    priority: int = 50


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something the business still owes: why an addon cannot be switched off now."""

    title: object
    count: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken invariant, as ``verify`` reports it."""

    invariant: str
    text: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class Invariant:
    """One rule that must hold at all times; ``check`` gives what breaks it.

    ``code`` is the short name (``I1``, ``F2``…) of docs/invariants.md.
    """

    code: str
    title: object
    check: Callable[[TenantSession], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Command:
    """One command of ``manage.py <group> <name>``; ``run`` gives the exit code."""

    group: str
    name: str
    summary: str
    configure: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]


DemoBusiness = Literal["minimercado", "ferreteria"]


@dataclass(frozen=True, slots=True)
class DemoTill:
    """A till of a demonstration business: addons that know nothing of one another agree on it."""

    id: UUID
    establishment_id: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """Where a demonstration is built: the session of its business, and what stands already."""

    session: TenantSession
    business: DemoBusiness
    #: In the order they were made; the first is the main one.
    establishments: tuple[Establishment, ...]
    #: Who owns the business.
    owner_id: UUID
    #: Address of the simulated authority.
    authority_url: str
    tills: tuple[DemoTill, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoStep:
    """What an addon gives a demonstration business; having a step is what gets it enabled there.

    Built after the steps of the addons it requires. ``companion`` is a command of ``manage.py``
    that runs beside the demonstration, such as a simulated authority; ``{data}`` and ``{port}``
    stand for the data folder and for a port of its own.
    """

    business: DemoBusiness
    build: Callable[[DemoPlace], None]
    companion: tuple[str, ...] = ()

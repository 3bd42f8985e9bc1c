"""The hooks as typed methods: what callers in the core write, and mypy checks.

``register_*`` and whatever must be traced to its addon answer pairs (addon, item); what is only
shown answers items. Everything comes in load order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from core.addons.parts import (
    Command,
    Consumer,
    DemoStep,
    Figure,
    Invariant,
    LauncherItem,
    NavigationItem,
    Obligation,
    Permission,
    Schedule,
    Setting,
    Slot,
)
from core.db.plan import Lock, Rows
from core.sale import Objection, Sale, SaleDocument, SaleFacts, SaleMoment, StockLevel, TillDocument

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Blueprint

    from core.tenancy import TenantSession

T = TypeVar("T")
#: Items with the name of the addon that gave each.
Pairs = list[tuple[str, T]]

_NO_FACTS: Final = SaleFacts()


class Asking(Protocol):
    """Calls one hook of some addons, in load order."""

    def ask(self, hook: str, **arguments: Any) -> list[tuple[str, Any]]:
        """Give what each addon answered."""
        ...

    def tell(self, hook: str, **arguments: Any) -> list[str]:
        """Call observers; one that raises is logged, named in the answer, and the rest hear."""
        ...

    def callers(self, hook: str) -> tuple[tuple[str, Any], ...]:
        """Give (addon, function of the hook's arguments by name)."""
        ...


class EverywhereHooks:
    """The hooks asked once at start-up of every addon that runs here."""

    __slots__ = ("_asking",)

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def register_permissions(self) -> Pairs[Permission]:
        """Name every permission."""
        return _pairs(self._asking.ask("register_permissions"))

    def register_routes(self) -> Pairs[Blueprint]:
        """Give every blueprint; bind each to its addon with ``Gate.bind``."""
        return _pairs(self._asking.ask("register_routes"))

    def register_resources(self) -> Pairs[Any]:
        """Give every declared resource."""
        return _pairs(self._asking.ask("register_resources"))

    def register_resource_extensions(self) -> Pairs[Any]:
        """Give what addons add to the resources of others."""
        return _pairs(self._asking.ask("register_resource_extensions"))

    def register_settings(self) -> Pairs[Setting]:
        """Name every setting."""
        return _pairs(self._asking.ask("register_settings"))

    def register_consumers(self) -> Pairs[Consumer]:
        """Say who consumes which event."""
        return _pairs(self._asking.ask("register_consumers"))

    def register_schedules(self) -> Pairs[Schedule]:
        """Say what is done from time to time."""
        return _pairs(self._asking.ask("register_schedules"))

    def register_commands(self) -> Pairs[Command]:
        """Give every command of ``manage.py``."""
        return _pairs(self._asking.ask("register_commands"))

    def register_invariants(self) -> Pairs[Invariant]:
        """Give every rule of ``manage.py verify``."""
        return _pairs(self._asking.ask("register_invariants"))

    def register_slots(self) -> Pairs[Slot]:
        """Give every piece of page; show them through ``Gate.slots``."""
        return _pairs(self._asking.ask("register_slots"))

    def register_document_formats(self) -> Pairs[Any]:
        """Give every format of legal documents."""
        return _pairs(self._asking.ask("register_document_formats"))

    def register_demo(self) -> Pairs[DemoStep]:
        """Give the steps that fill the demo businesses."""
        return _pairs(self._asking.ask("register_demo"))


class EnabledHooks:
    """The hooks of the addons that one business enabled."""

    __slots__ = ("_asking",)

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def navigation_items(self, *, session: TenantSession) -> list[NavigationItem]:
        """Give the entries of the side menu."""
        return _items(self._asking.ask("navigation_items", session=session))

    def launcher_items(self, *, session: TenantSession) -> list[LauncherItem]:
        """Give the applications of the start page."""
        return _items(self._asking.ask("launcher_items", session=session))

    def figure_items(self, *, session: TenantSession) -> list[Figure]:
        """Give the figures of the start page."""
        return _items(self._asking.ask("figure_items", session=session))

    def pending_obligations(self, *, session: TenantSession) -> Pairs[Obligation]:
        """Say what is still owed."""
        return _pairs(self._asking.ask("pending_obligations", session=session))

    def sale_facts(self, *, session: TenantSession, sale: Sale) -> dict[str, SaleFacts]:
        """Read what each addon needs to know before the sale, by addon; one gives at most one."""
        return dict(_pairs(self._asking.ask("sale_facts", session=session, sale=sale)))

    def sale_locks(self, *, sale: Sale, facts: Mapping[str, SaleFacts]) -> list[Lock]:
        """Name the rows to hold; each addon is shown its own facts."""
        return [
            lock
            for addon, call in self._asking.callers("sale_locks")
            for lock in call(sale=sale, facts=facts.get(addon, _NO_FACTS)) or ()
        ]

    def check_sale(self, *, sale: Sale, moment: SaleMoment) -> Pairs[Objection]:
        """Say what speaks against the sale."""
        return _pairs(self._asking.ask("check_sale", sale=sale, moment=moment))

    def sale_rows(self, *, sale: Sale, moment: SaleMoment) -> Pairs[Rows]:
        """Give what each addon adds to the sale's transaction."""
        return _pairs(self._asking.ask("sale_rows", sale=sale, moment=moment))

    def sale_documents(self, *, session: TenantSession, sale_id: UUID) -> list[SaleDocument]:
        """Show the legal documents of a sale."""
        return _items(self._asking.ask("sale_documents", session=session, sale_id=sale_id))

    def till_documents(
        self, *, session: TenantSession, establishment_id: UUID, till_id: UUID
    ) -> list[TillDocument]:
        """Say what a till prints on its sales now."""
        asked = self._asking.ask(
            "till_documents", session=session, establishment_id=establishment_id, till_id=till_id
        )
        return _items(asked)

    def stock_levels(
        self, *, session: TenantSession, establishment_id: UUID, product_ids: Collection[UUID]
    ) -> list[StockLevel]:
        """Tell how much of each product an establishment can sell."""
        asked = self._asking.ask(
            "stock_levels",
            session=session,
            establishment_id=establishment_id,
            product_ids=product_ids,
        )
        return _items(asked)

    def on_enabled(self, *, session: TenantSession) -> list[str]:
        """Tell that the addon was switched on; names whose rows could not be made."""
        return self._asking.tell("on_enabled", session=session)


def _pairs(answers: list[tuple[str, Any]]) -> Pairs[Any]:
    return [(addon, item) for addon, answer in answers for item in answer]


def _items(answers: list[tuple[str, Any]]) -> list[Any]:
    return [item for _, answer in answers for item in answer]

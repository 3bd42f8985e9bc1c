"""The sale: priced, checked, numbered and written with everything that belongs to it, at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from addons.pos.errors import SaleRefusedError
from addons.pos.posting import sale_posting
from addons.pos.pricing import Ticket, price_ticket
from addons.pos.rows import discrepancy_rows, drawer_lock, own_objections, sale_rows
from core.db.plan import Answer, Decision, Lock, Locked, Rows, Values
from core.db.write_plan import known_answer, write_plan
from core.errors import PlatformError
from core.sale import IssuedNumber, NumberSource, Objection, Sale, SaleFacts, SaleMoment

if TYPE_CHECKING:
    from core.addons.registry import AddonRegistry
    from core.tenancy import TenantSession

SCOPE = "pos.sale"


def complete_sale(
    uow: TenantSession, registry: AddonRegistry, ticket: Ticket, fingerprint: bytes | None = None
) -> Answer:
    """Write a sale with its stock, ledger and legal document, in one transaction.

    The same ticket answers the same; the same id with other contents is refused. A live sale that
    an addon objects to is refused with its reason and nothing is written; a printed one is written
    with a discrepancy for each objection. ``fingerprint`` is the SHA-256 of what the till sent.
    """
    body = fingerprint or sha256(ticket.draft.model_dump_json().encode()).digest()
    try:
        plan = _prepare(uow, registry, ticket, body)
    except PlatformError:
        # Sold already, and sent again after prices, rights or products changed?
        if known := known_answer(uow, ticket.id, SCOPE, body):
            return known
        raise
    return write_plan(uow, plan)


@dataclass(frozen=True, slots=True)
class _SalePlan:
    """A priced sale with what every addon knows of it, ready to be written."""

    uow: TenantSession
    registry: AddonRegistry
    ticket: Ticket
    fingerprint: bytes
    epoch: int
    sale: Sale
    facts: Mapping[str, SaleFacts]
    numbers: NumberSource
    scope: str = SCOPE

    @property
    def key(self) -> UUID:
        """The id that the till gave the ticket when it was opened."""
        return self.sale.id

    def locks(self) -> Sequence[Lock]:
        """Hold the drawer session, the number, and what the addons ask for."""
        hooks = self.registry.enabled(self.uow.enabled)
        asked = hooks.sale_locks(sale=self.sale, facts=self.facts)
        return [drawer_lock(self.sale), self.numbers.lock, *asked]

    def decide(self, locked: Locked) -> Decision:
        """Refuse, or give every row of the sale."""
        number = self._number(locked)
        moment = SaleMoment(locked, number, self.facts)
        objections = own_objections(self.sale, moment)
        hooks = self.registry.enabled(self.uow.enabled)
        asked = hooks.check_sale(sale=self.sale, moment=moment)
        objections += [objection for _addon, objection in asked]
        if objections and self.sale.origin == "live":
            raise _refusal(objections)
        rows = sale_rows(self.sale, number)
        rows.update(self.numbers.lock, next_number=number.number + 1)
        rows.add(sale_posting(self.sale, number))
        for _addon, part in hooks.sale_rows(sale=self.sale, moment=moment):
            rows.add(part)
        rows.add(discrepancy_rows(self.sale, objections, locked.now))
        return Decision(rows, _answer(self.sale, number, rows))

    def refresh(self, epoch: int) -> _SalePlan:
        """Price it again with the facts of ``epoch``."""
        self.uow.epoch = epoch
        return _prepare(self.uow, self.registry, self.ticket, self.fingerprint)

    def _number(self, locked: Locked) -> IssuedNumber:
        row = locked.row(self.numbers.lock)
        local = locked.now.astimezone(ZoneInfo(self.sale.place.zone)).replace(microsecond=0)
        return IssuedNumber(self.numbers.prefix, self.numbers.take(row, local), local)


def _prepare(
    uow: TenantSession, registry: AddonRegistry, ticket: Ticket, fingerprint: bytes
) -> _SalePlan:
    epoch = uow.epoch
    try:
        sale = price_ticket(uow, ticket)
        facts = registry.enabled(uow.enabled).sale_facts(session=uow, sale=sale)
    finally:
        # What was not in the cache was read from the database: that ends before the write begins,
        # and with a refusal too, or the next till would wait for it.
        if uow.in_transaction():
            uow.rollback()
    numbers = [known.numbers for known in facts.values() if known.numbers is not None]
    source = numbers[0] if numbers else _own_numbers(ticket)
    return _SalePlan(uow, registry, ticket, fingerprint, epoch, sale, facts, source)


def _own_numbers(ticket: Ticket) -> NumberSource:
    def take(row: Values, _now: datetime) -> int:
        following: int = row["next_number"]
        return following

    return NumberSource(ticket.till.counter, ticket.till.prefix or f"{ticket.till.code}-", take)


def _refusal(objections: Sequence[Objection]) -> SaleRefusedError:
    first = objections[0]
    return SaleRefusedError(first.message, objection=first.code, **dict(first.context))


def _answer(sale: Sale, number: IssuedNumber, rows: Rows) -> dict[str, Any]:
    return {
        "id": str(sale.id),
        "number": number.number,
        "prefix": number.prefix,
        "full_number": number.full,
        "issued_at": number.issued_at.isoformat(),
        "total": format(sale.total, "f"),
        "change": format(sale.change, "f"),
        **rows.answer,
    }

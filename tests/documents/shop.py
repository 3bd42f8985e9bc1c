"""A shop that issues documents, and a till small enough to see through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain, repeat
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from addons.edi.models import Artifact, Document, NumberRange, Step, Version
from addons.edi.pipeline import carry_out
from addons.edi.sale import ISSUED, QUEUE
from addons.l10n_co_dian.simulator import Fault, Kind, Running
from core.addons.parts import Consumer
from core.addons.registry import AddonRegistry
from core.clock import StoppedClock
from core.db.plan import Decision, Lock, Locked, Rows
from core.db.write_plan import write_plan
from core.errors import PlatformError
from core.events.policy import Policy
from core.events.subscriptions import Subscription
from core.events.worker import Worker
from core.ids import uuid7
from core.sale import IssuedNumber, Objection, Sale, SaleFacts, SaleMoment, SalePlace
from core.tenancy import TenantRef, TenantSession
from core.testing.house import House
from tests.documents.sales import line, sale_of

#: Only these take part: the till of this test has neither stock nor ledger.
OURS = frozenset({"edi", "l10n_co_dian"})


class RefusedError(PlatformError):
    """The sale was objected to; ``objections`` say why."""

    def __init__(self, objections: Sequence[Objection]) -> None:
        super().__init__(objections[0].message)
        self.objections = [found.code for found in objections]


@dataclass(frozen=True)
class SalePlan:
    """What a till does with the hooks of a sale: number, object, rows."""

    uow: TenantSession
    registry: AddonRegistry
    sale: Sale
    facts: Mapping[str, SaleFacts]
    epoch: int
    scope: str = "test.sale"
    fingerprint: bytes = b"."

    @property
    def key(self) -> UUID:
        return self.sale.id

    def locks(self) -> Sequence[Lock]:
        return [f.numbers.lock for f in self.facts.values() if f.numbers]

    def decide(self, locked: Locked) -> Decision:
        hooks = self.registry.enabled(OURS)
        source = next((f.numbers for f in self.facts.values() if f.numbers), None)
        local = locked.now.astimezone(ZoneInfo(self.sale.place.zone)).replace(microsecond=0)
        taken = source.take(locked.row(source.lock), local) if source else 1
        number = IssuedNumber(source.prefix if source else "R", taken, local)
        moment = SaleMoment(locked, number, self.facts)
        objections = [o for _, o in hooks.check_sale(sale=self.sale, moment=moment)]
        if objections:
            raise RefusedError(objections)
        rows = Rows()
        if source:
            rows.update(source.lock, next_number=taken + 1)
        for _addon, part in hooks.sale_rows(sale=self.sale, moment=moment):
            rows.add(part)
        return Decision(rows, {"full_number": number.full, **rows.answer})

    def refresh(self, epoch: int) -> SalePlan:
        self.uow.epoch = epoch
        return plan(self.uow, self.registry, self.sale)


def plan(uow: TenantSession, registry: AddonRegistry, sale: Sale) -> SalePlan:
    """Read the facts of a sale, as a till does before it writes."""
    epoch = uow.epoch
    facts = registry.enabled(OURS).sale_facts(session=uow, sale=sale)
    if uow.in_transaction():
        uow.rollback()
    return SalePlan(uow, registry, sale, facts, epoch)


class Everything:
    """Every addon is on for everybody."""

    def __init__(self, enabled: frozenset[str]) -> None:
        self._enabled = enabled

    def enabled(self, session: TenantSession) -> frozenset[str]:
        return self._enabled

    def draining(self, session: TenantSession) -> frozenset[str]:
        return frozenset()


@dataclass
class Shop:
    """One business of a house that issues to a simulated authority."""

    house: House
    registry: AddonRegistry
    tenant: TenantRef
    place: SalePlace
    clock: StoppedClock
    server: Running
    sold: list[Any] = field(default_factory=list)

    def sale(self, lines: int = 1, **values: Any) -> Sale:
        """Give a sale of coffee."""
        chosen = [line(position, **values) for position in range(1, lines + 1)]
        return sale_of(self.place, *chosen, at=self.clock.now())

    def sell(self, sale: Sale | None = None) -> dict[str, Any]:
        """Write a sale's document and give the till's answer."""
        with self.house.session(self.tenant) as session:
            answer = write_plan(session, plan(session, self.registry, sale or self.sale()))
        body: dict[str, Any] = answer.body
        self.sold.append(body)
        return body

    def worker(self) -> Worker:
        """Give a worker of the documents' queue."""
        consumer = Consumer(ISSUED, "carry_out", carry_out, queue=QUEUE, own_transactions=True)
        return Worker(
            self.house.database,
            self.clock,
            [Subscription("edi", consumer)],
            Everything(self.house.enabled),
            policy=Policy(chance=lambda: 0.0),
        )

    def work(self, hours: float = 4) -> None:
        """Let a worker do everything that falls due within ``hours``; waits grow as its own do."""
        worker, end = self.worker(), self.clock.now() + timedelta(hours=hours)
        for wait in chain([5] * 6, repeat(60)):
            if self.clock.now() >= end:
                return
            worker.drain([QUEUE])
            if self.settled():
                return
            self.clock.advance(timedelta(seconds=wait))

    def settled(self) -> bool:
        """Tell whether nothing is on its way."""
        with self.house.unit(self.tenant, writes=False) as session:
            waiting = ("pending", "signed", "sent")
            return not session.scalars(select(Document).where(Document.state.in_(waiting))).all()

    def documents(self) -> list[Document]:
        """Read every document, in the order of their numbers."""
        with self.house.unit(self.tenant, writes=False) as session:
            return list(session.scalars(select(Document).order_by(Document.number)))

    def document(self) -> Document:
        """Read the only document."""
        (found,) = self.documents()
        return found

    def versions(self) -> list[Version]:
        """Read every version in the order of their numbers and of n."""
        with self.house.unit(self.tenant, writes=False) as session:
            return list(session.scalars(select(Version).order_by(Version.issued_at, Version.n)))

    def steps(self) -> list[tuple[str, str]]:
        """Read every step as (step, outcome), oldest first."""
        with self.house.unit(self.tenant, writes=False) as session:
            rows = session.scalars(select(Step).order_by(Step.taken_at, Step.id))
            return [(row.step, row.outcome) for row in rows]

    def artifacts(self) -> dict[str, Artifact]:
        """Read the artifacts of the only version by kind."""
        with self.house.unit(self.tenant, writes=False) as session:
            return {row.kind: row for row in session.scalars(select(Artifact))}

    def range(self, prefix: str = "POSE") -> NumberRange:
        """Read a range."""
        with self.house.unit(self.tenant, writes=False) as session:
            return session.scalars(select(NumberRange).where(NumberRange.prefix == prefix)).one()

    def fault(self, *kinds: Kind, **values: object) -> None:
        """Let the authority misbehave."""
        self.server.simulator.script.add(Fault.model_validate({"kinds": kinds, **values}))

    def at_the_authority(self) -> dict[str, str]:
        """Tell which code the authority accepted for each number of ours."""
        contents = self.server.simulator.ledger.contents()
        return {identity.number: code for identity, code in contents.codes().items()}

    def sends(self) -> int:
        """Count the documents that reached the authority."""
        attempts = self.server.simulator.ledger.contents().attempts
        return len([a for a in attempts if a.operation == "SendBillSync"])


def place_of_sale(establishment_id: UUID) -> SalePlace:
    """Give where the shop sells."""
    return SalePlace(
        establishment_id=establishment_id,
        name="Principal",
        address="Carrera 14 # 21-35",
        municipality="63001",
        zone="America/Bogota",
        till_id=uuid7(),
        till_code="C1",
        cashier_id=uuid7(),
        cashier_name="Luisa Gómez",
        session_id=uuid7(),
    )

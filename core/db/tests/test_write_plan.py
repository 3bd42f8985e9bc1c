"""The one door for hot writes, on both engines."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from core.addons.parts import Event
from core.audit.models import AuditEntry, AuditPending
from core.db import trace
from core.db.engine import open_database
from core.db.hot_rows import StampedColumnError
from core.db.idempotency import Idempotency, IdempotencyConflictError
from core.db.plan import Answer, AuditNote, Decision, Lock, Locked, LockMissingError, Plan, Rows
from core.db.uow import platform_unit
from core.db.write_plan import StaleFactsError, write_plan
from core.errors import ConflictError
from core.events.hints import Hint, notifying
from core.events.models import Outbox, Wakeup
from core.ids import uuid7
from core.tenancy import Establishment, TenantError, TenantSession
from core.tenancy.tests.toys import Toy
from core.testing.house import House

pytestmark = pytest.mark.services

toy_table: Any = Toy.__table__
COUNTER = UUID("01980000-0000-7000-8000-00000000000a")


def counter(if_missing: Any = "insert") -> Lock:
    return Lock(
        toy_table,
        (("id", COUNTER),),
        ("name", "price"),
        if_missing,
        (("name", "counter"), ("price", Decimal(0))),
    )


@dataclass(frozen=True)
class Count:
    """Takes the next number: the price of the counter toy."""

    key: UUID = field(default_factory=uuid7)
    scope: str = "toy.count"
    fingerprint: bytes = b"f" * 32
    epoch: int = 1
    lock: Lock = field(default_factory=counter)
    extra: Callable[[Rows], None] = lambda rows: None

    def locks(self) -> Sequence[Lock]:
        return [self.lock]

    def decide(self, locked: Locked) -> Decision:
        taken = locked.row(self.lock)["price"] + 1
        rows = Rows()
        rows.update(self.lock, price=taken)
        rows.events.append(Event("toy.counted.v1", {"number": str(taken)}))
        rows.audit.append(AuditNote("toy.counter.count", "toy", COUNTER))
        self.extra(rows)
        return Decision(rows, {"number": str(taken)})

    def refresh(self, epoch: int) -> Plan:
        return replace(self, epoch=epoch)


def number(answer: Answer) -> int:
    return int(Decimal(answer.body["number"]))


def count_rows(house: House, model: Any) -> int:
    with house.unit(house.bakery, writes=False) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_rows_event_wakeup_audit_and_answer_are_written_together(house: House) -> None:
    with house.session(house.bakery) as session:
        assert number(write_plan(session, Count())) == 1
    assert [count_rows(house, m) for m in (Toy, Outbox, AuditEntry, AuditPending, Idempotency)] == [
        1,
        1,
        1,
        1,
        1,
    ]
    with platform_unit(house.database, house.clock, writes=False) as session:
        wakeup = session.scalars(select(Wakeup)).one()
    assert (wakeup.tenant_id, wakeup.queue) == (house.bakery.id, "events")
    with house.unit(house.bakery, writes=False) as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert entry.recorded_by == house.cashier
        assert entry.recorded_at == house.clock.now()
        assert session.scalars(select(Outbox)).one().id == wakeup.id
        assert session.scalars(select(Toy)).one().price == Decimal(1)


class Ear:
    """Hears hints, and how many rows were committed when they came."""

    def __init__(self, house: House) -> None:
        self.heard: list[Hint] = []
        self.committed: list[int] = []
        self._house = house

    def tell(self, hints: Iterable[Hint]) -> None:
        self.heard += hints
        self.committed.append(count_rows(self._house, Outbox))


def test_a_worker_is_told_after_the_commit_and_once(house: House) -> None:
    ear, plan = Ear(house), Count()
    with notifying(ear), house.session(house.bakery) as session:
        write_plan(session, plan)
        write_plan(session, plan)
    with house.unit(house.bakery, writes=False) as session:
        key = session.scalars(select(Outbox.id)).one()
    assert ear.heard == [Hint(house.bakery.id, key, "events")]
    assert ear.committed == [1]


def test_the_same_key_answers_the_same_and_writes_nothing(house: House) -> None:
    plan = Count()
    with house.session(house.bakery) as session:
        first, second = write_plan(session, plan), write_plan(session, plan)
    assert (first.replayed, second.replayed, first.body) == (False, True, second.body)
    assert count_rows(house, Outbox) == 1


def test_the_same_key_with_another_body_is_refused(house: House) -> None:
    plan = Count()
    with house.session(house.bakery) as session:
        write_plan(session, plan)
        for other in (replace(plan, fingerprint=b"g" * 32), replace(plan, scope="toy.other")):
            with pytest.raises(IdempotencyConflictError):
                write_plan(session, other)


def test_businesses_with_the_same_key_do_not_meet(house: House) -> None:
    plan = Count()
    for tenant in (house.bakery, house.pharmacy):
        with house.session(tenant) as session:
            assert not write_plan(session, plan).replayed


def test_a_refusal_leaves_nothing_behind(house: House) -> None:
    def refuse(_rows: Rows) -> None:
        raise ConflictError("no")

    with house.session(house.bakery) as session:
        with pytest.raises(ConflictError, match="no"):
            write_plan(session, Count(extra=refuse))
        assert number(write_plan(session, Count())) == 1
    assert count_rows(house, Outbox) == 1


def test_a_database_error_leaves_nothing_behind(house: House) -> None:
    establishments: Any = Establishment.__table__

    def twice(rows: Rows) -> None:
        rows.insert(establishments, id=uuid7(), code="001", name="there is one already")

    with house.session(house.bakery) as session:
        with pytest.raises(Exception, match=r"(?i)unique"):
            write_plan(session, Count(extra=twice))
        assert number(write_plan(session, Count())) == 1


def test_a_row_that_must_exist_is_missed(house: House) -> None:
    with house.session(house.bakery) as session, pytest.raises(LockMissingError):
        write_plan(session, Count(lock=counter("refuse")))


@pytest.mark.parametrize("stamped", ["tenant_id"])
def test_nobody_says_for_whom_a_row_is(house: House, stamped: str) -> None:
    def forge(rows: Rows) -> None:
        rows.insert(toy_table, id=uuid7(), name="x", price=Decimal(1), **{stamped: 2})

    with house.session(house.bakery) as session, pytest.raises(StampedColumnError):
        write_plan(session, Count(extra=forge))


def test_facts_read_at_an_older_epoch_are_read_again_once(house: House) -> None:
    with house.session(house.bakery) as session:
        assert number(write_plan(session, Count(epoch=7))) == 1

    @dataclass(frozen=True)
    class Stubborn(Count):
        def refresh(self, epoch: int) -> Plan:
            return self

    with house.session(house.bakery) as session, pytest.raises(StaleFactsError):
        write_plan(session, Stubborn(epoch=7))


def test_a_session_with_a_transaction_open_is_refused(house: House) -> None:
    with house.unit(house.bakery) as session:
        session.scalars(select(Toy)).all()
        with pytest.raises(TenantError):
            write_plan(session, Count())


def test_sixteen_threads_take_numbers_without_gap_or_double(house: House) -> None:
    threads, each = 16, 5
    taken: list[int] = []
    barrier = Barrier(threads)

    def work() -> None:
        barrier.wait()
        for _ in range(each):
            with house.session(house.bakery) as session:
                taken.append(number(write_plan(session, Count())))

    crowd = [Thread(target=work) for _ in range(threads)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert sorted(taken) == list(range(1, threads * each + 1))


def test_eight_threads_with_one_key_count_once(house: House) -> None:
    plan, answers = Count(), []
    barrier = Barrier(8)

    def work() -> None:
        barrier.wait()
        with house.session(house.bakery) as session:
            answers.append(write_plan(session, plan))

    crowd = [Thread(target=work) for _ in range(8)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert {number(answer) for answer in answers} == {1}
    assert sum(not answer.replayed for answer in answers) == 1


def test_every_statement_and_the_commit_can_be_interrupted(house: House) -> None:
    steps: list[str] = []
    listener = lambda kind, _detail: steps.append(kind)  # noqa: E731
    trace.listeners.append(listener)
    try:
        with house.session(house.bakery) as session:
            write_plan(session, Count())
    finally:
        trace.listeners.remove(listener)
    assert steps.count("commit") == 1
    assert steps.count("statement") >= 10
    assert steps[-1] == "commit"


@contextmanager
def counting_proxy(host: str, port: int, turns: list[int]) -> Iterator[int]:
    """Forward one connection and count how often the client speaks after the server did."""
    listener = socket.create_server(("127.0.0.1", 0))

    def forward() -> None:
        with suppress(OSError):
            client, _ = listener.accept()
            server = socket.create_connection((host, port))
            last = "server"

            def back() -> None:
                nonlocal last
                with suppress(OSError):
                    while data := server.recv(65536):
                        last = "server"
                        client.sendall(data)

            Thread(target=back, daemon=True).start()
            while data := client.recv(65536):
                if last == "server":
                    turns[0] += 1
                last = "client"
                server.sendall(data)
            server.close()
            client.close()

    thread = Thread(target=forward, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def test_a_hot_write_takes_two_trips_on_the_wire(house: House) -> None:
    if house.database.kind != "postgresql":
        return
    turns = [0]
    url = make_url(house.database.engine.url)
    with counting_proxy(url.host or "", url.port or 5432, turns) as port:
        through = open_database(
            url.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
        )
        session = TenantSession(through, tenant=house.bakery, clock=house.clock, writes=True)
        write_plan(session, Count())
        before = turns[0]
        write_plan(session, Count())
        after = turns[0]
        session.close()
        through.dispose()
    assert after - before == 2

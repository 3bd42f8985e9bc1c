"""What is over goes after its time; what somebody still has to do stays."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from core.clock import StoppedClock
from core.events import pruning
from core.events.models import Inbox, Outbox
from core.events.pruning import EVENTS_KEPT, prune
from core.events.tests.conftest import Switches, worker_of
from core.events.tests.test_worker import STOCK, happen, marks, outbox
from core.tenancy import TenantRef
from core.testing.house import House

LATER = EVENTS_KEPT + timedelta(seconds=1)


def pruned(house: House, tenant: TenantRef) -> int:
    with house.unit(tenant) as session:
        return prune(session)


def consumed(house: House, tenant: TenantRef) -> list[UUID]:
    with house.unit(tenant, writes=False) as session:
        return list(session.scalars(select(Inbox.event_id)))


def test_an_event_that_was_worked_off_goes_after_its_time_with_all_that_is_known_of_it(
    house: House, switches: Switches, clock: StoppedClock
) -> None:
    for tenant in (house.bakery, house.pharmacy):
        happen(house, tenant, 2)
    worker_of(house, switches, STOCK).drain()
    clock.advance(EVENTS_KEPT)
    assert pruned(house, house.bakery) == 0
    clock.advance(timedelta(seconds=1))
    assert [pruned(house, house.bakery), pruned(house, house.bakery)] == [2, 0]
    assert outbox(house, house.bakery) == consumed(house, house.bakery) == []
    assert len(outbox(house, house.pharmacy)) == len(consumed(house, house.pharmacy)) == 2
    assert marks(house, house.bakery) == 2, "what it did stays"


@pytest.mark.parametrize("state", ["pending", "parked", "dead"])
def test_what_waits_for_somebody_stays_however_old(
    house: House, switches: Switches, clock: StoppedClock, state: str
) -> None:
    happen(house, house.bakery)
    worker_of(house, switches, STOCK).drain()
    with house.unit(house.bakery) as session:
        rows = update(Outbox).values(state=state)
        session.execute(rows.execution_options(synchronize_session=False))
    clock.advance(LATER * 12)
    assert pruned(house, house.bakery) == 0
    assert len(consumed(house, house.bakery)) == 1


def test_what_was_finished_late_is_kept_as_long_as_the_rest(
    house: House, switches: Switches, clock: StoppedClock
) -> None:
    happen(house, house.bakery)
    clock.advance(LATER)
    worker_of(house, switches, STOCK).drain()
    assert pruned(house, house.bakery) == 0
    clock.advance(LATER)
    assert pruned(house, house.bakery) == 1


def test_much_is_taken_away_in_portions(
    house: House, switches: Switches, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "CHUNK", 2)
    happen(house, house.bakery, 5)
    worker_of(house, switches, STOCK).drain()
    clock.advance(LATER)
    assert [pruned(house, house.bakery) for _ in range(4)] == [2, 2, 1, 0]

"""A business's own rows of the platform's tables, and nobody else's."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select, update

from core.db.uow import platform_unit
from core.events.models import ScheduleLease, Wakeup
from core.events.tests.test_worker import happen, waiting
from core.tenancy import Epoch, Tenant, TenantError
from core.testing.house import House


def test_a_session_reads_changes_and_deletes_only_its_own_wakeups(house: House) -> None:
    happen(house, house.bakery, 2)
    happen(house, house.pharmacy, 3)
    with house.unit(house.bakery) as session:
        assert session.scalar(select(func.count(Wakeup.id))) == 2
        assert len(session.scalars(select(Wakeup)).all()) == 2
        changed = session.execute(
            update(Wakeup)
            .values(lease_until=house.clock.now())
            .execution_options(synchronize_session=False)
        )
        assert changed.rowcount == 2  # type: ignore[attr-defined]
        session.execute(delete(Wakeup).execution_options(synchronize_session=False))
    with platform_unit(house.database, house.clock, writes=False) as session:
        rows = session.execute(select(Wakeup.tenant_id, Wakeup.lease_until)).all()
    assert [tuple(row) for row in rows] == [(house.pharmacy.id, None)] * 3


def test_a_session_leaves_no_wakeup_for_another_business(house: House) -> None:
    foreign = Wakeup(tenant_id=house.pharmacy.id, queue="events", due_at=house.clock.now())
    with pytest.raises(TenantError), house.unit(house.bakery) as session:
        session.add(foreign)
    happen(house, house.bakery)
    with pytest.raises(TenantError), house.unit(house.bakery) as session:
        session.execute(update(Wakeup).values(tenant_id=house.pharmacy.id))
    assert waiting(house) == 1


@pytest.mark.parametrize("model", [Epoch, ScheduleLease])
def test_the_other_own_rows_are_filtered_too(
    house: House, model: type[Epoch | ScheduleLease]
) -> None:
    if model.__tablename__ == "core_schedule":
        with platform_unit(house.database, house.clock, writes=True) as platform:
            for tenant in (house.bakery, house.pharmacy):
                platform.add(
                    ScheduleLease(tenant_id=tenant.id, name="x.y", due_at=house.clock.now())
                )
    with house.unit(house.bakery, writes=False) as session:
        assert session.scalars(select(model.tenant_id)).all() == [house.bakery.id]


def test_the_rest_of_the_platform_stays_out_of_reach(house: House) -> None:
    for statement in (
        select(Tenant.name),
        select(Wakeup.id).join(Tenant, Tenant.id == Wakeup.tenant_id),
        select(Wakeup.__table__),
        select(Wakeup.id).where(Wakeup.id.in_(select(Wakeup.__table__.c.id))),
    ):
        with pytest.raises(TenantError), house.unit(house.bakery, writes=False) as session:
            session.execute(statement)

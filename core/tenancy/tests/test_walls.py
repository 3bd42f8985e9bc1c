from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Text, column, delete, insert, literal_column, select, table, text, update
from sqlalchemy.exc import DBAPIError

from core.clock import StoppedClock
from core.db.engine import open_database, open_owner
from core.db.uow import platform_unit
from core.tenancy import Establishment, RoleError, Tenant, TenantError
from core.tenancy.roles import refuse_unsafe_role
from core.tenancy.tests.toys import Toy, ToySale
from core.testing.databases import TestCluster, TestDatabases
from core.testing.house import House

pytestmark = pytest.mark.services


def test_a_posted_row_is_never_changed_or_deleted(house: House) -> None:
    with house.unit(house.bakery) as session:
        moment = session.clock.now()
        session.add(ToySale(total=Decimal("10"), business_date=moment.date(), occurred_at=moment))
    with house.session(house.bakery) as session, pytest.raises(DBAPIError):
        session.execute(update(ToySale).values(total=Decimal("1")))
    with house.session(house.bakery) as session, pytest.raises(DBAPIError):
        session.execute(delete(ToySale))
    with house.unit(house.bakery, writes=False) as session:
        assert session.scalars(select(ToySale.total)).all() == [Decimal("10.0000")]


def test_people_see_decimals_where_programs_count_steps(house: House) -> None:
    with house.unit(house.bakery) as session:
        session.add(Toy(name="cheap", price=Decimal("-0.5")))
        session.add(Toy(name="dear", price=Decimal("12345.6789")))
    engine = open_owner(house.owner_url)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT set_config('app.tenant', '1', true)")
        shown = connection.exec_driver_sql("SELECT price FROM toy_toy_v ORDER BY name").all()
    engine.dispose()
    assert [str(row.price) for row in shown] == ["-0.5000", "12345.6789"]


def test_a_platform_session_does_not_reach_business_rows(house: House) -> None:
    with (
        platform_unit(house.database, house.clock, writes=False) as session,
        pytest.raises(TenantError),
    ):
        session.scalars(select(Establishment)).all()


OTHER_WAYS: dict[str, Any] = {
    "as text": text("SELECT name FROM core_establishment"),
    "as text with columns": text("SELECT name FROM core_establishment").columns(name=Text),
    "named without being known": select(column("name")).select_from(table("core_establishment")),
    "its place as text": select(column("name")).select_from(text("core_establishment")),
    "its column as text": select(literal_column("(SELECT name FROM core_establishment)")),
    "its condition as text": select(Tenant.name).where(text("1 = 1")),
    "its order as text": select(Tenant.name).order_by(text("(SELECT 1 FROM core_establishment)")),
    "before its columns": select(Tenant.name).prefix_with("name FROM core_establishment --"),
    "at its end": select(Tenant.name).with_statement_hint("UNION SELECT 1"),
    "beside a table": select(Tenant.name).with_hint(Tenant, "CROSS JOIN core_establishment"),
    "a table of nobody's list": select(column("name")).select_from(table("sqlite_master")),
    "under another name": select(Establishment.__table__.alias("core_tenant").c.name),
    "changed without being known": update(table("core_establishment", column("name"))).values(
        name="Mine"
    ),
    "put without being known": insert(table("core_establishment", column("name"))).values(name="x"),
    "removed without being known": delete(table("core_establishment")),
}


def test_a_platform_session_asks_its_own_tables_and_nothing_written_as_text(house: House) -> None:
    reached = [way for way, statement in OTHER_WAYS.items() if not refused(house, statement)]
    assert reached == []
    with (
        platform_unit(house.database, house.clock, writes=False) as session,
        pytest.raises(TenantError),
    ):
        session.connection().exec_driver_sql("SELECT name FROM core_establishment")


def refused(house: House, statement: Any) -> bool:
    try:
        with platform_unit(house.database, house.clock, writes=False) as session:
            session.execute(statement)
    except TenantError:
        return True
    except DBAPIError:
        return False  # only the database minded
    return False


def test_a_business_session_does_not_reach_platform_rows(house: House) -> None:
    with house.session(house.bakery) as session, pytest.raises(TenantError):
        session.scalars(select(Tenant)).all()


def test_the_program_refuses_the_owner_and_the_superuser(
    house: House, postgres_cluster: TestCluster
) -> None:
    if house.database.kind != "postgresql":
        return
    refuse_unsafe_role(house.database.engine)
    for url in (house.owner_url, postgres_cluster.server.url.render_as_string(False)):
        unsafe = open_database(url)
        with pytest.raises(RoleError, match="row-level"):
            refuse_unsafe_role(unsafe.engine)
        unsafe.dispose()


def test_the_program_itself_makes_a_business(
    house: House, databases: TestDatabases, clock: StoppedClock
) -> None:
    databases.copy("toys", "empty")
    fresh = open_database(databases.application_url("empty"))
    try:
        with platform_unit(fresh, clock, writes=True) as session:
            session.add(tenant := Tenant(name="Ferretería El Roble"))
            session.flush()
            assert tenant.id == 1
    finally:
        fresh.dispose()
        databases.drop("empty")

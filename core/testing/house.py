"""Two businesses in one database: the smallest world in which a leak can show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Final
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.engine import make_url

from core.clock import Clock
from core.db.base import Base
from core.db.engine import Database, open_database, open_owner
from core.db.uow import platform_unit, tenant_unit
from core.ids import uuid7
from core.tenancy import Epoch, Establishment, Tenant, TenantRef, TenantSession
from core.tenancy.walls import sync_walls
from core.testing.databases import TestDatabases

_serial: Final = count(1)


@dataclass(frozen=True, slots=True)
class House:
    """One database with two businesses, each with one establishment."""

    database: Database
    owner_url: str
    clock: Clock
    bakery: TenantRef
    pharmacy: TenantRef
    enabled: frozenset[str] = frozenset()
    cashier: UUID = field(default_factory=uuid7)

    def unit(
        self, tenant: TenantRef, *, writes: bool = True
    ) -> AbstractContextManager[TenantSession]:
        """Work for ``tenant`` and commit at the end."""
        return tenant_unit(
            self.database,
            tenant,
            self.clock,
            writes=writes,
            enabled=self.enabled,
            user_id=self.cashier,
        )

    def session(self, tenant: TenantRef) -> TenantSession:
        """Open a session that the caller ends."""
        return TenantSession(
            self.database,
            tenant=tenant,
            clock=self.clock,
            enabled=self.enabled,
            user_id=self.cashier,
            writes=True,
        )


def create_tables(owner_url: str, application_url: str, tables: Iterable[Table]) -> None:
    """Create tables straight from the models, with the walls that migrations would put up."""
    chosen = list(tables)
    engine = open_owner(owner_url)
    with engine.begin() as connection:
        Base.metadata.create_all(connection, tables=chosen)
        sync_walls(connection, chosen, make_url(application_url).username)
    engine.dispose()


def two_businesses(database: Database, clock: Clock) -> tuple[TenantRef, TenantRef]:
    """Make the bakery and the pharmacy."""
    with platform_unit(database, clock, writes=True) as session:
        rows = [Tenant(id=1, name="Panadería Trigal"), Tenant(id=2, name="Droguería Salud")]
        session.add_all(rows)
        session.flush()
        session.add_all(Epoch(tenant_id=row.id) for row in rows)
        refs = [row.ref for row in rows]
    for ref in refs:
        with tenant_unit(database, ref, clock, writes=True) as session:
            session.add(Establishment(code="001", name="Principal"))
    return refs[0], refs[1]


@contextmanager
def open_house(
    databases: TestDatabases, template: str, clock: Clock, enabled: frozenset[str] = frozenset()
) -> Iterator[House]:
    """Copy ``template``, put the two businesses into it, and drop it when the test ends."""
    name = f"h{next(_serial)}"
    databases.copy(template, name)
    database = open_database(databases.application_url(name))
    try:
        bakery, pharmacy = two_businesses(database, clock)
        yield House(database, databases.owner_url(name), clock, bakery, pharmacy, enabled)
    finally:
        database.dispose()
        databases.drop(name)

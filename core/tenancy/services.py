"""Makes businesses and finds them: the platform's side of tenancy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.db.uow import platform_unit, tenant_unit
from core.errors import NotFoundError
from core.i18n import _
from core.process import is_equipped, process_of
from core.tenancy.models import Business, Epoch, Establishment, Tenant, TenantRef

if TYPE_CHECKING:
    from core.clock import Clock
    from core.db.engine import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBusiness:
    """A business to make, with its first establishment."""

    name: str
    legal_name: str = ""
    identification_type: str = "31"
    identification: str = ""
    check_digit: str = ""
    kind: str = "company"
    email: str = ""
    phone: str = ""
    is_demo: bool = False
    establishment: str = "Principal"
    address: str = ""
    municipality: str = ""
    activity: str = ""


def create_business(database: Database, clock: Clock, new: NewBusiness) -> TenantRef:
    """Make a tenant with its epoch, who it is before the law, and its first establishment.

    Where this process has a key file, its first data key is made too.
    """
    with platform_unit(database, clock, writes=True) as session:
        tenant = Tenant(name=new.name, is_demo=new.is_demo)
        session.add(tenant)
        session.flush()
        session.add(Epoch(tenant_id=tenant.id))
        ref = tenant.ref
    with tenant_unit(database, ref, clock, writes=True) as own:
        own.add(
            Business(
                id=ref.uid,
                kind=new.kind,
                legal_name=new.legal_name or new.name,
                trade_name=new.name,
                identification_type=new.identification_type,
                identification=new.identification,
                check_digit=new.check_digit,
                email=new.email,
                phone=new.phone,
            )
        )
        own.add(
            Establishment(
                code="001",
                name=new.establishment,
                address=new.address,
                municipality=new.municipality,
                activity=new.activity,
                phone=new.phone,
            )
        )
        if is_equipped(database) and (vault := process_of(database).vault.app).seals:
            vault.ensure_key(own)
    return ref


def is_practice(database: Database, clock: Clock, tenant: TenantRef) -> bool:
    """Tell whether a business only practises: it never touches production of any authority."""
    with platform_unit(database, clock, writes=False) as session:
        found = session.get(Tenant, tenant.id)
        return found is not None and found.is_demo


def businesses(database: Database, clock: Clock) -> Sequence[Tenant]:
    """List every business that is not archived, in the order they were made."""
    query = select(Tenant).where(Tenant.archived_at.is_(None)).order_by(Tenant.id)
    with platform_unit(database, clock, writes=False) as session:
        return session.scalars(query).all()


def business_named(database: Database, clock: Clock, name: str) -> Tenant:
    """Find a business by its uid or its exact name."""
    for tenant in businesses(database, clock):
        if name in {str(tenant.uid), tenant.name}:
            return tenant
    raise NotFoundError(_("There is no business {name}.", name=name))

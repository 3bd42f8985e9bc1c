"""One session works for one business; rows of other businesses do not exist in it."""

from core.tenancy.errors import RoleError, SwitchedError, TenantError
from core.tenancy.models import (
    Business,
    Epoch,
    Establishment,
    Tenant,
    TenantBound,
    TenantRef,
    business_date,
)
from core.tenancy.session import PlatformSession, TenantSession

__all__ = [
    "Business",
    "Epoch",
    "Establishment",
    "PlatformSession",
    "RoleError",
    "SwitchedError",
    "Tenant",
    "TenantBound",
    "TenantError",
    "TenantRef",
    "TenantSession",
    "business_date",
]

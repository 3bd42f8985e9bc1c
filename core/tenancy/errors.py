"""What goes wrong when code forgets for whom it works."""

from __future__ import annotations

from typing import ClassVar

from core.errors import ConflictError, PlatformError


class TenantError(PlatformError):
    """Code reached for tenant data without saying for which tenant."""

    code: ClassVar[str] = "tenancy.violation"
    http_status: ClassVar[int] = 500


class SwitchedError(ConflictError):
    """The page was made for one business, and the log-in session now works for another."""

    code: ClassVar[str] = "tenancy.switched"


class RoleError(PlatformError):
    """The database role could walk around row-level security; the program refuses to start."""

    code: ClassVar[str] = "tenancy.unsafe_role"
    http_status: ClassVar[int] = 500

"""People, the businesses they belong to, their log-ins; roles and API tokens of a business."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Archivable, Base, Versioned
from core.db.relations import many_to_one, one_to_many, tenant_foreign_key
from core.db.types import JsonDocument
from core.ids import uuid7
from core.tenancy.models import OwnedByTenant, TenantBound


class User(Base):
    """A person, whatever businesses they belong to. A platform table."""

    __tablename__ = "core_user"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    #: Folded: lower case, without spaces around it.
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    #: Argon2id, with its parameters.
    password_hash: Mapped[str]
    language: Mapped[str] = mapped_column(default="es")
    theme: Mapped[str] = mapped_column(default="auto")
    is_active: Mapped[bool] = mapped_column(default=True)
    is_operator: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Membership(Base):
    """A person may work for a business. A platform table: it is read before one is chosen."""

    __tablename__ = "core_membership"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("core_user.id", ondelete="CASCADE"), primary_key=True
    )
    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("core_tenant.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class LoginSession(Base):
    """One log-in of one browser. A platform table; its id is what the cookie's SHA-256 is."""

    __tablename__ = "core_login_session"
    __table_args__ = (Index(None, "expires_at"),)

    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("core_user.id", ondelete="CASCADE"), index=True
    )
    #: The business worked for now; None until one is chosen.
    tenant_id: Mapped[int | None] = mapped_column(ForeignKey("core_tenant.id", ondelete="CASCADE"))
    establishment_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    #: Written every few minutes only.
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    #: How long it lives without being used, in minutes.
    idle_minutes: Mapped[int]
    user_agent: Mapped[str] = mapped_column(default="")
    #: What the next page says first: [kind, text, address to undo it], each.
    notices: Mapped[JsonDocument] = mapped_column(default=list)
    revoked_at: Mapped[datetime | None]


class LoginFailure(Base):
    """Failed tries to log in with one e-mail, known to us or not. A platform table."""

    __tablename__ = "core_login_failure"
    __table_args__ = (Index(None, "retry_at"),)

    #: SHA-256 of the folded e-mail.
    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    failures: Mapped[int]
    #: Nobody is let in before, not even with the right password.
    retry_at: Mapped[datetime]


class TokenIndex(OwnedByTenant, Base):
    """Finds the business of an API token before the business is known. A platform table.

    It holds nothing that changes: a token is revoked in its business.
    """

    __tablename__ = "core_token_index"

    prefix: Mapped[str] = mapped_column(primary_key=True)
    token_id: Mapped[UUID]
    #: SHA-256 of the whole token.
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class Role(TenantBound, Archivable, Versioned, Base):
    """A set of permissions under a name; the owner's holds all, so it lists none."""

    __tablename__ = "core_role"
    __table_args__ = (UniqueConstraint("tenant_id", "code"),)

    code: Mapped[str]
    name: Mapped[str]
    #: Made with the business; its permissions grow with the addons that are switched on.
    is_default: Mapped[bool] = mapped_column(default=False)

    permissions = one_to_many(lambda: RolePermission.role_id, lambda: Role, owned=True)


class RolePermission(TenantBound, Base):
    """A permission that a role holds; ``granted`` is False where the owner took it away."""

    __tablename__ = "core_role_permission"
    __table_args__ = (
        UniqueConstraint("tenant_id", "role_id", "permission"),
        tenant_foreign_key("role_id", "core_role", ondelete="CASCADE"),
    )

    role_id: Mapped[UUID]
    permission: Mapped[str]
    granted: Mapped[bool] = mapped_column(default=True)


class RoleAssignment(TenantBound, Base):
    """A person holds a role, in one establishment or (None) in all of them.

    The person is named by id without a foreign key: a business may be exported without its people.
    """

    __tablename__ = "core_role_assignment"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id", "role_id", "establishment_id"),
        tenant_foreign_key("role_id", "core_role"),
        tenant_foreign_key("establishment_id", "core_establishment"),
    )

    user_id: Mapped[UUID]
    role_id: Mapped[UUID]
    establishment_id: Mapped[UUID | None]

    role = many_to_one(lambda: RoleAssignment.role_id, lambda: Role)


class ApiToken(TenantBound, Base):
    """A program's way in; only the SHA-256 of the token is kept, in the index."""

    __tablename__ = "core_api_token"
    __table_args__ = (
        UniqueConstraint("tenant_id", "prefix"),
        tenant_foreign_key("establishment_id", "core_establishment"),
    )

    name: Mapped[str]
    prefix: Mapped[str]
    #: Names of permissions.
    scopes: Mapped[JsonDocument]
    #: Where it may act; None is everywhere.
    establishment_id: Mapped[UUID | None]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    #: Written once an hour at most.
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

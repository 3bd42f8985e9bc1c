"""Who asks? One statement for each request: log-in, person, business, epoch and generation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select

from core.addons.models import AddonGeneration
from core.auth.logins import login_id
from core.auth.models import LoginSession, Membership, TokenIndex, User
from core.auth.principal import Principal
from core.auth.tokens import digest_of, prefix_of
from core.db.asking import Question
from core.db.engine import Database
from core.tenancy import Epoch, Tenant, TenantRef

#: How often a log-in notes that it is in use.
NOTED_EVERY: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Standing:
    """What one database query told about who asks, and for which business they work now."""

    principal: Principal
    tenant: TenantRef | None = None
    tenant_name: str = ""
    is_demo: bool = False
    #: Facts cached under another epoch are old.
    epoch: int = 0
    #: The installed set of addons, as the database has it.
    generation: int = 0
    establishment: UUID | None = None
    #: The SHA-256 of the log-in's token; empty when a program acts.
    login: bytes = b""
    #: What the next page says first: (kind, text, address to undo it).
    notices: tuple[tuple[str, str, str], ...] = ()
    #: The log-in was last noted to be in use so long ago that it is time again.
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class FoundToken:
    """A token whose secret is right; whether it still serves is known to its business."""

    token_id: UUID
    tenant: TenantRef
    tenant_name: str
    is_demo: bool
    epoch: int
    generation: int


_generation: Final = select(AddonGeneration.value).where(AddonGeneration.id == 1).scalar_subquery()

_LOGIN: Final = Question(
    select(
        LoginSession.last_seen_at,
        LoginSession.expires_at,
        LoginSession.idle_minutes,
        LoginSession.establishment_id,
        LoginSession.notices,
        User.id,
        User.name,
        User.email,
        User.language,
        User.theme,
        User.is_operator,
        Tenant.id.label("tenant_id"),
        Tenant.uid,
        Tenant.name.label("tenant_name"),
        Tenant.is_demo,
        Epoch.value.label("epoch"),
        _generation.label("generation"),
    )
    .join(User, User.id == LoginSession.user_id)
    .outerjoin(
        Membership,
        (Membership.user_id == LoginSession.user_id)
        & (Membership.tenant_id == LoginSession.tenant_id)
        & Membership.archived_at.is_(None),
    )
    .outerjoin(Tenant, (Tenant.id == Membership.tenant_id) & Tenant.archived_at.is_(None))
    .outerjoin(Epoch, Epoch.tenant_id == Tenant.id)
    .where(
        LoginSession.id == bindparam("login"),
        LoginSession.revoked_at.is_(None),
        User.is_active,
    )
)

_TOKEN: Final = Question(
    select(
        TokenIndex.token_id,
        TokenIndex.digest,
        Tenant.id.label("tenant_id"),
        Tenant.uid,
        Tenant.name.label("tenant_name"),
        Tenant.is_demo,
        Epoch.value.label("epoch"),
        _generation.label("generation"),
    )
    .join(Tenant, (Tenant.id == TokenIndex.tenant_id) & Tenant.archived_at.is_(None))
    .join(Epoch, Epoch.tenant_id == Tenant.id)
    .where(TokenIndex.prefix == bindparam("prefix"))
)


def find_login(database: Database, token: str, now: datetime) -> Standing | None:
    """Give who holds the cookie's token, or None when it opens nothing (any more)."""
    login = login_id(token)
    row = _LOGIN.ask(database, login=login)
    if row is None or now >= row.expires_at:
        return None
    if now - row.last_seen_at > timedelta(minutes=row.idle_minutes):
        return None
    return Standing(
        principal=Principal(row.id, row.name, row.email, row.language, row.theme, row.is_operator),
        tenant=None if row.tenant_id is None else TenantRef(row.tenant_id, row.uid),
        tenant_name=row.tenant_name or "",
        is_demo=bool(row.is_demo),
        epoch=row.epoch or 0,
        generation=row.generation or 0,
        establishment=row.establishment_id,
        login=login,
        notices=tuple((kind, text, undo) for kind, text, undo in row.notices),
        is_stale=now - row.last_seen_at > NOTED_EVERY,
    )


def find_token(database: Database, token: str) -> FoundToken | None:
    """Give the business of an API token, or None when no such token was ever made."""
    prefix = prefix_of(token)
    row = _TOKEN.ask(database, prefix=prefix) if prefix else None
    known = row.digest if row is not None else bytes(32)
    if not compare_digest(bytes(known), digest_of(token)) or row is None:
        return None
    return FoundToken(
        token_id=row.token_id,
        tenant=TenantRef(row.tenant_id, row.uid),
        tenant_name=row.tenant_name,
        is_demo=row.is_demo,
        epoch=row.epoch,
        generation=row.generation or 0,
    )

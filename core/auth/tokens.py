"""API tokens: a program's way into one business, with named permissions and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_hex, token_urlsafe
from typing import Final
from uuid import UUID

from sqlalchemy import select

from core.audit.services import record
from core.auth.models import ApiToken, TokenIndex
from core.auth.permissions import MANAGE_TOKENS
from core.auth.principal import Rights
from core.errors import BadInputError, ForbiddenError, NotFoundError
from core.i18n import _
from core.ids import uuid7
from core.tenancy import TenantSession
from core.tenancy.cache import bump_epoch

#: So that a leaked token is recognised for what it is.
START: Final = "gua"


@dataclass(frozen=True, slots=True)
class NewToken:
    """What a token is made for; ``scopes`` are names of permissions."""

    name: str
    scopes: Sequence[str]
    expires_at: datetime | None = None
    #: Where it may act; None is everywhere.
    establishment_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What a request needs to know of a token; kept by epoch."""

    token_id: UUID
    name: str
    created_by: UUID
    rights: Rights
    expires_at: datetime | None
    revoked: bool

    def serves(self, now: datetime) -> bool:
        """Tell whether the token opens anything at ``now``."""
        return not self.revoked and (self.expires_at is None or now < self.expires_at)


def create_token(session: TenantSession, new: NewToken, holder: Rights) -> str:
    """Make a token and give it, this once: only its SHA-256 is kept.

    ``holder`` is what the person who makes it may do; nobody hands out more than they hold.
    """
    if session.user_id is None:
        raise ForbiddenError(_("A person has to make the token."))
    if not new.name.strip() or not new.scopes:
        raise BadInputError(_("Give the token a name and at least one permission."))
    for scope in new.scopes:
        where = holder.get(scope, frozenset())
        if where is not None and new.establishment_id not in where:
            raise ForbiddenError(_("You cannot give a permission that you do not hold."))
    prefix = f"{START}_{token_hex(6)}"
    token = f"{prefix}_{token_urlsafe(32)}"
    row = ApiToken(
        id=uuid7(),
        name=new.name.strip(),
        prefix=prefix,
        scopes=sorted(set(new.scopes)),
        establishment_id=new.establishment_id,
        created_by=session.user_id,
        created_at=session.clock.now(),
        expires_at=new.expires_at,
    )
    session.add(row)
    session.add(
        TokenIndex(
            prefix=prefix,
            tenant_id=session.tenant_id,
            token_id=row.id,
            digest=digest_of(token),
        )
    )
    record(session, MANAGE_TOKENS, "core.token", row.id, name=row.name, scopes=row.scopes)
    bump_epoch(session)
    return token


def revoke_token(session: TenantSession, token_id: UUID) -> None:
    """End a token: the next request with it is refused. Ending it again is fine."""
    row = session.scalar(select(ApiToken).where(ApiToken.id == token_id))
    if row is None:
        raise NotFoundError(_("There is no such token."))
    if row.revoked_at is None:
        row.revoked_at = session.clock.now()
        record(session, MANAGE_TOKENS, "core.token", row.id, revoked=True)
        bump_epoch(session)


def note_use(session: TenantSession, token_id: UUID) -> None:
    """Note that a token is in use; no cache needs to forget anything for it."""
    row = session.scalar(select(ApiToken).where(ApiToken.id == token_id))
    if row is not None:
        row.last_used_at = session.clock.now()


def token_facts(session: TenantSession, token_id: UUID) -> TokenFacts | None:
    """Read a token of the business."""
    row = session.scalar(select(ApiToken).where(ApiToken.id == token_id))
    if row is None:
        return None
    where = None if row.establishment_id is None else frozenset({row.establishment_id})
    return TokenFacts(
        token_id=row.id,
        name=row.name,
        created_by=row.created_by,
        rights=dict.fromkeys(row.scopes, where),
        expires_at=row.expires_at,
        revoked=row.revoked_at is not None,
    )


def prefix_of(token: str) -> str:
    """Give the part of a token that finds it; empty when it cannot be one."""
    start, _sep, rest = token.partition("_")
    middle, sep, secret = rest.partition("_")
    return f"{start}_{middle}" if start == START and sep and len(secret) >= 40 else ""


def digest_of(token: str) -> bytes:
    """Give the SHA-256 of a token: 256 random bits need no slow hash."""
    return sha256(token.encode()).digest()

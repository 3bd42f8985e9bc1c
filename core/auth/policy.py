"""What may be done in a request, remembered until the business's epoch moves."""

from __future__ import annotations

from uuid import UUID

from core.addons.activation import enabled_addons
from core.auth.permissions import Permissions
from core.auth.principal import Principal, Rights
from core.auth.roles import rights_of
from core.auth.tokens import TokenFacts, token_facts
from core.tenancy import TenantSession
from core.tenancy.cache import cached


def known_addons(session: TenantSession) -> frozenset[str]:
    """Give the addons that the business switched on, running here or not."""
    return cached(session, "core.enabled", lambda: enabled_addons(session))


def known_token(session: TenantSession, token_id: UUID) -> TokenFacts | None:
    """Give what the business knows of a token, revoked or not."""
    return cached(session, f"core.token:{token_id}", lambda: token_facts(session, token_id))


def known_rights(session: TenantSession, principal: Principal, permissions: Permissions) -> Rights:
    """Give what the one who acts may do where ``session.enabled`` are on; nothing by default.

    Permissions that no running and enabled addon declares are held in vain.
    """
    possible = permissions.of(session.enabled)
    if principal.token_id is not None:
        facts = known_token(session, principal.token_id)
        held = facts.rights if facts else {}
        return {one.name: held[one.name] for one in possible if one.name in held}
    user_id = principal.user_id
    return cached(session, f"core.rights:{user_id}", lambda: rights_of(session, user_id, possible))

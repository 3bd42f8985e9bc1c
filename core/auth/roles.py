"""Roles of a business: who holds which, and what they hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import select

from core.addons.parts import DefaultRole, Permission
from core.audit.services import record
from core.auth.models import Role, RoleAssignment, RolePermission
from core.auth.permissions import MANAGE_PEOPLE
from core.auth.principal import Rights
from core.errors import ConflictError, NotFoundError
from core.i18n import _
from core.tenancy import TenantSession
from core.tenancy.cache import bump_epoch

OWNER: Final = "owner"
#: Names are data of the business from the day they are made, so they are in its language.
DEFAULT_ROLES: Final[dict[DefaultRole, str]] = {
    "owner": "Propietario",
    "accountant": "Contador",
    "cashier": "Cajero",
}


def seed_roles(session: TenantSession, permissions: Iterable[Permission]) -> None:
    """Make the default roles and give them what ``permissions`` say; doing it again is fine.

    Call it when a business is made and whenever it switches an addon on. What the owner took away
    from a role stays away.
    """
    roles = {role.code: role for role in session.scalars(select(Role).where(Role.is_default))}
    for code, name in DEFAULT_ROLES.items():
        if code not in roles:
            roles[code] = Role(code=code, name=name, is_default=True)
            session.add(roles[code])
    session.flush()
    known = {
        (row.role_id, row.permission)
        for row in session.scalars(
            select(RolePermission).where(RolePermission.role_id.in_([r.id for r in roles.values()]))
        )
    }
    for permission in permissions:
        for code in permission.roles:
            role = roles[code]
            if code != OWNER and (role.id, permission.name) not in known:
                session.add(RolePermission(role_id=role.id, permission=permission.name))
    bump_epoch(session)


def grant_role(
    session: TenantSession, user_id: UUID, code: str, establishment_id: UUID | None = None
) -> None:
    """Give a person a role, everywhere or in one establishment; doing it twice is fine."""
    role = _role(session, code)
    if _assignment(session, user_id, role.id, establishment_id) is not None:
        return
    session.add(RoleAssignment(user_id=user_id, role_id=role.id, establishment_id=establishment_id))
    where = str(establishment_id) if establishment_id else None
    record(session, "core.role.grant", "core.user", user_id, role=code, establishment=where)
    bump_epoch(session)


def revoke_role(
    session: TenantSession, user_id: UUID, code: str, establishment_id: UUID | None = None
) -> None:
    """Take a role away; refuses to leave the business without an owner."""
    role = _role(session, code)
    held = _assignment(session, user_id, role.id, establishment_id)
    if held is None:
        raise NotFoundError(_("This person does not hold that role."))
    if code == OWNER and establishment_id is None and not _other_owner(session, role.id, user_id):
        raise ConflictError(_("The business would be left without an owner."))
    session.delete(held)
    where = str(establishment_id) if establishment_id else None
    record(session, "core.role.revoke", "core.user", user_id, role=code, establishment=where)
    bump_epoch(session)


def set_permission(session: TenantSession, code: str, permission: str, *, granted: bool) -> None:
    """Give a role a permission or take it away; the owner's role holds all, always."""
    role = _role(session, code)
    if role.is_default and role.code == OWNER:
        raise ConflictError(_("The owner holds every permission."))
    row = session.scalar(
        select(RolePermission).where(
            RolePermission.role_id == role.id, RolePermission.permission == permission
        )
    )
    if row is None:
        session.add(RolePermission(role_id=role.id, permission=permission, granted=granted))
    else:
        row.granted = granted
    details = {"permission": permission, "granted": granted}
    record(session, MANAGE_PEOPLE, "core.role", role.id, **details)
    bump_epoch(session)


def rights_of(session: TenantSession, user_id: UUID, permissions: Iterable[Permission]) -> Rights:
    """Give what a person may do, of ``permissions``, and where; nothing unless a role says so."""
    held = session.execute(
        select(Role.id, Role.code, Role.is_default, RoleAssignment.establishment_id)
        .join(
            RoleAssignment,
            (RoleAssignment.role_id == Role.id) & (RoleAssignment.tenant_id == Role.tenant_id),
        )
        .where(RoleAssignment.user_id == user_id, Role.archived_at.is_(None))
    ).all()
    known = [permission.name for permission in permissions]
    granted: dict[UUID, set[str]] = {}
    rows = session.execute(
        select(RolePermission.role_id, RolePermission.permission).where(
            RolePermission.role_id.in_({row.id for row in held}), RolePermission.granted
        )
    )
    for role_id, name in rows:
        granted.setdefault(role_id, set()).add(name)
    rights: dict[str, frozenset[UUID] | None] = {}
    for row in held:
        all_of_them = row.is_default and row.code == OWNER
        for name in known:
            if all_of_them or name in granted.get(row.id, ()):
                rights[name] = _joined(rights, name, row.establishment_id)
    return rights


def _joined(
    rights: dict[str, frozenset[UUID] | None], name: str, establishment: UUID | None
) -> frozenset[UUID] | None:
    before = rights.get(name, frozenset())
    return None if before is None or establishment is None else before | {establishment}


def _role(session: TenantSession, code: str) -> Role:
    role = session.scalar(select(Role).where(Role.code == code, Role.archived_at.is_(None)))
    if role is None:
        raise NotFoundError(_("There is no role named {name}.", name=code))
    return role


def _assignment(
    session: TenantSession, user_id: UUID, role_id: UUID, establishment_id: UUID | None
) -> RoleAssignment | None:
    place = RoleAssignment.establishment_id
    return session.scalar(
        select(RoleAssignment).where(
            RoleAssignment.user_id == user_id,
            RoleAssignment.role_id == role_id,
            place.is_(None) if establishment_id is None else place == establishment_id,
        )
    )


def _other_owner(session: TenantSession, role_id: UUID, user_id: UUID) -> bool:
    others = select(RoleAssignment.id).where(
        RoleAssignment.role_id == role_id,
        RoleAssignment.establishment_id.is_(None),
        RoleAssignment.user_id != user_id,
    )
    return session.scalar(others.limit(1)) is not None

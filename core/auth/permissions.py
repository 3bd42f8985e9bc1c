"""Every permission there is: those of the core and those that the running addons declare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from core.addons.parts import Permission
from core.auth.errors import UnknownPermissionError
from core.db.ownership import CORE
from core.i18n import _

MANAGE_APPS: Final = "core.app.manage"
MANAGE_PEOPLE: Final = "core.user.manage"
MANAGE_TOKENS: Final = "core.token.manage"
MANAGE_SETTINGS: Final = "core.setting.manage"
READ_AUDIT: Final = "core.audit.read"

CORE_PERMISSIONS: Final = (
    Permission(MANAGE_APPS, _("Turn applications on and off")),
    Permission(MANAGE_PEOPLE, _("Invite people and give them roles")),
    Permission(MANAGE_TOKENS, _("Create and revoke API tokens")),
    Permission(MANAGE_SETTINGS, _("Change the settings of the business")),
    Permission(READ_AUDIT, _("See who did what"), roles=("accountant",)),
)


class Permissions:
    """The permissions of this process, each with the addon that declares it."""

    def __init__(self, declared: Iterable[tuple[str, Permission]]) -> None:
        known: dict[str, tuple[str, Permission]] = {}
        for addon, permission in (*((CORE, one) for one in CORE_PERMISSIONS), *declared):
            name = permission.name
            if not name.startswith(f"{addon}.") or name.count(".") != 2:
                raise UnknownPermissionError(
                    f"{addon} declares {name!r}: a permission is named {addon}.<noun>.<verb>"
                )
            if name in known:
                raise UnknownPermissionError(f"the permission {name!r} is declared twice")
            known[name] = (addon, permission)
        self._known: Mapping[str, tuple[str, Permission]] = MappingProxyType(known)

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def __iter__(self) -> Iterator[Permission]:
        return (permission for _addon, permission in self._known.values())

    def addon_of(self, name: str) -> str:
        """Tell which addon declares ``name``; an unknown one is a mistake in the code."""
        found = self._known.get(name)
        if found is None:
            raise UnknownPermissionError(f"no addon declares the permission {name!r}")
        return found[0]

    def of(self, addons: frozenset[str]) -> tuple[Permission, ...]:
        """Give the core's permissions and those of ``addons``, in load order."""
        return tuple(
            permission
            for addon, permission in self._known.values()
            if addon == CORE or addon in addons
        )

    def declared_by(self, addon: str) -> tuple[Permission, ...]:
        """Give what one addon declares."""
        return tuple(one for owner, one in self._known.values() if owner == addon)

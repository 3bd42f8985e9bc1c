"""Reads and changes the settings that addons declare with ``register_settings``."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar, Final
from uuid import UUID, uuid5

from sqlalchemy import select

from core.addons.parts import Setting
from core.audit.services import record
from core.errors import BadInputError, PlatformError
from core.i18n import _
from core.settings.models import SettingValue
from core.tenancy.cache import bump_epoch, cached

if TYPE_CHECKING:
    from core.tenancy.session import TenantSession

#: A dot before three digits parts thousands: ``1.500``.
_THOUSANDS: Final = re.compile(r"-?\d{1,3}(\.\d{3})+")


class BadSettingError(BadInputError):
    """A value that the setting does not take."""

    code: ClassVar[str] = "settings.bad_value"


class WrongPlaceError(PlatformError):
    """A setting of the business was asked for a place, or one of a place for none."""

    code: ClassVar[str] = "settings.wrong_place"
    http_status: ClassVar[int] = 500


def setting(session: TenantSession, declared: Setting, establishment_id: UUID | None = None) -> Any:
    """Give what the business decided, or the default; from the cache of its epoch.

    A number is a ``Decimal``, yes or no a ``bool``, anything else a ``str``. A setting of level
    "establishment" needs to know which one.
    """
    _check_place(declared, establishment_id)
    known = cached(session, "core.settings", lambda: _read(session))
    kept = known.get((declared.name, establishment_id))
    if kept is None:
        return declared.default
    return Decimal(kept) if declared.kind == "number" else kept


def change_setting(
    session: TenantSession, declared: Setting, value: Any, establishment_id: UUID | None = None
) -> None:
    """Decide a setting; written down in the audit log, effective with the next request.

    A value of the wrong kind is refused. Deciding what is decided already changes nothing.
    """
    _check_place(declared, establishment_id)
    checked = _checked(declared, value)
    kept = format(checked, "f") if isinstance(checked, Decimal) else checked
    key = _key(session.tenant.uid, declared.name, establishment_id)
    row = session.get(SettingValue, (session.tenant_id, key))
    if row is None:
        row = SettingValue(id=key, name=declared.name, establishment_id=establishment_id, value={})
        session.add(row)
    elif row.value == {"value": kept}:
        return
    row.value = {"value": kept}
    session.flush()
    record(session, "core.setting.change", "core_setting", key, name=declared.name, value=kept)
    bump_epoch(session)


def read_setting(declared: Setting, said: str) -> Any:
    """Read what a form said of a setting; refuses what does not fit its kind."""
    text = said.strip()
    if declared.kind == "yesno":
        return text != ""
    if declared.kind != "number":
        return _checked(declared, text)
    if "," in text or _THOUSANDS.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    try:
        return _checked(declared, Decimal(text))
    except InvalidOperation:
        raise _refused(declared, _("Write a number.")) from None


def _checked(declared: Setting, value: Any) -> Any:
    if declared.kind == "number":
        if not isinstance(value, Decimal) or not value.is_finite():
            raise _refused(declared, _("Write a number."))
    elif declared.kind == "yesno":
        if not isinstance(value, bool):
            raise _refused(declared, _("Choose yes or no."))
    elif declared.kind == "choice":
        if value not in {choice for choice, _label in declared.choices}:
            raise _refused(declared, _("Choose one of the values shown."))
    elif not isinstance(value, str):
        raise _refused(declared, _("Write a text."))
    return value


def _refused(declared: Setting, why: object) -> BadSettingError:
    return BadSettingError(why, fields={declared.name: why})


def _check_place(declared: Setting, establishment_id: UUID | None) -> None:
    if (declared.level == "establishment") is (establishment_id is None):
        raise WrongPlaceError(f"{declared.name} is kept per {declared.level}")


def _key(tenant: UUID, name: str, establishment_id: UUID | None) -> UUID:
    return uuid5(tenant, f"{name}:{establishment_id or ''}")


def _read(session: TenantSession) -> dict[tuple[str, UUID | None], Any]:
    rows = session.scalars(select(SettingValue))
    return {(row.name, row.establishment_id): row.value["value"] for row in rows}

"""Writes what a form or a program says of the tax profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addons.taxes.commands import ProfileIn
from addons.taxes.liability import (
    NOT_RESPONSIBLE_FOR_IVA,
    RESPONSIBLE_FOR_INC,
    RESPONSIBLE_FOR_IVA,
)
from addons.taxes.models import ProfilePeriodRow
from core.errors import BadInputError
from core.i18n import _

if TYPE_CHECKING:
    from core.tenancy import TenantSession

_SAID = frozenset({NOT_RESPONSIBLE_FOR_IVA, RESPONSIBLE_FOR_INC, RESPONSIBLE_FOR_IVA})


def add_period(session: TenantSession, command: ProfileIn) -> ProfilePeriodRow:
    """Add a period; the latest that covers a day wins."""
    row = ProfilePeriodRow()
    _fill(row, command)
    session.add(row)
    session.flush()
    return row


def change_period(
    _session: TenantSession, row: ProfilePeriodRow, command: ProfileIn
) -> ProfilePeriodRow:
    """Correct a period; what was sold keeps the taxes it was sold with."""
    _fill(row, command)
    return row


def period_values(row: ProfilePeriodRow) -> dict[str, object]:
    """Give what the command says where it is not an attribute of the period."""
    held = set(row.responsibilities.split(";")) - {""}
    return {
        "iva": RESPONSIBLE_FOR_IVA in held,
        "inc": RESPONSIBLE_FOR_INC in held,
        "others": sorted(held - _SAID),
    }


def _fill(row: ProfilePeriodRow, command: ProfileIn) -> None:
    if command.valid_to is not None and command.valid_to < command.valid_from:
        text = _("It cannot end before it begins.")
        raise BadInputError(text, fields={"valid_to": text})
    if repeated := sorted(_SAID.intersection(command.others)):
        text = _("{code} is said above already.", code=repeated[0])
        raise BadInputError(text, fields={"others": text})
    held = {RESPONSIBLE_FOR_IVA if command.iva else NOT_RESPONSIBLE_FOR_IVA, *command.others}
    if command.inc:
        held.add(RESPONSIBLE_FOR_INC)
    row.valid_from, row.valid_to = command.valid_from, command.valid_to
    row.responsibilities = ";".join(sorted(held))

"""The tax profiles of the demonstration shops."""

from __future__ import annotations

from datetime import date

from addons.taxes.liability import NOT_RESPONSIBLE_FOR_IVA, RESPONSIBLE_FOR_IVA
from addons.taxes.services import set_profile
from core.addons.parts import DemoPlace

_SINCE = date(2020, 1, 1)


def responsible(place: DemoPlace) -> None:
    """Make the shop answer for IVA."""
    set_profile(place.session, valid_from=_SINCE, responsibilities=[RESPONSIBLE_FOR_IVA])


def not_responsible(place: DemoPlace) -> None:
    """Make the shop not responsible for IVA: it charges none."""
    set_profile(place.session, valid_from=_SINCE, responsibilities=[NOT_RESPONSIBLE_FOR_IVA])

"""What somebody may write of the tax profile."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from core.i18n import _
from core.resources import Command, Input


class ProfileIn(Command):
    """What the business answers for from a day on, as box 53 of its RUT says."""

    valid_from: Annotated[
        date, Input(_("Valid from"), hint=_("The day the RUT says; sales before it do not change."))
    ]
    valid_to: Annotated[date | None, Input(_("Valid until"), hint=_("Empty while it holds."))] = (
        None
    )
    iva: Annotated[bool, Input(_("Responsible for IVA"), hint=_("RUT, code 48."))] = False
    inc: Annotated[bool, Input(_("Responsible for INC"), hint=_("RUT, code 33."))] = False
    others: Annotated[
        list[Annotated[str, Field(pattern=r"^[OR]-[0-9]{2}(-[A-Z]{2})?$")]],
        Field(max_length=20, default_factory=list),
        Input(_("Other responsibilities"), hint=_("One per line, such as O-13."), wide=True),
    ]

"""What somebody may write of tills and payment methods."""

from __future__ import annotations

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field

from core.i18n import _
from core.resources import Command, Input, Reference
from core.tenancy import Establishment

METHOD_KINDS: Final = {"cash": _("Cash"), "card": _("Card"), "transfer": _("Bank transfer")}
#: Annex 1.9, table 13.3.4.2, those that a till takes.
MEANS: Final = {
    "10": _("10 Cash"),
    "48": _("48 Credit card"),
    "49": _("49 Debit card"),
    "47": _("47 Bank transfer"),
    "42": _("42 Deposit into an account"),
    "20": _("20 Cheque"),
    "ZZZ": _("ZZZ Agreed between both"),
}


class TillIn(Command):
    """A cash desk."""

    establishment_id: Annotated[
        UUID,
        Input(
            _("Establishment"),
            hint=_("A till stays in its establishment."),
            reference=Reference(Establishment, Establishment.name),
        ),
    ]
    code: Annotated[
        str,
        Field(pattern=r"^[A-Z0-9]{1,6}$"),
        Input(_("Code"), "code", hint=_("Short, capitals and digits: C1. It is printed.")),
    ]
    name: Annotated[str, Field(min_length=1, max_length=60), Input(_("Name"))]
    prefix: Annotated[
        str,
        Field(pattern=r"^[A-Z0-9]{0,6}$"),
        Input(
            _("Prefix of its receipts"),
            "code",
            hint=_("Of internal receipts; legal documents take the prefix of their range."),
        ),
    ] = ""
    left_handed: Annotated[bool, Input(_("Left-handed"), hint=_("The ticket on the right."))] = (
        False
    )


class PaymentMethodIn(Command):
    """A way to pay."""

    code: Annotated[
        str,
        Field(pattern=r"^[a-z0-9_]{1,20}$"),
        Input(_("Code"), "code", hint=_("Payments carry it: it never changes.")),
    ]
    name: Annotated[str, Field(min_length=1, max_length=40), Input(_("Name"))]
    kind: Annotated[Literal["cash", "card", "transfer"], Input(_("Kind"), options=METHOD_KINDS)]
    means: Annotated[
        Literal["10", "48", "49", "47", "42", "20", "ZZZ"],
        Input(_("Payment means of DIAN"), options=MEANS),
    ]
    asks_reference: Annotated[
        bool, Input(_("Asks for the approval number"), hint=_("Of cards and transfers."))
    ] = False
    position: Annotated[
        int, Field(ge=0, le=99), Input(_("Position"), hint=_("At the till, from 0 on."))
    ] = 0

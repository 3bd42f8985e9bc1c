"""What somebody may write of a partner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from addons.contacts.rules import ID_TYPES
from core.i18n import LazyText, _
from core.resources import Command, Input, Line

KINDS: Final[Mapping[str, LazyText]] = {"person": _("Person"), "company": _("Company")}
TYPES: Final = {kind.code: kind.name for kind in ID_TYPES.values()}
#: Annex 1.9, table 13.2.6.
REGIMES: Final = {"48": _("Responsible for IVA"), "49": _("Not responsible for IVA")}


class AddressIn(Line):
    """Another place of a partner."""

    name: Annotated[str, Field(min_length=1, max_length=60), Input(_("Place"))]
    address: Annotated[str, Field(min_length=1, max_length=200), Input(_("Address"))]
    municipality: Annotated[
        str, Field(pattern=r"^([0-9]{5})?$"), Input(_("Municipality"), "code")
    ] = ""
    phone: Annotated[str, Field(max_length=40), Input(_("Telephone"), "tel")] = ""


class PartnerIn(Command):
    """A partner as somebody describes it; a NIT may come with its check digit or without."""

    identification_type: Annotated[str, Input(_("Type of identification"), options=TYPES)] = "13"
    identification: Annotated[
        str,
        Field(min_length=1, max_length=40),
        Input(_("Identification"), "code", hint=_("A NIT with or without its check digit.")),
    ]
    name: Annotated[
        str,
        Field(min_length=1, max_length=200),
        Input(_("Name"), hint=_("As the RUT or the document says."), wide=True),
    ]
    trade_name: Annotated[str, Field(max_length=200), Input(_("Trade name"))] = ""
    kind: Annotated[Literal["person", "company"], Input(_("Kind"), options=KINDS)] = "person"
    email: Annotated[
        str,
        Field(max_length=254, pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$"),
        Input(_("E-mail"), "email"),
    ] = ""
    phone: Annotated[str, Field(max_length=40), Input(_("Telephone"), "tel")] = ""
    address: Annotated[str, Field(max_length=200), Input(_("Address"), wide=True)] = ""
    municipality: Annotated[
        str,
        Field(pattern=r"^([0-9]{5})?$"),
        Input(_("Municipality"), "code", hint=_("DANE code of five digits, such as 11001.")),
    ] = ""
    addresses: Annotated[
        list[AddressIn], Field(max_length=50, default_factory=list), Input(_("Other addresses"))
    ]
    regime: Annotated[Literal["48", "49"], Input(_("IVA"), options=REGIMES)] = "49"
    responsibilities: Annotated[
        str,
        Field(min_length=1, max_length=60, pattern=r"^[A-Z0-9;-]+$"),
        Input(
            _("Responsibilities"),
            "code",
            hint=_("Codes of the RUT with semicolons: O-13;O-15, or R-99-PN for none."),
        ),
    ] = "R-99-PN"
    is_customer: Annotated[bool, Input(_("Is a customer"))] = True
    is_supplier: Annotated[bool, Input(_("Is a supplier"))] = False

"""Who is on a document, and where: part of every snapshot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from pydantic import ConfigDict

from addons.l10n_co_dian.catalogue import CITIZEN_CARD, FINAL_CONSUMER_ID, IVA, NOT_APPLICABLE

#: Stored documents have exactly the fields we know.
STRICT: Final = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is; codes are DIVIPOLA (municipality 5 digits, department 2)."""

    __pydantic_config__ = STRICT

    line: str
    municipality_code: str
    municipality: str
    department_code: str
    department: str
    postal_code: str = ""
    country_code: str = "CO"
    country: str = "Colombia"


@dataclass(frozen=True, slots=True)
class Party:
    """Seller or buyer. ``check_digit`` only for a NIT; ``name`` as in the tax register (RUT).

    ``organisation`` is "1" (company) or "2" (person). ``responsibilities`` and ``regime`` become
    ``TaxLevelCode`` and its ``listName``. ``tax_scheme`` is the tax the party answers for.
    ``registration`` is the seller's trade registration (matrícula mercantil).
    """

    __pydantic_config__ = STRICT

    organisation: str
    id_type: str
    id_number: str
    name: str
    check_digit: str = ""
    trade_name: str = ""
    address: Address | None = None
    responsibilities: tuple[str, ...] = ("R-99-PN",)
    regime: str = "49"
    tax_scheme: str = NOT_APPLICABLE
    email: str = ""
    phone: str = ""
    activity: str = ""
    registration: str = ""


#: The buyer who gives no name (annex FE 1.9, section 13.2.8): fixed values.
FINAL_CONSUMER: Final = Party(
    organisation="2",
    id_type=CITIZEN_CARD,
    id_number=FINAL_CONSUMER_ID,
    name="consumidor final",
)


def final_consumer(document_type: str) -> Party:
    """Give the buyer without a name as each kind wants it: the POS document says tax 01."""
    return replace(FINAL_CONSUMER, tax_scheme=IVA) if document_type == "20" else FINAL_CONSUMER

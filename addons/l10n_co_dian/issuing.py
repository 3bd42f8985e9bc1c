"""Who issues, with which program and from which range: what all documents of a till share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from addons.edi.errors import IssuerError
from addons.l10n_co_dian.catalogue import (
    CITIZEN_CARD,
    INC,
    IVA,
    NIT,
    NOT_APPLICABLE,
    RESPONSIBILITIES,
)
from addons.l10n_co_dian.codes import check_digit
from addons.l10n_co_dian.party import Address, Party
from addons.l10n_co_dian.places import DEPARTMENTS, municipalities
from addons.l10n_co_dian.snapshot import NumberRange, Software
from addons.taxes.services import (
    RESPONSIBLE_FOR_INC,
    RESPONSIBLE_FOR_IVA,
    SellerProfile,
    seller_profile,
)
from core.i18n import _

if TYPE_CHECKING:
    from addons.edi.services import IssuerFacts, PlaceFacts, RangeFacts
    from core.tenancy import TenantSession

#: Responsible for IVA and INC at once, as ``TaxScheme`` says it (table 13.2.6.2 of FE 1.9).
IVA_AND_INC: Final = "ZA"
#: ``listName`` of ``TaxLevelCode``: responsible for IVA, or not.
RESPONSIBLE: Final = "48"
NOT_RESPONSIBLE: Final = "49"

#: What the details of an issuer must say, and as what a person knows it.
REQUIRED: Final = {
    "software_name": _("the name of the program"),
    "software_maker": _("who made the program"),
    "software_company": _("the company of the program's maker"),
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """What documents of one issuer, place and range share; secrets do not show themselves."""

    environment: str
    issuer: Party
    software: Software
    range: NumberRange
    profile: SellerProfile
    place: str
    software_pin: str = field(repr=False)
    technical_key: str = field(repr=False)

    def seller(self, on: date) -> Party:
        """Give the issuer as the tax register had it on a day."""
        duties = self.profile.responsibilities(on)
        for_iva, for_inc = RESPONSIBLE_FOR_IVA in duties, RESPONSIBLE_FOR_INC in duties
        scheme = {
            (True, False): IVA,
            (False, True): INC,
            (True, True): IVA_AND_INC,
        }.get((for_iva, for_inc), NOT_APPLICABLE)
        return replace(
            self.issuer,
            responsibilities=tuple(c for c in RESPONSIBILITIES if c in duties) or ("R-99-PN",),
            regime=RESPONSIBLE if for_iva else NOT_RESPONSIBLE,
            tax_scheme=scheme,
        )


def prepare(
    session: TenantSession, issuer: IssuerFacts, place: PlaceFacts, numbers: RangeFacts
) -> Prepared:
    """Put together what the documents share; refuse what is missing, before a number is used."""
    details = issuer.details
    check_details(details)
    if not issuer.software_pin or not issuer.software_id:
        raise IssuerError(
            _("Write the id and the PIN of the software, as registered with the authority.")
        )
    business = issuer.business
    nit = business.identification
    # The NIT of a person is the number of the citizen card (Orden Administrativa 4 of 1989).
    if business.identification_type not in {NIT, CITIZEN_CARD} or not nit:
        raise IssuerError(_("Write the NIT of the business: documents are issued under it."))
    provider = str(details.get("provider_nit") or nit)
    software = Software(
        id=issuer.software_id,
        provider_nit=provider,
        provider_check_digit=str(check_digit(provider)),
        name=str(details["software_name"]),
        maker=str(details["software_maker"]),
        company=str(details["software_company"]),
    )
    return Prepared(
        environment=issuer.environment,
        issuer=Party(
            organisation="1" if business.kind == "company" else "2",
            id_type=NIT,
            id_number=nit,
            check_digit=str(check_digit(nit)),
            name=business.legal_name,
            trade_name=business.trade_name,
            address=_address(place, str(details.get("postal_code", ""))),
            email=business.email,
            phone=place.phone or business.phone,
            activity=place.activity,
            registration=str(details.get("registration", "")),
        ),
        software=software,
        range=_authorisation(numbers),
        profile=seller_profile(session),
        place=", ".join(filter(None, (place.name, place.address))),
        software_pin=issuer.software_pin,
        technical_key=numbers.technical_key,
    )


def check_details(details: Mapping[str, Any]) -> None:
    """Refuse details of an issuer that lack who made the program, naming each."""
    missing = {name: says for name, says in REQUIRED.items() if not details.get(name)}
    if missing:
        raise IssuerError(
            _(
                "The data of the issuer are incomplete: {what}.",
                what=", ".join(str(says) for says in missing.values()),
            ),
            fields={name: _("It is missing.") for name in missing},
        )


def address_of(line: str, municipality: str, postal_code: str = "") -> Address | None:
    """Give an address with the names of its codes; None where the municipality is unknown."""
    name = municipalities().get(municipality)
    if name is None or not line:
        return None
    return Address(
        line=line,
        municipality_code=municipality,
        municipality=name,
        department_code=municipality[:2],
        department=DEPARTMENTS[municipality[:2]],
        postal_code=postal_code,
    )


def _authorisation(numbers: RangeFacts) -> NumberRange:
    return NumberRange(
        resolution=numbers.resolution,
        prefix=numbers.prefix,
        first=numbers.first,
        last=numbers.last,
        valid_from=numbers.valid_from,
        valid_to=numbers.valid_to,
    )


def legend(numbers: NumberRange | None, software: Software) -> tuple[str, ...]:
    """Say what the paper must tell of range and program (Resolución 000165 of 2023)."""
    program = f"Software {software.name}. Fabricante: {software.company}"
    if numbers is None:
        return (program,)
    span = f"{numbers.prefix}{numbers.first} a {numbers.prefix}{numbers.last}"
    days = f"{numbers.valid_from:%d/%m/%Y} a {numbers.valid_to:%d/%m/%Y}"
    return (f"Autorización DIAN {numbers.resolution} de {span}, vigente de {days}", program)


def _address(place: PlaceFacts, postal_code: str) -> Address:
    found = address_of(place.address, place.municipality, postal_code)
    if found is None:
        raise IssuerError(
            _(
                "Write the address and the municipality of the establishment {name}.",
                name=place.name,
            )
        )
    return found

"""Who sells, who buys, and where they are."""

from __future__ import annotations

from addons.l10n_co_dian.catalogue import AGENCY_ID, AGENCY_NAME, FINAL_CONSUMER_ID, tax_name
from addons.l10n_co_dian.snapshot import Address, Party
from addons.l10n_co_dian.ubl.text import element, words

AGENCY = f' schemeAgencyID="{AGENCY_ID}" schemeAgencyName="{AGENCY_NAME}"'


def supplier(party: Party, prefix: str) -> str:
    """Write the seller with its addresses, tax level, registration and numbering prefix."""
    scheme = (
        f"<cac:CorporateRegistrationScheme>{element('cbc:ID', prefix)}"
        f"{element('cbc:Name', party.registration)}</cac:CorporateRegistrationScheme>"
    )
    return (
        "<cac:AccountingSupplierParty>"
        f"<cbc:AdditionalAccountID>{words(party.organisation)}</cbc:AdditionalAccountID><cac:Party>"
        f"{element('cbc:IndustryClassificationCode', party.activity)}"
        f"{_name(party)}{_location(party)}{_tax_scheme(party)}{_legal_entity(party, scheme)}"
        f"{_contact(party)}</cac:Party></cac:AccountingSupplierParty>"
    )


def customer(party: Party) -> str:
    """Write the buyer; a final consumer has only the fixed name and number."""
    identification = legal = ""
    if party.organisation == "2":
        number = f"<cbc:ID{_scheme(party)}>{words(party.id_number)}</cbc:ID>"
        identification = f"<cac:PartyIdentification>{number}</cac:PartyIdentification>"
    if party.id_number != FINAL_CONSUMER_ID:
        legal = _legal_entity(party, "")
    return (
        "<cac:AccountingCustomerParty>"
        f"<cbc:AdditionalAccountID>{words(party.organisation)}</cbc:AdditionalAccountID><cac:Party>"
        f"{identification}{_name(party)}{_location(party)}{_tax_scheme(party)}{legal}"
        f"{_contact(party)}</cac:Party></cac:AccountingCustomerParty>"
    )


def address(place: Address, name: str) -> str:
    """Write one address inside the element ``name``."""
    return (
        f"<{name}>{element('cbc:ID', place.municipality_code)}"
        f"{element('cbc:CityName', place.municipality)}"
        f"{element('cbc:PostalZone', place.postal_code)}"
        f"{element('cbc:CountrySubentity', place.department)}"
        f"{element('cbc:CountrySubentityCode', place.department_code)}"
        f"<cac:AddressLine><cbc:Line>{words(place.line)}</cbc:Line></cac:AddressLine>"
        f"<cac:Country><cbc:IdentificationCode>{words(place.country_code)}</cbc:IdentificationCode>"
        f'<cbc:Name languageID="es">{words(place.country)}</cbc:Name></cac:Country></{name}>'
    )


def _scheme(party: Party) -> str:
    digit = f' schemeID="{words(party.check_digit)}"' if party.check_digit else ""
    return f'{AGENCY}{digit} schemeName="{words(party.id_type)}"'


def _name(party: Party) -> str:
    name = words(party.trade_name) or words(party.name)
    return f"<cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName>"


def _location(party: Party) -> str:
    if party.address is None:
        return ""
    return f"<cac:PhysicalLocation>{address(party.address, 'cac:Address')}</cac:PhysicalLocation>"


def _company(party: Party) -> str:
    return (
        f"<cbc:RegistrationName>{words(party.name)}</cbc:RegistrationName>"
        f"<cbc:CompanyID{_scheme(party)}>{words(party.id_number)}</cbc:CompanyID>"
    )


def _tax_scheme(party: Party) -> str:
    registered = ""
    if party.address is not None:
        registered = address(party.address, "cac:RegistrationAddress")
    levels = element(
        "cbc:TaxLevelCode", ";".join(party.responsibilities), f' listName="{words(party.regime)}"'
    )
    return (
        f"<cac:PartyTaxScheme>{_company(party)}{levels}{registered}"
        f"<cac:TaxScheme><cbc:ID>{words(party.tax_scheme)}</cbc:ID>"
        f"<cbc:Name>{words(tax_name(party.tax_scheme))}</cbc:Name></cac:TaxScheme>"
        "</cac:PartyTaxScheme>"
    )


def _legal_entity(party: Party, scheme: str) -> str:
    return f"<cac:PartyLegalEntity>{_company(party)}{scheme}</cac:PartyLegalEntity>"


def _contact(party: Party) -> str:
    phone = element("cbc:Telephone", party.phone)
    email = element("cbc:ElectronicMail", party.email)
    return f"<cac:Contact>{phone}{email}</cac:Contact>" if phone or email else ""

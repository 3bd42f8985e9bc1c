"""The extensions: the authority's own data, the till's data, and the place of the signature."""

from __future__ import annotations

from addons.l10n_co_dian.catalogue import AUTHORITY_CHECK_DIGIT, AUTHORITY_NIT
from addons.l10n_co_dian.codes import qr_url
from addons.l10n_co_dian.snapshot import Beneficiary, DocumentSnapshot, PosInfo, Software
from addons.l10n_co_dian.ubl.parties import AGENCY
from addons.l10n_co_dian.ubl.text import amount, words

_COUNTRY = (
    '<sts:InvoiceSource><cbc:IdentificationCode listAgencyID="6" '
    'listAgencyName="United Nations Economic Commission for Europe" '
    'listSchemeURI="urn:oasis:names:specification:ubl:codelist:gc:CountryIdentificationCode-2.1">'
    "CO</cbc:IdentificationCode></sts:InvoiceSource>"
)
_AUTHORITY = (
    f"<sts:AuthorizationProvider><sts:AuthorizationProviderID{AGENCY} "
    f'schemeID="{AUTHORITY_CHECK_DIGIT}" schemeName="31">{AUTHORITY_NIT}'
    "</sts:AuthorizationProviderID></sts:AuthorizationProvider>"
)


def extensions(snapshot: DocumentSnapshot) -> str:
    """Write every extension; the last one is empty and waits for the signature.

    A POS document has three more between (annex DE 1.0): maker, buyer's points and till. Their
    elements are in the namespace of the document and their names keep the authority's spelling.
    """
    contents = [_authority_data(snapshot)]
    if snapshot.pos is not None and snapshot.document_type == "20":
        contents += [_maker(snapshot.software), _points(snapshot), _till(snapshot.pos)]
    contents.append("")
    inside = "".join(
        f"<ext:UBLExtension><ext:ExtensionContent>{content}</ext:ExtensionContent>"
        "</ext:UBLExtension>"
        for content in contents
    )
    return f"<ext:UBLExtensions>{inside}</ext:UBLExtensions>"


def _authority_data(snapshot: DocumentSnapshot) -> str:
    software = snapshot.software
    return (
        f"<sts:DianExtensions>{_range(snapshot)}{_COUNTRY}"
        f"<sts:SoftwareProvider><sts:ProviderID{AGENCY} "
        f'schemeID="{words(software.provider_check_digit)}" schemeName="31">'
        f"{words(software.provider_nit)}</sts:ProviderID>"
        f"<sts:SoftwareID{AGENCY}>{words(software.id)}</sts:SoftwareID></sts:SoftwareProvider>"
        f"<sts:SoftwareSecurityCode{AGENCY}>{snapshot.software_security_code}"
        f"</sts:SoftwareSecurityCode>{_AUTHORITY}"
        f"<sts:QRCode>{qr_url(snapshot.code, snapshot.environment)}</sts:QRCode>"
        "</sts:DianExtensions>"
    )


def _range(snapshot: DocumentSnapshot) -> str:
    numbers = snapshot.range
    if numbers is None:
        return ""
    prefix = f"<sts:Prefix>{words(numbers.prefix)}</sts:Prefix>" if numbers.prefix else ""
    return (
        f"<sts:InvoiceControl><sts:InvoiceAuthorization>{words(numbers.resolution)}"
        "</sts:InvoiceAuthorization><sts:AuthorizationPeriod>"
        f"<cbc:StartDate>{numbers.valid_from}</cbc:StartDate>"
        f"<cbc:EndDate>{numbers.valid_to}</cbc:EndDate></sts:AuthorizationPeriod>"
        f"<sts:AuthorizedInvoices>{prefix}<sts:From>{numbers.first}</sts:From>"
        f"<sts:To>{numbers.last}</sts:To></sts:AuthorizedInvoices></sts:InvoiceControl>"
    )


def _pairs(outer: str, inner: str, *pairs: tuple[str, str]) -> str:
    inside = "".join(f"<Name>{name}</Name><Value>{words(value)}</Value>" for name, value in pairs)
    return f"<{outer}><{inner}>{inside}</{inner}></{outer}>"


def _maker(software: Software) -> str:
    return _pairs(
        "FabricanteSoftware",
        "InformacionDelFabricanteDelSoftware",
        ("NombreApellido", software.maker),
        ("RazonSocial", software.company),
        ("NombreSoftware", software.name),
    )


def _points(snapshot: DocumentSnapshot) -> str:
    """Write the buyer's points; the extension is mandatory, so without a plan it says none."""
    buyer = snapshot.buyer
    who = snapshot.beneficiary or Beneficiary(buyer.id_number, buyer.name, 0)
    return _pairs(
        "BeneficiosComprador",
        "InformacionBeneficiosComprador",
        ("Codigo", who.code),
        ("NombresApellidos", who.name),
        ("Puntos", str(who.points)),
    )


def _till(pos: PosInfo) -> str:
    return _pairs(
        "PuntoVenta",
        "InformacionCajaVenta",
        ("PlacaCaja", pos.till_plate),
        ("UbicaciónCaja", pos.till_location),
        ("Cajero", pos.cashier),
        ("TipoCaja", pos.till_type),
        ("CódigoVenta", pos.sale_code),
        ("SubTotal", amount(pos.subtotal)),
    )

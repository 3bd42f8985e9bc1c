"""The authority's code tables that documents need, in our own words and form.

Sources: tables 13.x of the technical annex FE 1.9 and of DE 1.0, and the value lists of the
official toolbox ("Caja de herramientas FE V1.9"), completed by hand where the toolbox lists are
older than the annex tables (taxes 30 to 36, identities 47 and 48). Municipality, department and
unit names are not here: they travel in the snapshot of a document.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

AUTHORITY_NIT: Final = "800197268"
AUTHORITY_CHECK_DIGIT: Final = 4
AGENCY_ID: Final = "195"
AGENCY_NAME: Final = "CO, DIAN (Dirección de Impuestos y Aduanas Nacionales)"

PRODUCTION: Final = "1"
HABILITATION: Final = "2"

FINAL_CONSUMER_ID: Final = "222222222222"
NIT: Final = "31"
CITIZEN_CARD: Final = "13"

POLICY_URL: Final = (
    "https://facturaelectronica.dian.gov.co/politicadefirma/v2/politicadefirmav2.pdf"
)
#: SHA-256 of the signature policy's PDF, base64 (recomputed from its 1,272,898 bytes).
POLICY_SHA256: Final = "dMoMvtcG5aIzgYo0tIsSQeVJBDnUnfSOfBpxXrmor0Y="


class Formula(StrEnum):
    """How the unique code of a document is computed."""

    CUFE = "CUFE"
    CUDE = "CUDE"
    CUDS = "CUDS"
    EVENT = "CUDE-EVENT"


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """What sets one legal document apart from another (annexes, "ProfileID", "CUFE / CUDE")."""

    code: str
    root: str
    title: str
    profile: str
    customization: str
    formula: Formula
    file_prefix: str

    @property
    def scheme(self) -> str:
        """Name the code as ``cbc:UUID/@schemeName`` does, for instance ``CUFE-SHA384``."""
        name = "CUDE" if self.formula is Formula.EVENT else self.formula.value
        return f"{name}-SHA384"

    @property
    def has_range(self) -> bool:
        """Say whether the XML names the numbering authorisation (notes and events do not)."""
        return self.root == "Invoice"


_INVOICE: Final = "DIAN 2.1: Factura Electrónica de Venta"
_CREDIT: Final = "DIAN 2.1: Nota Crédito de Factura Electrónica de Venta"
_DEBIT: Final = "DIAN 2.1: Nota Débito de Factura Electrónica de Venta"
_POS: Final = "DIAN 2.1: Documento Equivalente POS"
_EQUIVALENT_CREDIT: Final = "DIAN 2.1: Nota de ajuste crédito al documento equivalente"
_EQUIVALENT_DEBIT: Final = "DIAN 2.1: Nota de ajuste débito al documento equivalente"
_SUPPORT: Final = (
    "DIAN 2.1: documento soporte en adquisiciones efectuadas a no obligados a facturar."
)
#: The space at the end is the authority's (rule NSAD03).
_SUPPORT_NOTE: Final = (
    "DIAN 2.1: Nota de ajuste al documento soporte en adquisiciones efectuadas a sujetos no"
    " obligados a expedir factura o documento equivalente "
)
EVENT_PROFILE: Final = "DIAN 2.1: ApplicationResponse de la Factura Electrónica de Venta"
CONTAINER_PROFILE: Final = "Factura Electrónica de Venta"

POS_TITLE: Final = (
    "Documento equivalente electrónico tiquete de máquina registradora con sistema P.O.S."
)

KINDS: Final[dict[str, DocumentKind]] = {
    kind.code: kind
    for kind in (
        DocumentKind(
            "01", "Invoice", "Factura electrónica de venta", _INVOICE, "10", Formula.CUFE, "fv"
        ),
        DocumentKind(
            "02",
            "Invoice",
            "Factura electrónica de venta con propósito de exportación",
            _INVOICE,
            "10",
            Formula.CUFE,
            "fv",
        ),
        DocumentKind(
            "03",
            "Invoice",
            "Factura de talonario o papel con numeración de contingencia",
            _INVOICE,
            "10",
            Formula.CUDE,
            "fv",
        ),
        DocumentKind(
            "04",
            "Invoice",
            "Factura electrónica de venta por contingencia DIAN",
            _INVOICE,
            "10",
            Formula.CUFE,
            "fv",
        ),
        DocumentKind(
            "05",
            "Invoice",
            "Documento soporte en adquisiciones a no obligados a facturar",
            _SUPPORT,
            "10",
            Formula.CUDS,
            "ds",
        ),
        DocumentKind("20", "Invoice", POS_TITLE, _POS, "10", Formula.CUDE, "ds"),
        DocumentKind(
            "91", "CreditNote", "Nota crédito electrónica", _CREDIT, "20", Formula.CUDE, "nc"
        ),
        DocumentKind(
            "92", "DebitNote", "Nota débito electrónica", _DEBIT, "30", Formula.CUDE, "nd"
        ),
        DocumentKind(
            "93",
            "DebitNote",
            "Nota de ajuste débito al documento equivalente",
            _EQUIVALENT_DEBIT,
            "20",
            Formula.CUDE,
            "nds",
        ),
        DocumentKind(
            "94",
            "CreditNote",
            "Nota de ajuste crédito al documento equivalente",
            _EQUIVALENT_CREDIT,
            "20",
            Formula.CUDE,
            "ncs",
        ),
        DocumentKind(
            "95",
            "CreditNote",
            "Nota de ajuste al documento soporte",
            _SUPPORT_NOTE,
            "10",
            Formula.CUDS,
            "na",
        ),
    )
}

#: Equivalent documents besides the POS ticket: read, not yet written by us.
EQUIVALENTS: Final[dict[str, str]] = {
    "07": "Documento equivalente por contingencia del emisor",
    "08": "Documento equivalente por contingencia DIAN",
    "25": "Boleta de ingreso a cine",
    "27": "Boleta de ingreso a espectáculos públicos",
    "30": "Documento en juegos localizados y no localizados",
    "35": "Tiquete de transporte de pasajeros terrestre",
    "40": "Cobro de peajes",
    "45": "Extracto",
    "50": "Tiquete de transporte aéreo de pasajeros",
    "55": "Documento de operaciones de bolsa",
    "60": "Documento de servicios públicos domiciliarios",
}

EVENTS: Final[dict[str, str]] = {
    "030": "Acuse de recibo de factura electrónica de venta",
    "031": "Reclamo de la factura electrónica de venta",
    "032": "Recibo del bien o prestación del servicio",
    "033": "Aceptación expresa",
    "034": "Aceptación tácita",
}

#: Table 13.2.2 of FE 1.9; 30 to 36 are missing from the toolbox list.
TAXES: Final[dict[str, str]] = {
    "01": "IVA",
    "02": "IC",
    "03": "ICA",
    "04": "INC",
    "05": "ReteIVA",
    "06": "ReteRenta",
    "07": "ReteICA",
    "08": "IC Porcentual",
    "20": "FtoHorticultura",
    "21": "Timbre",
    "22": "INC Bolsas",
    "23": "INCarbono",
    "24": "INCombustibles",
    "25": "Sobretasa Combustibles",
    "26": "Sordicom",
    "30": "IC Datos",
    "32": "ICL",
    "33": "INPP",
    "34": "IBUA",
    "35": "ICUI",
    "36": "ADV",
    "ZA": "IVA e INC",
    "ZY": "No causa",
    "ZZ": "No aplica",
}
IVA: Final = "01"
ICA: Final = "03"
INC: Final = "04"
BAG_TAX: Final = "22"
NOT_APPLICABLE: Final = "ZZ"
WITHHOLDINGS: Final = frozenset({"05", "06", "07"})

#: Table 13.2.1 of FE 1.9; 47 and 48 are missing from the toolbox list.
IDENTITIES: Final[dict[str, str]] = {
    "11": "Registro civil",
    "12": "Tarjeta de identidad",
    "13": "Cédula de ciudadanía",
    "21": "Tarjeta de extranjería",
    "22": "Cédula de extranjería",
    "31": "NIT",
    "41": "Pasaporte",
    "42": "Documento de identificación extranjero",
    "47": "PEP (Permiso Especial de Permanencia)",
    "48": "PPT (Permiso por Protección Temporal)",
    "50": "NIT de otro país",
    "91": "NUIP",
}

RESPONSIBILITIES: Final[dict[str, str]] = {
    "O-13": "Gran contribuyente",
    "O-15": "Autorretenedor",
    "O-23": "Agente de retención IVA",
    "O-47": "Régimen simple de tributación",
    "R-99-PN": "No aplica - Otros",
}

ORGANISATIONS: Final[dict[str, str]] = {"1": "Persona jurídica", "2": "Persona natural"}
PAYMENT_FORMS: Final[dict[str, str]] = {"1": "Contado", "2": "Crédito"}

#: The means of payment that a shop offers (table 13.3.4.2 of FE 1.9 has 75).
PAYMENT_MEANS: Final[dict[str, str]] = {
    "1": "Instrumento no definido",
    "10": "Efectivo",
    "20": "Cheque",
    "42": "Consignación bancaria",
    "47": "Transferencia débito bancaria",
    "48": "Tarjeta crédito",
    "49": "Tarjeta débito",
    "ZZZ": "Acuerdo mutuo",
}

#: Table 13.3.5 of FE 1.9: scheme of ``StandardItemIdentification``.
PRODUCT_STANDARDS: Final[dict[str, str]] = {
    "001": "UNSPSC",
    "010": "GTIN",
    "020": "Partida arancelaria",
    "999": "Estándar de adopción del contribuyente",
}

#: Table 13.3.8 of FE 1.9: reasons of a document allowance or charge (02 and 03: not in the list).
ADJUSTMENT_REASONS: Final[dict[str, str]] = {
    "00": "Descuento no condicionado",
    "01": "Descuento condicionado",
    "02": "Recargo no condicionado",
    "03": "Recargo condicionado",
}
TIP_REASON: Final = "03"

CREDIT_CONCEPTS: Final[dict[str, str]] = {
    "1": "Devolución parcial de los bienes o no aceptación parcial del servicio",
    "2": "Anulación de factura electrónica",
    "3": "Rebaja o descuento parcial o total",
    "4": "Ajuste de precio",
    "5": "Descuento comercial por pronto pago",
    "6": "Descuento comercial por volumen de ventas",
}

_SEARCH: Final[dict[str, str]] = {
    PRODUCTION: "https://catalogo-vpfe.dian.gov.co/document/searchqr?documentkey=",
    HABILITATION: "https://catalogo-vpfe-hab.dian.gov.co/document/searchqr?documentkey=",
}


def search_address(environment: str) -> str:
    """Give the public address where the authority shows a document; the code is appended."""
    return _SEARCH[environment]


def tax_name(code: str) -> str:
    """Name a tax as ``cac:TaxScheme/cbc:Name`` prints it; an unknown code names itself."""
    return TAXES.get(code, code)

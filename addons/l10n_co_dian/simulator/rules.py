"""The authority's rules that the simulator holds documents to: their ids and their words.

An id is a prefix per document type (F invoice, C credit note, D debit note, DE equivalent
document, DS support document, NS its note) and a stem; general rules have no prefix. The words
are the authority's, from the message column of annex FE 1.9 and from recorded answers; an id that
is seen in answers but whose exact words we do not hold is described in our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Stem to words, for rules that exist per document type.
STEMS: Final = {
    "AB05a": "No se encuentra el número de autorización del rango de numeración otorgado",
    "AB07a": "La fecha inicial no corresponde a la autorización de la numeración",
    "AB08a": "La fecha final no corresponde a la autorización de la numeración",
    "AB10b": "El prefijo no corresponde al prefijo de la autorización de numeración",
    "AB11b": "El valor inicial no corresponde al rango de la autorización de numeración",
    "AB12b": "El valor final no corresponde al rango de la autorización de numeración",
    "AB19b": "El NIT del proveedor no corresponde al registrado para el software informado",
    "AB24b": "El identificador del software no está registrado para este emisor",
    "AB27b": "Huella no corresponde a un software autorizado para este OFE.",
    "AB31": "AuthorizationProviderID no corresponde al NIT de la DIAN (800197268)",
    "AB34": "El DV del NIT no esta informado o no es correcto",
    "AC03": "El documento electrónico no se encuentra firmado",
    "AD04": "El ambiente de destino no corresponde a este servicio",
    "AD05a": "No se permiten caracteres adicionales como espacios o guiones",
    "AD05d": "Número de factura no está contenido en el rango de numeración autorizado",
    "AD06": "Valor del CUFE no está calculado correctamente.",
    "AD08": "El algoritmo informado para el código único no corresponde al documento",
    "AD09a": "Fecha de emisión anterior a la fecha de inicio de la autorización de la numeración",
    "AD09b": "Fecha de emisión posterior a la fecha final de la autorización de la numeración",
    "AD09e": "La fecha de generación de la factura es diferente a la fecha de firma de la factura",
    "AD10": "La hora de emisión debe informar la zona -05:00",
    "AS02": (
        "(R) Valor total de un tributo no corresponde a la suma de todas las informaciones "
        "correspondientes a cada una de las tarifas informadas en este documento para este tributo"
    ),
    "AS01b": (
        "Existe mas de un grupo con informacion de totales para un mismo tributo en la factura"
    ),
    "AS07": (
        "El valor del tributo informado no corresponde al producto del porcentaje aplicado sobre "
        "la base imponible"
    ),
    "AU02": (
        "El Valor Bruto antes de tributos no es igual a la suma de los valores de las líneas de la "
        "factura que contienen el valor comercial"
    ),
    "AU04": (
        "Base Imponible es distinto a la suma de los valores de las bases imponibles de todas "
        "líneas de detalle."
    ),
    "AU06": (
        "Valor Bruto más tributos es diferente a Valor Bruto de la factura que contienen el valor "
        "comercial más la Suma de los Tributos de todas las líneas de detalle."
    ),
    "AU08": (
        "Total descuentos es diferente de la suma de todos los descuentos aplicados al total de la "
        "factura"
    ),
    "AU14": (
        "Valor a Pagar de Factura es distinto de la Suma de Valor Bruto más tributos - Valor del "
        "Descuento Total + Valor del Cargo Total"
    ),
    "AV01": "No fue informado el grupo",
    "AV04b": "No se puede expresar valores negativos",
}

#: Id to words, for rules without a prefix.
GENERAL: Final = {
    "90": "Documento procesado anteriormente.",
    "VLR01": "Los valores monetarios/porcentajes deben corresponder a valores Positivos",
    "ZA01": "El archivo comprimido debe contener un único documento XML",
    "ZB01": "Fallo en el esquema XML del archivo",
    "ZD05": "El certificado no fue emitido por una entidad de certificación autorizada",
    "ZE02": "Valor de la firma inválido.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that a document breaks; ``line`` is what the answer says of it."""

    rule: str
    text: str
    rejects: bool = True

    @property
    def line(self) -> str:
        """Write it as the service does."""
        kind = "Rechazo" if self.rejects else "Notificación"
        return f"Regla: {self.rule}, {kind}: {self.text}"


def broken(prefix: str, stem: str, *, rejects: bool = True) -> Finding:
    """Say that a document of the type with ``prefix`` breaks the rule of ``stem``."""
    return Finding(prefix + stem, STEMS[stem], rejects)


def general(rule: str) -> Finding:
    """Say that a document breaks a rule that every type has."""
    return Finding(rule, GENERAL[rule])

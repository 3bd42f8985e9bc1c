"""The simulated authority's own hand: its key, and the ApplicationResponse it signs.

The key is made once and kept beside the ledger, so that answers signed before a crash verify
after it. It is worth nothing outside: its certificate says that it is a test.
"""

# allow source.files: the simulator's keys lie beside its ledger, outside any business

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from addons.l10n_co_dian.catalogue import AUTHORITY_CHECK_DIGIT, AUTHORITY_NIT
from addons.l10n_co_dian.certificates import SigningIdentity, load_pem, make_test_chain
from addons.l10n_co_dian.codes import EventCodeInput, event_code
from addons.l10n_co_dian.safe_xml import NS
from addons.l10n_co_dian.simulator.rules import Finding
from addons.l10n_co_dian.soap.application_response import REJECTED, VALIDATED
from addons.l10n_co_dian.xades import BOGOTA, sign

_PIN: Final = "simulador"
_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2"
_NAMESPACES: Final = "".join(
    f' xmlns:{prefix}="{NS[prefix]}"' for prefix in ("cac", "cbc", "ext", "sts")
)
_WORDS: Final = {
    VALIDATED: "Documento validado por la DIAN",
    REJECTED: "Documento rechazado por la DIAN",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """The document that a verdict is about."""

    number: str
    code: str
    scheme: str
    kind: str
    issuer: str
    environment: str


def authority_identity(ledger: Path, now: datetime) -> SigningIdentity:
    """Read the key beside the ledger, or make one and keep it there."""
    place = ledger.with_name(ledger.name + ".authority.pem")
    if place.exists():
        pem = place.read_bytes()
        return load_pem(pem, pem)
    identity = make_test_chain("DIAN simulada", AUTHORITY_NIT, now)
    key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    unfinished = place.with_name(f"{place.name}.{os.getpid()}")
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(key + chain_pem(identity))
    # All or nothing: a process killed here leaves no half key behind.
    unfinished.replace(place)
    return identity


def chain_pem(identity: SigningIdentity) -> bytes:
    """Write the certificates of an identity, its own first."""
    return b"".join(c.public_bytes(Encoding.PEM) for c in identity.chain)


def application_response(
    subject: Subject,
    findings: Sequence[Finding],
    *,
    identity: SigningIdentity,
    now: datetime,
    signed: bool = True,
) -> bytes:
    """Write the verdict on one document: 04 if a finding rejects, else 02 with notifications."""
    code = REJECTED if any(finding.rejects for finding in findings) else VALIDATED
    local = now.astimezone(BOGOTA)
    day, time = local.date().isoformat(), local.replace(microsecond=0).timetz().isoformat()
    own = event_code(
        EventCodeInput(
            number=subject.number,
            issue_date=day,
            issue_time=time,
            issuer_id=AUTHORITY_NIT,
            receiver_id=subject.issuer,
            response_code=code,
            document_number=subject.number,
            document_type=subject.kind,
            pin=_PIN,
        )
    )
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ApplicationResponse xmlns="{_UBL}"{_NAMESPACES}>'
        f"{_extensions()}<cbc:UBLVersionID>UBL 2.1</cbc:UBLVersionID>"
        "<cbc:CustomizationID>1</cbc:CustomizationID><cbc:ProfileID>DIAN 2.1</cbc:ProfileID>"
        f"<cbc:ProfileExecutionID>{escape(subject.environment)}</cbc:ProfileExecutionID>"
        f"<cbc:ID>{escape(subject.number)}</cbc:ID>"
        f'<cbc:UUID schemeName="CUDE-SHA384">{own}</cbc:UUID>'
        f"<cbc:IssueDate>{day}</cbc:IssueDate><cbc:IssueTime>{time}</cbc:IssueTime>"
        f"{_party('SenderParty', 'DIAN simulada', AUTHORITY_NIT)}"
        f"{_party('ReceiverParty', subject.issuer, subject.issuer)}"
        f"<cac:DocumentResponse>{_response(code, _WORDS[code])}"
        f"<cac:DocumentReference><cbc:ID>{escape(subject.number)}</cbc:ID>"
        f'<cbc:UUID schemeName="{escape(subject.scheme)}">{escape(subject.code)}</cbc:UUID>'
        f"</cac:DocumentReference>{_lines(findings)}</cac:DocumentResponse></ApplicationResponse>"
    ).encode()
    return sign(xml, identity.key, identity.chain, now) if signed else xml


def _extensions() -> str:
    return (
        "<ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><sts:DianExtensions>"
        "<sts:InvoiceSource><cbc:IdentificationCode>CO</cbc:IdentificationCode>"
        "</sts:InvoiceSource><sts:AuthorizationProvider>"
        f'<sts:AuthorizationProviderID schemeID="{AUTHORITY_CHECK_DIGIT}" schemeName="31">'
        f"{AUTHORITY_NIT}</sts:AuthorizationProviderID></sts:AuthorizationProvider>"
        "</sts:DianExtensions></ext:ExtensionContent></ext:UBLExtension>"
        "<ext:UBLExtension><ext:ExtensionContent></ext:ExtensionContent></ext:UBLExtension>"
        "</ext:UBLExtensions>"
    )


def _party(role: str, name: str, nit: str) -> str:
    return (
        f"<cac:{role}><cac:PartyTaxScheme>"
        f"<cbc:RegistrationName>{escape(name)}</cbc:RegistrationName>"
        f'<cbc:CompanyID schemeName="31">{escape(nit)}</cbc:CompanyID>'
        "<cac:TaxScheme><cbc:ID>01</cbc:ID><cbc:Name>IVA</cbc:Name></cac:TaxScheme>"
        f"</cac:PartyTaxScheme></cac:{role}>"
    )


def _response(code: str, words: str) -> str:
    return (
        f"<cac:Response><cbc:ResponseCode>{escape(code)}</cbc:ResponseCode>"
        f"<cbc:Description>{escape(words)}</cbc:Description></cac:Response>"
    )


def _lines(findings: Sequence[Finding]) -> str:
    return "".join(
        f"<cac:LineResponse><cac:LineReference><cbc:LineID>{position}</cbc:LineID>"
        f"</cac:LineReference>{_response(finding.rule, finding.text)}</cac:LineResponse>"
        for position, finding in enumerate(findings, 1)
    )

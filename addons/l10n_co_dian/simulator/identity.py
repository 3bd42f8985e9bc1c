"""The rules of who, with which program, under which number, and the document's code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from cryptography.x509 import Certificate
from cryptography.x509.oid import NameOID

from addons.l10n_co_dian.catalogue import AUTHORITY_NIT, KINDS, Formula
from addons.l10n_co_dian.codes import (
    CodeInput,
    SupportCodeInput,
    check_digit,
    cude,
    cuds,
    cufe,
    software_security_code,
)
from addons.l10n_co_dian.errors import CodeInputError, TechnicalKeyError
from addons.l10n_co_dian.safe_xml import NS
from addons.l10n_co_dian.simulator.config import Range, Registry, Software
from addons.l10n_co_dian.simulator.reading import Reading
from addons.l10n_co_dian.simulator.rules import Finding, broken
from addons.l10n_co_dian.verification import SignatureReport

_NUMBER: Final = re.compile(r"[0-9A-Za-z]{1,20}")
_TIME: Final = re.compile(r"\d{2}:\d{2}:\d{2}-05:00")
_CONTROL: Final = "sts:InvoiceControl/"
_PROVIDER: Final = "sts:SoftwareProvider/"


def identity_findings(
    reading: Reading, registry: Registry, signature: SignatureReport
) -> Iterator[Finding]:
    """Give every rule on issuer, program, numbering, dates and code that the document breaks."""
    software = registry.software(reading.extension(_PROVIDER + "sts:SoftwareID"))
    numbering = _range(reading, registry)
    yield from _software_findings(reading, software)
    yield from _authority_findings(reading, registry)
    if reading.is_numbered:
        yield from _numbering_findings(reading, numbering)
    yield from _date_findings(reading, numbering, signature, registry)
    if not _code_holds(reading, software, numbering):
        yield broken(reading.prefix, "AD06")


def may_send(certificate: Certificate, reading: Reading, registry: Registry) -> bool:
    """Tell whether the certificate belongs to the issuer or to the owner of its program.

    A certificate whose subject names no NIT is not questioned: not every entity writes it.
    """
    nit = certificate_nit(certificate)
    software = registry.software(reading.extension(_PROVIDER + "sts:SoftwareID"))
    owner = software.owner_nit if software else ""
    return not nit or any(nit.startswith(known) for known in (reading.issuer, owner) if known)


def certificate_nit(certificate: Certificate) -> str:
    """Read the digits of the subject's serial number, where entities write the NIT."""
    found = certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    return "".join(sign for sign in str(found[0].value) if sign.isdigit()) if found else ""


def _range(reading: Reading, registry: Registry) -> Range | None:
    resolution = reading.extension(_CONTROL + "sts:InvoiceAuthorization")
    ranges = [r for r in registry.ranges(reading.issuer) if r.resolution == resolution]
    holding = [r for r in ranges if r.holds(reading.number)]
    return next(iter(holding or ranges), None)


def _software_findings(reading: Reading, software: Software | None) -> Iterator[Finding]:
    prefix = reading.prefix
    if software is None or (software.issuers and reading.issuer not in software.issuers):
        yield broken(prefix, "AB24b")
        return
    if reading.extension(_PROVIDER + "sts:ProviderID") != software.owner_nit:
        yield broken(prefix, "AB19b")
    expected = software_security_code(software.id, software.pin, reading.number)
    if reading.extension("sts:SoftwareSecurityCode").lower() != expected:
        yield broken(prefix, "AB27b")


def _authority_findings(reading: Reading, registry: Registry) -> Iterator[Finding]:
    prefix = reading.prefix
    authority = "sts:AuthorizationProvider/sts:AuthorizationProviderID"
    if reading.extension(authority) != AUTHORITY_NIT:
        yield broken(prefix, "AB31")
    if not _digits_hold(reading):
        yield broken(prefix, "AB34")
    if reading.text("cbc:ProfileExecutionID") != registry.environment:
        yield broken(prefix, "AD04")
    kind = KINDS.get(reading.kind)
    if kind is not None and reading.scheme != kind.scheme:
        yield broken(prefix, "AD08")


def _digits_hold(reading: Reading) -> bool:
    for name in ("ProviderID", "AuthorizationProviderID"):
        for element in reading.root.iter(f"{{{NS['sts']}}}{name}"):
            nit = (element.text or "").strip()
            try:
                if element.get("schemeID") != str(check_digit(nit)):
                    return False
            except CodeInputError:
                return False
    return True


def _numbering_findings(reading: Reading, numbering: Range | None) -> Iterator[Finding]:
    prefix = reading.prefix
    if not _NUMBER.fullmatch(reading.number):
        yield broken(prefix, "AD05a")
    if numbering is None:
        yield broken(prefix, "AB05a")
        return
    stated = (
        ("AB07a", "sts:AuthorizationPeriod/cbc:StartDate", numbering.valid_from.isoformat()),
        ("AB08a", "sts:AuthorizationPeriod/cbc:EndDate", numbering.valid_to.isoformat()),
        ("AB10b", "sts:AuthorizedInvoices/sts:Prefix", numbering.prefix),
        ("AB11b", "sts:AuthorizedInvoices/sts:From", str(numbering.first)),
        ("AB12b", "sts:AuthorizedInvoices/sts:To", str(numbering.last)),
    )
    for stem, path, expected in stated:
        if reading.extension(_CONTROL + path) != expected:
            yield broken(prefix, stem)
    if not numbering.holds(reading.number):
        yield broken(prefix, "AD05d")


def _date_findings(
    reading: Reading, numbering: Range | None, signature: SignatureReport, registry: Registry
) -> Iterator[Finding]:
    prefix = reading.prefix
    issued = _day(reading.text("cbc:IssueDate"))
    if issued is not None and numbering is not None:
        if issued < numbering.valid_from:
            yield broken(prefix, "AD09a")
        elif issued > numbering.valid_to:
            yield broken(prefix, "AD09b")
    signed = signature.signing_time
    if signed is not None and signed.date() != issued:
        yield broken(prefix, "AD09e", rejects=registry.rejects_other_day)
    if not _TIME.fullmatch(reading.text("cbc:IssueTime")):
        yield broken(prefix, "AD10")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _code_holds(reading: Reading, software: Software | None, numbering: Range | None) -> bool:
    kind = KINDS.get(reading.kind)
    formula = kind.formula if kind else Formula.CUDE
    try:
        if formula is Formula.CUFE:
            key = numbering.technical_key if numbering else ""
            return reading.code == cufe(_code_input(reading, key))
        pin = software.pin if software else ""
        if formula is Formula.CUDS:
            return reading.code == cuds(_support_input(reading, pin))
        return reading.code == cude(_code_input(reading, pin))
    except (CodeInputError, TechnicalKeyError):
        return False


def _code_input(reading: Reading, key: str) -> CodeInput:
    return CodeInput(
        number=reading.number,
        issue_date=reading.text("cbc:IssueDate"),
        issue_time=reading.text("cbc:IssueTime"),
        subtotal=reading.amount(reading.totals + "cbc:LineExtensionAmount"),
        iva=reading.tax("01"),
        inc=reading.tax("04"),
        ica=reading.tax("03"),
        total=reading.amount(reading.totals + "cbc:PayableAmount"),
        issuer_id=reading.supplier,
        buyer_id=reading.customer,
        key=key,
        environment=reading.text("cbc:ProfileExecutionID"),
    )


def _support_input(reading: Reading, pin: str) -> SupportCodeInput:
    first = reading.amount("cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount")
    return SupportCodeInput(
        number=reading.number,
        issue_date=reading.text("cbc:IssueDate"),
        issue_time=reading.text("cbc:IssueTime"),
        subtotal=reading.amount(reading.totals + "cbc:LineExtensionAmount"),
        iva=first,
        total=reading.amount(reading.totals + "cbc:PayableAmount"),
        seller_id=reading.supplier,
        acquirer_id=reading.customer,
        pin=pin,
        environment=reading.text("cbc:ProfileExecutionID"),
    )

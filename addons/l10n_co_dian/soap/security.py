"""Reading a signed request as the service does: who sent it, when, and that nothing was moved.

The opposite side of ``envelope``; the simulator uses it, and the tests hold the two against each
other and against an independent verifier.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import Certificate, load_der_x509_certificate
from lxml import etree

from addons.l10n_co_dian.certificates import chain_holds
from addons.l10n_co_dian.soap.envelope import (
    DS,
    EXC_C14N,
    RSA_SHA256,
    SHA256_URI,
    THUMBPRINT_TYPE,
    WSSE,
    WSU,
    canonical,
    thumbprint,
)
from addons.l10n_co_dian.soap.errors import SecurityFaultError, UnreadableAnswerError
from addons.l10n_co_dian.soap.operations import OPERATIONS, SOAP, WCF, WSA, Operation
from addons.l10n_co_dian.soap.untrusted import read_xml

#: How far the two clocks may be apart; the default of the platform that the service runs on.
CLOCK_SKEW: Final = timedelta(minutes=5)

_INVALID: Final = "InvalidSecurity"
_NS: Final = {"s": SOAP, "wsa": WSA, "wsse": WSSE, "wsu": WSU, "ds": DS, "ec": EXC_C14N}
_WSU_ID: Final = f"{{{WSU}}}Id"
_TAG_WITH_ID: Final = re.compile(rb"<[^<>]*\bwsu:Id=[^<>]*>")


@dataclass(frozen=True, slots=True)
class Request:
    """A request that proved who sent it."""

    operation: Operation
    arguments: Mapping[str, str]
    certificate: Certificate
    message_id: str


def declares_where_it_should(raw: bytes) -> bool:
    """Tell whether every tag with a ``wsu:Id`` declares ``xmlns:wsu`` itself."""
    return all(b"xmlns:wsu=" in tag for tag in _TAG_WITH_ID.findall(raw))


def verify_request(
    raw: bytes, *, now: datetime, trusted: Sequence[Certificate], to: str
) -> Request:
    """Read and verify one envelope.

    ``trusted`` are the authorities whose certificates are believed, roots and subordinates alike.
    Raises ``SecurityFaultError`` with the subcode that the service would answer with.
    """
    try:
        envelope = read_xml(raw)
    except UnreadableAnswerError as broken:
        raise SecurityFaultError("BadRequest", str(broken)) from broken
    header = _one(envelope, "s:Header")
    security = _one(header, "wsse:Security")
    addressed = _one(header, "wsa:To")
    _check_time(_one(security, "wsu:Timestamp"), now)
    certificate = _certificate(security)
    problem = trust_problem(certificate, trusted, now)
    if problem:
        raise SecurityFaultError(_INVALID, problem)
    try:
        _check_signature(envelope, security, certificate, addressed)
    except etree.C14NError as wrong:
        raise SecurityFaultError(_INVALID, "A signed part has no canonical form.") from wrong
    if (addressed.text or "") != to:
        raise SecurityFaultError("DestinationUnreachable", "To names another address.")
    operation, arguments = _asked(envelope, header)
    message_id = header.findtext("wsa:MessageID", "", _NS)
    return Request(operation, arguments, certificate, message_id)


def trust_problem(certificate: Certificate, trusted: Sequence[Certificate], now: datetime) -> str:
    """Say why ``certificate`` is not to be believed at ``now``, or nothing.

    It is believed when it leads to an authority among ``trusted`` that is itself valid at ``now``.
    """
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        return "The certificate is not valid at this time."
    if not chain_holds(certificate, (), trusted, now):
        return "The certificate was not issued by a trusted authority."
    return ""


def _one(parent: etree._Element, path: str) -> etree._Element:
    found = parent.findall(path, _NS)
    if len(found) != 1:
        raise SecurityFaultError(_INVALID, f"The message needs exactly one {path}.")
    return found[0]


def _check_time(stamp: etree._Element, now: datetime) -> None:
    created = _moment(stamp.findtext("wsu:Created", "", _NS))
    expires = _moment(stamp.findtext("wsu:Expires", "", _NS))
    if created > now + CLOCK_SKEW or expires < now - CLOCK_SKEW or expires <= created:
        raise SecurityFaultError(_INVALID, "The time stamp is outside the permitted time.")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise SecurityFaultError(_INVALID, "The time stamp cannot be read.") from wrong
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _certificate(security: etree._Element) -> Certificate:
    token = _one(security, "wsse:BinarySecurityToken")
    try:
        certificate = load_der_x509_certificate(b64decode(token.text or ""))
    except (ValueError, BadBase64) as wrong:
        raise SecurityFaultError(_INVALID, "The security token cannot be read.") from wrong
    named = _one(security, "ds:Signature/ds:KeyInfo/wsse:SecurityTokenReference")
    direct = named.find("wsse:Reference", _NS)
    if direct is not None:
        matches = direct.get("URI") == f"#{token.get(_WSU_ID)}"
    else:
        matches = _names_thumbprint(_one(named, "wsse:KeyIdentifier"), certificate)
    if not matches:
        raise SecurityFaultError(_INVALID, "The signature names another token.")
    return certificate


def _names_thumbprint(named: etree._Element, certificate: Certificate) -> bool:
    if named.get("ValueType") != THUMBPRINT_TYPE:
        return False
    return compare_digest(_base64(named.text), thumbprint(certificate))


def _base64(text: str | None) -> bytes:
    try:
        return b64decode(text or "")
    except BadBase64 as wrong:
        raise SecurityFaultError(_INVALID, "A value is not in base64.") from wrong


def _check_signature(
    envelope: etree._Element,
    security: etree._Element,
    certificate: Certificate,
    addressed: etree._Element,
) -> None:
    signature = _one(security, "ds:Signature")
    info = _one(signature, "ds:SignedInfo")
    method = _one(info, "ds:CanonicalizationMethod")
    if method.get("Algorithm") != EXC_C14N:
        raise SecurityFaultError(_INVALID, "The canonicalisation is not supported.")
    if _one(info, "ds:SignatureMethod").get("Algorithm") != RSA_SHA256:
        raise SecurityFaultError(_INVALID, "The signature algorithm is not supported.")
    signed = {_check_reference(envelope, ref) for ref in info.findall("ds:Reference", _NS)}
    if addressed not in signed:
        raise SecurityFaultError(_INVALID, "To is not signed.")
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise SecurityFaultError(_INVALID, "The key is not an RSA key.")
    try:
        key.verify(
            _base64(signature.findtext("ds:SignatureValue", "", _NS)),
            canonical(info, _prefixes(method)),
            PKCS1v15(),
            SHA256(),
        )
    except InvalidSignature as wrong:
        raise SecurityFaultError(_INVALID, "The signature does not verify.") from wrong


def _check_reference(envelope: etree._Element, reference: etree._Element) -> etree._Element:
    name = reference.get("URI", "").removeprefix("#")
    # Two elements of one id are how a signed part is moved aside and replaced.
    found = [e for e in envelope.iter() if e.get(_WSU_ID) == name or e.get("Id") == name]
    if not name or len(found) != 1:
        raise SecurityFaultError(_INVALID, "A reference does not name exactly one element.")
    transform = _one(reference, "ds:Transforms/ds:Transform")
    digest = _one(reference, "ds:DigestMethod")
    if transform.get("Algorithm") != EXC_C14N or digest.get("Algorithm") != SHA256_URI:
        raise SecurityFaultError(_INVALID, "The reference uses an algorithm not supported.")
    actual = sha256(canonical(found[0], _prefixes(transform))).digest()
    if not compare_digest(actual, _base64(reference.findtext("ds:DigestValue", "", _NS))):
        raise SecurityFaultError(_INVALID, "A signed part was changed.")
    return found[0]


def _prefixes(method: etree._Element) -> list[str]:
    listed = method.find("ec:InclusiveNamespaces", _NS)
    return [] if listed is None else listed.get("PrefixList", "").split()


def _asked(envelope: etree._Element, header: etree._Element) -> tuple[Operation, Mapping[str, str]]:
    body = _one(envelope, "s:Body")
    if len(body) != 1:
        raise SecurityFaultError("ActionNotSupported", "The body needs exactly one operation.")
    name = etree.QName(body[0])
    operation = OPERATIONS.get(name.localname)
    action = header.findtext("wsa:Action", "", _NS)
    if operation is None or name.namespace != WCF or operation.action != action:
        raise SecurityFaultError("ActionNotSupported", f"The action {action} is not supported.")
    fields = {etree.QName(field).localname: field.text or "" for field in body[0]}
    return operation, fields

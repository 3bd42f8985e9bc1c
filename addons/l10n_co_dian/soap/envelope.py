"""Signed SOAP 1.2 requests: WS-Addressing and WS-Security written by hand.

Source: the policy in the service's WSDL (TransportBinding over HTTPS, Basic256Sha256Rsa15, Strict
layout, Timestamp, X509 token AlwaysToRecipient, SignedParts To) and what the service was seen to
take: the header's order is Timestamp, token, Signature; ``xmlns:wsu`` stands on every element that
has a ``wsu:Id`` (an envelope that declares it elsewhere is answered with an empty HTTP 400);
exclusive canonicalisation with the PrefixList ``wsa soap wcf``.

The text is built from templates, not from a tree: a serialiser would move the declarations.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from hashlib import sha1, sha256
from typing import Final
from uuid import uuid4
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate
from lxml import etree

from addons.l10n_co_dian.safe_xml import safe_parser
from addons.l10n_co_dian.soap.operations import SOAP, WCF, WSA, Operation

WSU: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
DS: Final = "http://www.w3.org/2000/09/xmldsig#"
EXC_C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256_URI: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
X509_TYPE: Final = (
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"
)
THUMBPRINT_TYPE: Final = (
    "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#ThumbprintSHA1"
)
BASE64_TYPE: Final = (
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
)

#: How long a request is good for; the policy's default.
LIFETIME: Final = timedelta(minutes=5)

_SIGNED_INFO_PREFIXES: Final = ("wsa", "soap", "wcf")
#: What To declares itself needs no listing.
_PART_PREFIXES: Final = ("soap", "wcf")


class TokenReference(Enum):
    """How the signature names its certificate."""

    #: A reference to the token's id; what the service is known to take.
    DIRECT = "direct"
    #: The SHA-1 thumbprint the policy asks for; some receivers refuse it.
    THUMBPRINT = "thumbprint"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs the requests: the key, its certificate, and two choices of form."""

    key: RSAPrivateKey
    certificate: Certificate
    reference: TokenReference = TokenReference.DIRECT
    signs_timestamp: bool = False


def build_request(
    operation: Operation,
    arguments: Mapping[str, str],
    *,
    to: str,
    signer: Signer,
    now: datetime,
) -> bytes:
    """Write the request of ``operation``, signed and ready to post to ``to``.

    ``arguments`` are texts (files already in base64); one that is missing is left out, as the
    schema allows. ``now`` must know its zone.
    """
    mark = uuid4().hex.upper()
    parts = [("id-" + mark, _to(to, mark), "To")]
    stamp = _timestamp(now, mark)
    if signer.signs_timestamp:
        parts.insert(0, ("TS-" + mark, stamp, "Timestamp"))
    signed_info = _signed_info(
        [(ref, _digest(_envelope_of(text), tag)) for ref, text, tag in parts]
    )
    signature = signer.key.sign(_signed_info_bytes(signed_info), PKCS1v15(), SHA256())
    security = (
        f'<wsse:Security xmlns:wsse="{WSSE}" xmlns:wsu="{WSU}" soap:mustUnderstand="1">'
        f"{stamp}{_token(signer.certificate, mark)}"
        f'<ds:Signature xmlns:ds="{DS}" Id="SIG-{mark}">{signed_info}'
        f"<ds:SignatureValue>{b64encode(signature).decode()}</ds:SignatureValue>"
        f'<ds:KeyInfo Id="KI-{mark}">'
        f'<wsse:SecurityTokenReference xmlns:wsu="{WSU}" wsu:Id="STR-{mark}">'
        f"{_reference(signer, mark)}</wsse:SecurityTokenReference></ds:KeyInfo></ds:Signature>"
        "</wsse:Security>"
    )
    header = (
        f"{security}<wsa:Action>{operation.action}</wsa:Action>"
        f"<wsa:MessageID>urn:uuid:{uuid4()}</wsa:MessageID>{_to(to, mark)}"
    )
    return _wrap(header, _body(operation, arguments)).encode()


def _wrap(header: str, body: str) -> str:
    return (
        f'<soap:Envelope xmlns:soap="{SOAP}" xmlns:wcf="{WCF}">'
        f'<soap:Header xmlns:wsa="{WSA}">{header}</soap:Header>'
        f"<soap:Body>{body}</soap:Body></soap:Envelope>"
    )


def _envelope_of(text: str) -> str:
    """Give the part the surroundings that it will be canonicalised in."""
    return _wrap(text, "")


def _to(to: str, mark: str) -> str:
    return f'<wsa:To xmlns:wsu="{WSU}" wsu:Id="id-{mark}">{escape(to)}</wsa:To>'


def _timestamp(now: datetime, mark: str) -> str:
    created, expires = utc(now), utc(now + LIFETIME)
    return (
        f'<wsu:Timestamp xmlns:wsu="{WSU}" wsu:Id="TS-{mark}"><wsu:Created>{created}</wsu:Created>'
        f"<wsu:Expires>{expires}</wsu:Expires></wsu:Timestamp>"
    )


def utc(moment: datetime) -> str:
    """Write a moment as time stamps do: UTC, milliseconds, Z."""
    plain = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{plain.isoformat(timespec='milliseconds')}Z"


def _token(certificate: Certificate, mark: str) -> str:
    encoded = b64encode(certificate.public_bytes(Encoding.DER)).decode()
    return (
        f'<wsse:BinarySecurityToken xmlns:wsu="{WSU}" EncodingType="{BASE64_TYPE}"'
        f' ValueType="{X509_TYPE}" wsu:Id="X509-{mark}">{encoded}</wsse:BinarySecurityToken>'
    )


def _reference(signer: Signer, mark: str) -> str:
    if signer.reference is TokenReference.DIRECT:
        return f'<wsse:Reference URI="#X509-{mark}" ValueType="{X509_TYPE}"/>'
    print_ = b64encode(thumbprint(signer.certificate)).decode()
    return (
        f'<wsse:KeyIdentifier EncodingType="{BASE64_TYPE}" ValueType="{THUMBPRINT_TYPE}">'
        f"{print_}</wsse:KeyIdentifier>"
    )


def thumbprint(certificate: Certificate) -> bytes:
    """Name a certificate as WS-Security 1.1 does: SHA-1 of its DER form, an index, not a proof."""
    return sha1(certificate.public_bytes(Encoding.DER), usedforsecurity=False).digest()


def _signed_info(digests: Sequence[tuple[str, str]]) -> str:
    references = "".join(
        f'<ds:Reference URI="#{reference}"><ds:Transforms><ds:Transform Algorithm="{EXC_C14N}">'
        f"{_inclusive(_PART_PREFIXES)}</ds:Transform></ds:Transforms>"
        f'<ds:DigestMethod Algorithm="{SHA256_URI}"/><ds:DigestValue>{digest}</ds:DigestValue>'
        "</ds:Reference>"
        for reference, digest in digests
    )
    return (
        f'<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{EXC_C14N}">'
        f"{_inclusive(_SIGNED_INFO_PREFIXES)}</ds:CanonicalizationMethod>"
        f'<ds:SignatureMethod Algorithm="{RSA_SHA256}"/>{references}</ds:SignedInfo>'
    )


def _inclusive(prefixes: Sequence[str]) -> str:
    return f'<ec:InclusiveNamespaces xmlns:ec="{EXC_C14N}" PrefixList="{" ".join(prefixes)}"/>'


def _digest(envelope: str, tag: str) -> str:
    (part,) = (
        element
        for element in etree.fromstring(envelope.encode()).iter()
        if etree.QName(element).localname == tag
    )
    return b64encode(sha256(canonical(part, _PART_PREFIXES)).digest()).decode()


def _signed_info_bytes(signed_info: str) -> bytes:
    wrapped = _envelope_of(
        f'<wsse:Security xmlns:wsse="{WSSE}" xmlns:wsu="{WSU}">'
        f'<ds:Signature xmlns:ds="{DS}">{signed_info}</ds:Signature></wsse:Security>'
    )
    (element,) = etree.fromstring(wrapped.encode()).iter(f"{{{DS}}}SignedInfo")
    return canonical(element, _SIGNED_INFO_PREFIXES)


def canonical(element: etree._Element, prefixes: Sequence[str]) -> bytes:
    """Write one element in exclusive canonical form, keeping the declarations of ``prefixes``.

    It is read again alone first: in a tree with a default namespace lxml would put a false
    ``xmlns=""`` on its children.
    """
    alone = etree.fromstring(etree.tostring(element, with_tail=False), safe_parser())
    return etree.tostring(
        alone,
        method="c14n",
        exclusive=True,
        with_comments=False,
        inclusive_ns_prefixes=list(prefixes),
    )


def _body(operation: Operation, arguments: Mapping[str, str]) -> str:
    fields = "".join(
        f"<wcf:{name}>{escape(arguments[name])}</wcf:{name}>"
        for name in operation.parameters
        if name in arguments
    )
    return f"<wcf:{operation.name}>{fields}</wcf:{operation.name}>"

"""XAdES-EPES signatures as documents accepted by the authority carry them.

Profile (annex FE 1.9, chapter 9, and accepted documents): inclusive C14N 1.0, RSA-SHA256, three
references (document, KeyInfo, SignedProperties), SigningCertificate of XAdES 1.3.2 for the whole
chain, the signature policy version 2 and a claimed role.

The signature is written in its canonical form from the start: only the document itself is
canonicalised, so one signature costs little more than its RSA operation. (Canonicalising an
element inside a tree with lxml writes false ``xmlns=""``; here no element ever is.)
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from hashlib import sha256
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from addons.l10n_co_dian.canonical import INCLUSIVE, canonical_document
from addons.l10n_co_dian.catalogue import POLICY_SHA256, POLICY_URL
from addons.l10n_co_dian.errors import SigningError
from addons.l10n_co_dian.safe_xml import NS, parse, tag
from addons.l10n_co_dian.verification import SignatureReport, verify
from core.i18n import _

__all__ = ["ROLES", "SignatureReport", "sign", "verify"]

#: "supplier" signs its own documents, "third party" is a technology provider.
ROLES: Final = frozenset({"supplier", "third party"})

RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256_URI: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
SIGNED_PROPERTIES: Final = "http://uri.etsi.org/01903#SignedProperties"
POLICY_NAME: Final = "Política de firma para facturas electrónicas de la República de Colombia"
BOGOTA: Final = timezone(timedelta(hours=-5))
MIN_RSA_BITS: Final = 2048


def sign(
    xml: bytes,
    key: rsa.RSAPrivateKey,
    chain: Sequence[x509.Certificate],
    when: datetime,
    role: str = "supplier",
) -> bytes:
    """Give ``xml`` with its signature in the last extension, ready to send: never reformat it.

    ``chain`` is the signer's certificate followed by its issuers. ``when`` is the true time of
    signing, with its zone. The same arguments give the same bytes. Refused: a document without
    an empty last extension or already signed, a key that is not the certificate's, a certificate
    outside its validity, an RSA key under 2048 bits, a time without a zone, another role.
    """
    _check(key, chain, when, role)
    root = parse(xml)
    slot = _empty_slot(root)
    document = canonical_document(root)
    moment = when.astimezone(BOGOTA).isoformat(timespec="milliseconds")
    name = "xmldsig-" + sha256(document + moment.encode()).hexdigest()[:32]
    namespaces = {**slot.nsmap, "ds": NS["ds"]}
    parts = _Parts(name, namespaces, chain, moment, role)
    key_info, properties = parts.key_info(), parts.signed_properties()
    signed_info = parts.signed_info(_digest(document), key_info, properties)
    value = b64encode(key.sign(signed_info.canonical, PKCS1v15(), SHA256()))
    place = f"signature-place-{name}"
    slot.text = (slot.text or "") + place
    whole = etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)
    return whole.replace(
        place.encode(), parts.signature(signed_info, value, key_info, properties), 1
    )


def _check(
    key: rsa.RSAPrivateKey, chain: Sequence[x509.Certificate], when: datetime, role: str
) -> None:
    if role not in ROLES:
        raise SigningError(_("The role {role} may not sign documents.", role=role))
    if when.tzinfo is None:
        raise SigningError(_("The time of signing needs its zone."))
    if not chain:
        raise SigningError(_("There is no certificate to sign with."))
    leaf = chain[0]
    public = leaf.public_key()
    if not isinstance(public, rsa.RSAPublicKey) or public.key_size < MIN_RSA_BITS:
        raise SigningError(_("The certificate needs an RSA key of at least 2048 bits."))
    if public.public_numbers() != key.public_key().public_numbers():
        raise SigningError(_("The private key does not belong to the certificate."))
    if not leaf.not_valid_before_utc <= when <= leaf.not_valid_after_utc:
        raise SigningError(
            _(
                "The certificate is valid from {start} to {end}; renew it before signing.",
                start=leaf.not_valid_before_utc.date(),
                end=leaf.not_valid_after_utc.date(),
            )
        )


def _empty_slot(root: etree._Element) -> etree._Element:
    if next(root.iter(tag("ds:Signature")), None) is not None:
        raise SigningError(_("The document is already signed."))
    slots = root.findall("ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent", NS)
    if not slots or len(slots[-1]):
        raise SigningError(_("The document has no empty last extension for its signature."))
    return slots[-1]


@dataclass(frozen=True, slots=True)
class _Element:
    """An element in its place (namespaces inherited) and standing alone in canonical form."""

    placed: bytes
    canonical: bytes


@dataclass(frozen=True, slots=True)
class _Parts:
    """The pieces of one signature, written canonically: attributes sorted, nothing self-closed."""

    name: str
    namespaces: Mapping[str | None, str]
    chain: Sequence[x509.Certificate]
    moment: str
    role: str

    def key_info(self) -> _Element:
        certificate = b64encode(self.chain[0].public_bytes(Encoding.DER)).decode()
        return _element(
            "ds:KeyInfo",
            f' Id="{self.name}-keyinfo"',
            f"<ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>",
            self.namespaces,
        )

    def signed_properties(self) -> _Element:
        body = (
            "<xades:SignedSignatureProperties>"
            f"<xades:SigningTime>{self.moment}</xades:SigningTime>"
            f"<xades:SigningCertificate>{''.join(map(_certificate, self.chain))}"
            "</xades:SigningCertificate>"
            "<xades:SignaturePolicyIdentifier><xades:SignaturePolicyId><xades:SigPolicyId>"
            f"<xades:Identifier>{POLICY_URL}</xades:Identifier>"
            f"<xades:Description>{POLICY_NAME}</xades:Description></xades:SigPolicyId>"
            f"<xades:SigPolicyHash>{_digest_value(POLICY_SHA256)}</xades:SigPolicyHash>"
            "</xades:SignaturePolicyId></xades:SignaturePolicyIdentifier>"
            "<xades:SignerRole><xades:ClaimedRoles>"
            f"<xades:ClaimedRole>{self.role}</xades:ClaimedRole>"
            "</xades:ClaimedRoles></xades:SignerRole></xades:SignedSignatureProperties>"
        )
        inside = {**self.namespaces, "xades": NS["xades"], "xades141": NS["xades141"]}
        return _element("xades:SignedProperties", f' Id="{self.name}-signedprops"', body, inside)

    def signed_info(
        self, document_digest: str, key_info: _Element, properties: _Element
    ) -> _Element:
        body = (
            f'<ds:CanonicalizationMethod Algorithm="{INCLUSIVE}"></ds:CanonicalizationMethod>'
            f'<ds:SignatureMethod Algorithm="{RSA_SHA256}"></ds:SignatureMethod>'
            f'<ds:Reference Id="{self.name}-ref0" URI=""><ds:Transforms>'
            f'<ds:Transform Algorithm="{ENVELOPED}"></ds:Transform></ds:Transforms>'
            f"{_digest_value(document_digest)}</ds:Reference>"
            f'<ds:Reference URI="#{self.name}-keyinfo">'
            f"{_digest_value(_digest(key_info.canonical))}</ds:Reference>"
            f'<ds:Reference Type="{SIGNED_PROPERTIES}" URI="#{self.name}-signedprops">'
            f"{_digest_value(_digest(properties.canonical))}</ds:Reference>"
        )
        return _element("ds:SignedInfo", "", body, self.namespaces)

    def signature(
        self, signed_info: _Element, value: bytes, key_info: _Element, properties: _Element
    ) -> bytes:
        qualifying = (
            f'<ds:Object><xades:QualifyingProperties xmlns:xades="{NS["xades"]}" '
            f'xmlns:xades141="{NS["xades141"]}" Target="#{self.name}">'
        )
        return b"".join(
            (
                f'<ds:Signature xmlns:ds="{NS["ds"]}" Id="{self.name}">'.encode(),
                signed_info.placed,
                f'<ds:SignatureValue Id="{self.name}-sigvalue">'.encode(),
                value,
                b"</ds:SignatureValue>",
                key_info.placed,
                qualifying.encode(),
                properties.placed,
                b"</xades:QualifyingProperties></ds:Object></ds:Signature>",
            )
        )


def _element(
    name: str, attributes: str, body: str, namespaces: Mapping[str | None, str]
) -> _Element:
    in_scope = "".join(
        f' xmlns{prefix and ":"}{prefix}="{_escape(uri)}"'
        for prefix, uri in sorted((p or "", u) for p, u in namespaces.items())
    )
    rest = f"{attributes}>{body}</{name}>"
    return _Element(f"<{name}{rest}".encode(), f"<{name}{in_scope}{rest}".encode())


@lru_cache(maxsize=64)
def _certificate(certificate: x509.Certificate) -> str:
    digest = b64encode(certificate.fingerprint(SHA256())).decode()
    return (
        f"<xades:Cert><xades:CertDigest>{_digest_value(digest)}</xades:CertDigest>"
        "<xades:IssuerSerial><ds:X509IssuerName>"
        f"{_escape(certificate.issuer.rfc4514_string())}</ds:X509IssuerName>"
        f"<ds:X509SerialNumber>{certificate.serial_number}</ds:X509SerialNumber>"
        "</xades:IssuerSerial></xades:Cert>"
    )


def _digest(data: bytes) -> str:
    return b64encode(sha256(data).digest()).decode()


def _digest_value(digest: str) -> str:
    return (
        f'<ds:DigestMethod Algorithm="{SHA256_URI}"></ds:DigestMethod>'
        f"<ds:DigestValue>{digest}</ds:DigestValue>"
    )


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

"""Checking the XAdES signature of anybody's document, without believing what it says of itself.

Only the signature in an extension of the document counts, its references may name nothing but
the document and its own parts (so that nothing can be wrapped), SHA-1 is refused, and the
certificate is the one whose digest the signer signed.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from addons.l10n_co_dian.canonical import FORMS, INCLUSIVE, canonical_document, canonical_part
from addons.l10n_co_dian.certificates import chain_holds, common_name
from addons.l10n_co_dian.errors import UnreadableDocumentError
from addons.l10n_co_dian.safe_xml import NS, first_text, parse, tag
from core.i18n import LazyText, _

_MORE: Final = "http://www.w3.org/2001/04/xmldsig-more#"
_ENC: Final = "http://www.w3.org/2001/04/xmlenc#"
_DIGESTS: Final[dict[str, Callable[[bytes], Any]]] = {
    _ENC + "sha256": hashlib.sha256,
    _MORE + "sha384": hashlib.sha384,
    _ENC + "sha512": hashlib.sha512,
}
_SIGNATURES: Final[dict[str, hashes.HashAlgorithm]] = {
    _MORE + "rsa-sha256": hashes.SHA256(),
    _MORE + "rsa-sha384": hashes.SHA384(),
    _MORE + "rsa-sha512": hashes.SHA512(),
}
_ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_POLICIES: Final = "https://facturaelectronica.dian.gov.co/politicadefirma/"
_SIGNED_PROPERTIES: Final = "ds:Object/xades:QualifyingProperties/xades:SignedProperties"
_SIGNER: Final = "xades:SignedSignatureProperties/"


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """What a signature is worth.

    ``valid`` means that everything holds: the signature value, every digest, the certificate that
    was signed with and, where trusted certificates were given, its chain. ``digest_valid`` tells
    only whether the document is the one that was signed, ``value_valid`` only whether the RSA
    value fits the signed references: both help to explain a document edited after signing.
    """

    present: bool = False
    valid: bool = False
    digest_valid: bool = False
    signer: str | None = None
    policy: str | None = None
    signing_time: datetime | None = None
    problems: tuple[str, ...] = ()
    value_valid: bool = False
    role: str | None = None
    certificate: x509.Certificate | None = field(default=None, compare=False, repr=False)


def verify(xml: bytes, trusted: Sequence[x509.Certificate] | None = None) -> SignatureReport:
    """Check the signature of a document; never raises for what the document contains.

    With ``trusted`` (roots or intermediates) the signer's chain must lead to one of them and be
    within its validity at the signing time; with ``None`` the chain is not looked at.
    """
    try:
        return verify_root(parse(xml), trusted)
    except UnreadableDocumentError as error:
        return SignatureReport(problems=(str(error),))


def verify_root(
    root: etree._Element, trusted: Sequence[x509.Certificate] | None = None
) -> SignatureReport:
    """Check the signature of a document that was parsed safely already."""
    found = list(root.iter(tag("ds:Signature")))
    if not found:
        return SignatureReport(problems=(str(_("The document has no signature.")),))
    placed = root.findall(
        "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/ds:Signature", NS
    )
    if len(found) != 1 or len(placed) != 1:
        return SignatureReport(
            present=True,
            problems=(str(_("The document must have one signature, in an extension.")),),
        )
    try:
        return _Check(root, placed[0], trusted).report()
    except UnreadableDocumentError as error:
        return SignatureReport(present=True, problems=(str(error),))


class _Check:
    """One verification; problems are collected, because a person wants to see them all."""

    def __init__(
        self,
        root: etree._Element,
        signature: etree._Element,
        trusted: Sequence[x509.Certificate] | None,
    ) -> None:
        self.root = root
        self.signature = signature
        self.trusted = trusted
        self.problems: list[str] = []

    def report(self) -> SignatureReport:
        properties = self.signature.find(_SIGNED_PROPERTIES, NS)
        certificates = self._certificates()
        leaf = self._leaf(certificates, properties)
        value_valid = leaf is not None and self._value_valid(leaf)
        digest_valid = self._references_valid(properties)
        policy = self._policy(properties)
        moment = self._moment(properties)
        if leaf is not None and not self._trust_holds(leaf, certificates, moment):
            self._problem(_("The signer's certificate does not come from a trusted entity."))
        role = None
        if properties is not None:
            role = first_text(
                properties, _SIGNER + "xades:SignerRole/xades:ClaimedRoles/xades:ClaimedRole"
            )
        return SignatureReport(
            present=True,
            valid=not self.problems and value_valid and digest_valid,
            digest_valid=digest_valid,
            signer=common_name(leaf) if leaf is not None else None,
            policy=policy,
            signing_time=moment,
            problems=tuple(self.problems),
            value_valid=value_valid,
            role=role or None,
            certificate=leaf,
        )

    def _problem(self, text: LazyText) -> None:
        self.problems.append(str(text))

    def _trust_holds(
        self, leaf: x509.Certificate, enclosed: list[x509.Certificate], moment: datetime | None
    ) -> bool:
        if self.trusted is None:
            return True
        return moment is not None and chain_holds(leaf, enclosed, self.trusted, moment)

    def _signed_info(self) -> etree._Element:
        """Give the first and only SignedInfo that counts; an empty element where there is none."""
        info = self.signature.find("ds:SignedInfo", NS)
        return info if info is not None else etree.Element("nothing")

    def _certificates(self) -> list[x509.Certificate]:
        path = "ds:KeyInfo/ds:X509Data/ds:X509Certificate"
        found = []
        for node in self.signature.findall(path, NS):
            try:
                certificate = x509.load_der_x509_certificate(_base64(node.text))
                # Both are only understood when asked for, and may not be understood at all.
                certificate.public_key()
                common_name(certificate)
            except (ValueError, UnsupportedAlgorithm):
                self._problem(_("A certificate in the signature cannot be read."))
            else:
                found.append(certificate)
        return found

    def _leaf(
        self, certificates: list[x509.Certificate], properties: etree._Element | None
    ) -> x509.Certificate | None:
        """Find the certificate that the signer named first among those it enclosed."""
        if not certificates:
            self._problem(_("The signature encloses no certificate."))
            return None
        if properties is None:
            self._problem(_("The signature is not XAdES: it has no signed properties."))
            return certificates[0]
        path = _SIGNER + "xades:SigningCertificate/xades:Cert/xades:CertDigest"
        first = properties.find(path, NS)
        for certificate in certificates:
            if first is not None and self._digest_holds(
                first, certificate.public_bytes(Encoding.DER)
            ):
                return certificate
        self._problem(_("The enclosed certificate is not the one the signer named."))
        return certificates[0]

    def _value_valid(self, leaf: x509.Certificate) -> bool:
        algorithm = _SIGNATURES.get(_algorithm(self._signed_info(), "ds:SignatureMethod"))
        if algorithm is None:
            self._problem(_("The signature uses an algorithm that is not accepted."))
            return False
        public = leaf.public_key()
        if not isinstance(public, rsa.RSAPublicKey) or public.key_size < 2048:
            self._problem(_("The signer's key is not RSA of at least 2048 bits."))
            return False
        info = self._signed_info()
        uri = _algorithm(info, "ds:CanonicalizationMethod")
        if uri not in FORMS:
            self._problem(_("The signature uses a canonical form that is not accepted."))
            return False
        try:
            value = _base64(self.signature.findtext("ds:SignatureValue", None, NS))
            public.verify(value, canonical_part(info, uri), PKCS1v15(), algorithm)
        except (InvalidSignature, ValueError):
            self._problem(_("The signature value does not match the signed references."))
            return False
        return True

    def _references_valid(self, properties: etree._Element | None) -> bool:
        """Check every digest; give whether that of the document holds."""
        own = {
            element.get("Id"): element
            for element in (self.signature.find("ds:KeyInfo", NS), properties)
            if element is not None and element.get("Id")
        }
        document = signed_properties = False
        seen: list[str] = []
        for reference in self._signed_info().findall("ds:Reference", NS):
            uri = reference.get("URI", "?")
            seen.append(uri)
            if uri == "":
                document = self._document_holds(reference)
            elif uri[1:] in own:
                element = own[uri[1:]]
                signed_properties |= element is properties
                self._part_holds(reference, element)
            else:
                self._problem(_("The signature covers something unknown: {uri}.", uri=uri))
        if len(seen) != len(set(seen)) or "" not in seen:
            self._problem(_("The signature does not cover the document exactly once."))
        if properties is not None and not signed_properties:
            self._problem(_("The signature does not cover its own properties."))
        return document and seen.count("") == 1

    def _document_holds(self, reference: etree._Element) -> bool:
        transforms = _transforms(reference)
        forms = [t for t in transforms if t != _ENVELOPED] or [INCLUSIVE]
        if _ENVELOPED not in transforms or len(forms) != 1 or forms[0] not in FORMS:
            self._problem(_("The document was signed through transforms that are not accepted."))
            return False
        holds = self._digest_holds(reference, self._without_signature(forms[0]))
        if not holds:
            self._problem(_("The document was changed after it was signed."))
        return holds

    def _part_holds(self, reference: etree._Element, element: etree._Element) -> None:
        forms = _transforms(reference) or [INCLUSIVE]
        if len(forms) != 1 or forms[0] not in FORMS:
            self._problem(_("A part was signed through transforms that are not accepted."))
        elif not self._digest_holds(reference, canonical_part(element, forms[0])):
            name = etree.QName(element).localname
            self._problem(_("{name} was changed after it was signed.", name=name))

    def _without_signature(self, form: str) -> bytes:
        """Canonicalise the document as if the signature were not there, and leave it as it was."""
        parent = self.signature.getparent()
        if parent is None:  # pragma: no cover - it was found below an extension
            return b""
        index, tail = parent.index(self.signature), self.signature.tail
        before = self.signature.getprevious()
        text = parent.text if before is None else before.tail
        parent.remove(self.signature)
        joined = (text or "") + (tail or "")
        _put_text(parent, before, joined)
        try:
            return canonical_document(self.root, form)
        finally:
            _put_text(parent, before, text)
            self.signature.tail = tail
            parent.insert(index, self.signature)

    def _digest_holds(self, node: etree._Element, data: bytes) -> bool:
        algorithm = _DIGESTS.get(_algorithm(node, "ds:DigestMethod"))
        if algorithm is None:
            self._problem(_("The signature uses a digest that is not accepted."))
            return False
        try:
            stated = _base64(node.findtext("ds:DigestValue", None, NS))
        except ValueError:
            return False
        return hmac.compare_digest(algorithm(data).digest(), stated)

    def _policy(self, properties: etree._Element | None) -> str | None:
        path = (
            _SIGNER + "xades:SignaturePolicyIdentifier/xades:SignaturePolicyId/"
            "xades:SigPolicyId/xades:Identifier"
        )
        policy = first_text(properties, path) if properties is not None else ""
        if not policy.startswith(_POLICIES):
            self._problem(_("The signature does not follow the authority's policy."))
        return policy or None

    def _moment(self, properties: etree._Element | None) -> datetime | None:
        text = (
            first_text(properties, _SIGNER + "xades:SigningTime") if properties is not None else ""
        )
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self._problem(_("The signature does not say when it was made, with its zone."))
            return None
        return moment


def _put_text(parent: etree._Element, before: etree._Element | None, text: str | None) -> None:
    if before is None:
        parent.text = text
    else:
        before.tail = text


def _transforms(reference: etree._Element) -> list[str]:
    return [t.get("Algorithm", "") for t in reference.findall("ds:Transforms/ds:Transform", NS)]


def _algorithm(element: etree._Element, path: str) -> str:
    found = element.find(path, NS)
    return "" if found is None else found.get("Algorithm", "")


def _base64(text: str | None) -> bytes:
    """Decode what may be broken over lines; ValueError for anything else."""
    return b64decode("".join((text or "").split()), validate=True)

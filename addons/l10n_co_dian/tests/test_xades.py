"""Signatures: accepted by a stranger's program, refused after any change."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from addons.l10n_co_dian.certificates import SigningIdentity
from addons.l10n_co_dian.errors import SigningError, UnreadableDocumentError
from addons.l10n_co_dian.safe_xml import NS, parse
from addons.l10n_co_dian.samples import sample_document
from addons.l10n_co_dian.ubl import build_xml
from addons.l10n_co_dian.xades import sign, verify

Verifier = Callable[[bytes], bool]
WHEN = datetime(2026, 11, 21, 14, 0, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return build_xml(sample_document("20", lines=3))


@pytest.fixture(scope="module")
def ticket(unsigned: bytes, bakery: SigningIdentity) -> bytes:
    return sign(unsigned, bakery.key, bakery.chain, WHEN)


def test_a_signed_ticket_is_valid_for_us_and_for_xmlsec1(
    ticket: bytes, bakery: SigningIdentity, xmlsec1: Verifier
) -> None:
    report = verify(ticket, bakery.chain[1:])
    assert report.problems == ()
    assert (report.present, report.valid, report.digest_valid, report.value_valid) == (True,) * 4
    assert report.signer == "Panadería La Guadua S.A.S."
    assert report.role == "supplier"
    assert report.signing_time == WHEN
    assert report.policy is not None
    assert report.policy.endswith("/v2/politicadefirmav2.pdf")
    assert xmlsec1(ticket)


def test_the_signature_stands_in_the_last_extension_as_the_annex_shows(ticket: bytes) -> None:
    root = parse(ticket)
    slots = root.findall("ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent", NS)
    signature = slots[-1].find("ds:Signature", NS)
    assert signature is not None
    references = signature.findall("ds:SignedInfo/ds:Reference", NS)
    identity = signature.get("Id")
    assert [r.get("URI") for r in references] == [
        "",
        f"#{identity}-keyinfo",
        f"#{identity}-signedprops",
    ]
    assert len(signature.findall(".//xades:SigningCertificate/xades:Cert", NS)) == 3
    assert len(signature.findall("ds:KeyInfo//ds:X509Certificate", NS)) == 1
    assert signature.findtext(".//xades:SigningTime", None, NS) == "2026-11-21T09:00:07.000-05:00"


def test_signing_twice_gives_the_same_bytes(
    unsigned: bytes, ticket: bytes, bakery: SigningIdentity
) -> None:
    assert sign(unsigned, bakery.key, bakery.chain, WHEN) == ticket


def test_a_technology_provider_signs_as_third_party(
    unsigned: bytes, bakery: SigningIdentity, xmlsec1: Verifier
) -> None:
    signed = sign(unsigned, bakery.key, bakery.chain[:1], WHEN, role="third party")
    assert verify(signed, bakery.chain).role == "third party"
    assert xmlsec1(signed)


CHANGES = [
    ("an amount", rb">23800.00<|>71400.00<", b">1.00<"),
    ("the number", rb"<cbc:ID>EPOS990000123<", b"<cbc:ID>EPOS990000124<"),
    ("the till", rb">CAJA-01<", b">CAJA-02<"),
    ("a space", rb"<cbc:UBLVersionID>UBL 2.1<", b"<cbc:UBLVersionID> UBL 2.1<"),
    ("the role", rb">supplier<", b">third party<"),
    ("the signing time", rb">2026-11-21T09:00:07", b">2026-11-21T09:00:08"),
    ("the policy", rb"politicadefirmav2.pdf<", b"politicadefirmav3.pdf<"),
    ("the policy digest", rb"dMoMvtcG5aIz", b"dMoMvtcG5aIa"),
    ("the certificate's issuer", rb"Subordinada de prueba", b"Otra de prueba"),
    ("the policy's description", "Política de firma".encode(), b"Politica de firma"),
    ("a reference", rb"<ds:DigestValue>(.)", b"<ds:DigestValue>_"),
    ("the KeyInfo", rb"<ds:X509Data>", b"<ds:X509Data> "),
    ("the method", rb"xmldsig-more#rsa-sha256", b"xmldsig-more#rsa-sha512"),
    ("the weak method", rb"2001/04/xmldsig-more#rsa-sha256", b"2000/09/xmldsig#rsa-sha1"),
    ("the canonical form", rb"REC-xml-c14n-20010315", b"REC-xml-c14n-20019999"),
    ("the digest method", rb"2001/04/xmlenc#sha256", b"2000/09/xmldsig#sha1"),
    ("the transform", rb"xmldsig#enveloped-signature", b"xmldsig#base64"),
    ("the covered part", rb'URI="#xmldsig-\w+-keyinfo"', b'URI="#elsewhere"'),
    ("the document's reference", rb'-ref0" URI=""', b'-ref0" URI="#elsewhere"'),
    ("the signed time format", rb"T09:00:07.000-05:00<", b"T09:00:07.000<"),
]


@pytest.mark.parametrize(("_what", "old", "new"), CHANGES, ids=[c[0] for c in CHANGES])
def test_a_changed_part_is_refused(
    _what: str, old: bytes, new: bytes, ticket: bytes, xmlsec1: Verifier
) -> None:
    changed, count = re.subn(old, new.replace(b"_", b"A"), ticket, count=1)
    if changed == ticket:
        changed = re.sub(old, new.replace(b"_", b"B"), ticket, count=1)
    assert count == 1
    assert changed != ticket
    report = verify(changed)
    assert report.present
    assert not report.valid
    assert report.problems
    assert not xmlsec1(changed)


def test_a_changed_document_is_told_from_a_changed_signature(ticket: bytes) -> None:
    body = verify(ticket.replace(b">CAJA-01<", b">CAJA-02<"))
    assert (body.digest_valid, body.value_valid, body.valid) == (False, True, False)
    role = verify(ticket.replace(b">supplier<", b">third party<"))
    assert (role.digest_valid, role.value_valid, role.valid) == (True, True, False)


def test_the_value_of_another_signature_is_refused(
    unsigned: bytes, ticket: bytes, bakery: SigningIdentity
) -> None:
    later = sign(unsigned, bakery.key, bakery.chain, WHEN + timedelta(seconds=1))
    value = re.compile(rb"(<ds:SignatureValue[^>]*>)[^<]+")
    foreign = value.search(later)
    assert foreign is not None
    changed = value.sub(foreign.group(), ticket)
    report = verify(changed)
    assert not report.value_valid
    assert not report.valid


def test_a_stranger_with_the_same_names_is_not_trusted(
    unsigned: bytes, bakery: SigningIdentity, stranger: SigningIdentity
) -> None:
    forged = sign(unsigned, stranger.key, stranger.chain, WHEN)
    assert verify(forged).valid
    assert not verify(forged, bakery.chain[1:]).valid
    assert not verify(forged, []).valid


def test_a_stranger_cannot_put_his_certificate_in_our_signature(
    ticket: bytes, stranger: SigningIdentity
) -> None:
    der = b64encode(stranger.chain[0].public_bytes(Encoding.DER))
    changed = re.sub(rb"(<ds:X509Certificate>)[^<]+", rb"\g<1>" + der, ticket)
    report = verify(changed)
    assert not report.valid
    assert not report.value_valid


def test_the_chain_must_be_valid_when_it_was_signed(ticket: bytes, bakery: SigningIdentity) -> None:
    aged = ticket.replace(b"2026-11-21T09:00:07", b"2029-11-21T09:00:07")
    problems = verify(aged, bakery.chain[1:]).problems
    assert any("trusted" in problem for problem in problems)


def test_a_second_signature_is_refused(ticket: bytes) -> None:
    root = parse(ticket)
    signature = next(root.iter("{*}Signature"))
    copied = parse(etree.tostring(signature, with_tail=False))
    root.append(copied)
    report = verify(etree.tostring(root))
    assert report.present
    assert not report.valid


def test_a_signature_outside_the_extensions_is_refused(ticket: bytes) -> None:
    root = parse(ticket)
    root.append(next(root.iter("{*}Signature")))
    assert not verify(etree.tostring(root)).valid


def test_a_second_set_of_signed_properties_changes_nothing(ticket: bytes) -> None:
    fake = (
        b'<ds:Object><xades:QualifyingProperties xmlns:xades="http://uri.etsi.org/01903/v1.3.2#">'
        b"<xades:SignedProperties><xades:SignedSignatureProperties><xades:SigningTime>"
        b"2000-01-01T00:00:00-05:00</xades:SigningTime></xades:SignedSignatureProperties>"
        b"</xades:SignedProperties></xades:QualifyingProperties></ds:Object>"
    )
    before = ticket.replace(b"<ds:Object>", fake + b"<ds:Object>", 1)
    assert not verify(before).valid
    after = ticket.replace(b"</ds:Signature>", fake + b"</ds:Signature>")
    assert verify(after).signing_time == WHEN


def test_a_document_without_signature_says_so(unsigned: bytes) -> None:
    report = verify(unsigned)
    assert not report.present
    assert not report.valid
    assert report.problems


def test_comments_added_later_do_not_break_the_signature(ticket: bytes, xmlsec1: Verifier) -> None:
    commented = ticket.replace(b"<cbc:UBLVersionID>", b"<!-- seen --><cbc:UBLVersionID>")
    assert verify(commented).valid
    assert xmlsec1(commented)


def test_the_official_signed_samples_verify_and_the_edited_do_not(
    example: Callable[[str], bytes],
) -> None:
    for name in ("signed-invoice-2019.xml", "signed-creditnote-2019.xml", "CreditNote.xml"):
        report = verify(example(name))
        assert report.valid, (name, report.problems)
    for name in ("Generica.xml", "ConsumidorFinal.xml", "Combustible.xml", "Servicios.xml"):
        report = verify(example(name))
        assert (report.value_valid, report.digest_valid, report.valid) == (True, False, False)


def test_other_prefixes_and_namespaces_are_signed_as_well(
    bakery: SigningIdentity, xmlsec1: Verifier
) -> None:
    odd = (
        b'<?xml version="1.0"?>\n<!-- first --><?who knows?>\n'
        b'<a:R xmlns:a="urn:a" xmlns:ds="urn:other" xmlns="urn:default" '
        b'xmlns:e="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2">'
        b"<e:UBLExtensions><e:UBLExtension><e:ExtensionContent>  </e:ExtensionContent>"
        b"</e:UBLExtension></e:UBLExtensions><ds:x b='&#13;&#10;\t &lt;'>a&#13;b<![CDATA[<&]]>"
        b"</ds:x><plain/></a:R>"
    )
    signed = sign(odd, bakery.key, bakery.chain, WHEN)
    assert verify(signed, bakery.chain).valid
    assert xmlsec1(signed)


def test_a_document_without_canonical_form_is_neither_signed_nor_valid(
    unsigned: bytes, ticket: bytes, bakery: SigningIdentity
) -> None:
    with pytest.raises(UnreadableDocumentError):
        sign(_relative(unsigned), bakery.key, bakery.chain, WHEN)
    report = verify(_relative(ticket))
    assert report.present
    assert not report.valid


def _relative(xml: bytes) -> bytes:
    return xml.replace(b"<Invoice ", b'<Invoice xmlns:r="relative" ')


def test_what_cannot_be_signed_is_refused(
    unsigned: bytes, ticket: bytes, bakery: SigningIdentity, stranger: SigningIdentity
) -> None:
    key, chain = bakery.key, bakery.chain
    for arguments in (
        (ticket, key, chain, WHEN, "supplier"),
        (b"<a/>", key, chain, WHEN, "supplier"),
        (unsigned, key, chain, WHEN, "owner"),
        (unsigned, key, chain, WHEN.replace(tzinfo=None), "supplier"),
        (unsigned, key, (), WHEN, "supplier"),
        (unsigned, stranger.key, chain, WHEN, "supplier"),
        (unsigned, key, chain, WHEN + timedelta(days=3000), "supplier"),
        (unsigned, key, chain, WHEN - timedelta(days=3), "supplier"),
    ):
        with pytest.raises(SigningError):
            sign(*arguments)
    with pytest.raises(UnreadableDocumentError):
        sign(b"not xml", key, chain, WHEN)


def test_a_short_key_is_refused(unsigned: bytes, bakery: SigningIdentity) -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    with pytest.raises(SigningError):
        sign(unsigned, short, bakery.chain, WHEN)

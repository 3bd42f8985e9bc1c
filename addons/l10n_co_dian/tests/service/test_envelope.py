"""Signed requests: what is written, and what a receiver refuses."""

from __future__ import annotations

import re
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from addons.l10n_co_dian.certificates import SigningIdentity, make_test_chain
from addons.l10n_co_dian.soap.envelope import (
    DS,
    EXC_C14N,
    WSSE,
    WSU,
    Signer,
    TokenReference,
    build_request,
    thumbprint,
)
from addons.l10n_co_dian.soap.errors import SecurityFaultError
from addons.l10n_co_dian.soap.operations import OPERATIONS, SOAP, WCF, WSA
from addons.l10n_co_dian.soap.security import (
    Request,
    declares_where_it_should,
    verify_request,
)
from addons.l10n_co_dian.tests.service.conftest import NOW

TO = "https://vpfe-hab.dian.gov.co/WcfDianCustomerServices.svc"
NS = {"s": SOAP, "wsa": WSA, "wsse": WSSE, "wsu": WSU, "ds": DS, "ec": EXC_C14N}


@pytest.fixture
def request_of(shop: SigningIdentity) -> Callable[..., bytes]:
    def build(**choices: object) -> bytes:
        signer = Signer(shop.key, shop.chain[0], **choices)  # type: ignore[arg-type]
        arguments = {"trackId": "abc & <def>"}
        return build_request(OPERATIONS["GetStatus"], arguments, to=TO, signer=signer, now=NOW)

    return build


@pytest.fixture
def read(shop: SigningIdentity) -> Callable[[bytes], Request]:
    return lambda raw: verify_request(raw, now=NOW, trusted=shop.chain[1:], to=TO)


FORMS = [
    {},
    {"signs_timestamp": True},
    {"reference": TokenReference.THUMBPRINT},
    {"reference": TokenReference.THUMBPRINT, "signs_timestamp": True},
]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_signed_is_read_back(
    form: dict[str, object], request_of: Callable[..., bytes], read: Callable[[bytes], Request]
) -> None:
    request = read(request_of(**form))
    assert request.operation.name == "GetStatus"
    assert request.arguments == {"trackId": "abc & <def>"}
    assert request.message_id.startswith("urn:uuid:")


@pytest.mark.services
@pytest.mark.parametrize("form", FORMS)
def test_an_independent_program_verifies_the_signature(
    form: dict[str, object],
    request_of: Callable[..., bytes],
    shop: SigningIdentity,
    tmp_path: Path,
) -> None:
    program = shutil.which("xmlsec1")
    if program is None:
        pytest.skip("xmlsec1 is not installed")
    public = tmp_path / "key.pem"
    public.write_bytes(shop.chain[0].public_bytes(Encoding.PEM))
    message = tmp_path / "message.xml"

    def verifies(raw: bytes) -> bool:
        message.write_bytes(raw)
        names = [f"{WSA}:To", f"{WSU}:Timestamp"]
        command = [program, "--verify", "--pubkey-cert-pem", str(public)]
        command += [part for name in names for part in ("--id-attr:Id", name)]
        done = subprocess.run([*command, str(message)], capture_output=True, check=False)
        return done.returncode == 0

    raw = request_of(**form)
    assert verifies(raw)
    assert not verifies(raw.replace(b"vpfe-hab", b"vpfe-bah", 1))


def test_the_header_stands_in_the_order_that_the_service_takes(
    request_of: Callable[..., bytes],
) -> None:
    envelope = etree.fromstring(request_of())
    security = envelope.find("s:Header/wsse:Security", NS)
    assert security is not None
    names = [etree.QName(child).localname for child in security]
    assert names == ["Timestamp", "BinarySecurityToken", "Signature"]
    listed = [e.get("PrefixList") for e in security.iter(f"{{{EXC_C14N}}}InclusiveNamespaces")]
    assert listed == ["wsa soap wcf", "soap wcf"]
    references = security.findall(".//ds:Reference", NS)
    assert len(references) == 1


def test_the_time_stamp_lasts_five_minutes(request_of: Callable[..., bytes]) -> None:
    envelope = etree.fromstring(request_of())
    stamp = ".//wsu:Timestamp/wsu:"
    assert envelope.findtext(stamp + "Created", None, NS) == "2026-11-21T14:00:05.000Z"
    assert envelope.findtext(stamp + "Expires", None, NS) == "2026-11-21T14:05:05.000Z"


def test_every_tag_with_an_id_declares_its_namespace_itself(
    request_of: Callable[..., bytes],
) -> None:
    raw = request_of()
    assert raw.count(b"wsu:Id=") == 4
    assert declares_where_it_should(raw)
    declared = f' xmlns:wsu="{WSU}"'.encode()
    elsewhere = raw.replace(declared, b"").replace(b"<soap:Envelope", b"<soap:Envelope" + declared)
    assert not declares_where_it_should(elsewhere)


def test_the_thumbprint_names_the_certificate(
    request_of: Callable[..., bytes], shop: SigningIdentity
) -> None:
    envelope = etree.fromstring(request_of(reference=TokenReference.THUMBPRINT))
    named = envelope.findtext(".//wsse:KeyIdentifier", None, NS)
    assert named == b64encode(thumbprint(shop.chain[0])).decode()


def test_an_argument_that_is_missing_is_left_out(shop: SigningIdentity) -> None:
    signer = Signer(shop.key, shop.chain[0])
    raw = build_request(
        OPERATIONS["SendTestSetAsync"], {"testSetId": "x"}, to=TO, signer=signer, now=NOW
    )
    (body,) = etree.fromstring(raw).iter(f"{{{WCF}}}SendTestSetAsync")
    assert [etree.QName(field).localname for field in body] == ["testSetId"]


TAMPERINGS: dict[str, Callable[[bytes], bytes]] = {
    "another address": lambda raw: raw.replace(b"vpfe-hab", b"vpfe-bah", 1),
    "another signature value": lambda raw: re.sub(
        rb"<ds:SignatureValue>....", b"<ds:SignatureValue>AAAA", raw
    ),
    "another digest": lambda raw: re.sub(rb"<ds:DigestValue>....", b"<ds:DigestValue>AAAA", raw),
    "no signature": lambda raw: re.sub(rb"<ds:Signature .*</ds:Signature>", b"", raw),
    "no token": lambda raw: re.sub(
        rb"<wsse:BinarySecurityToken.*</wsse:BinarySecurityToken>", b"", raw
    ),
    "a token that is no certificate": lambda raw: re.sub(
        rb"(#Base64Binary\"[^>]*>)MII[^<]*", rb"\1AAAA", raw
    ),
    "another token named": lambda raw: raw.replace(b'URI="#X509-', b'URI="#X509-0'),
    "a weak signature method": lambda raw: raw.replace(
        b"2001/04/xmldsig-more#rsa-sha256", b"2000/09/xmldsig#rsa-sha1"
    ),
    "inclusive canonical form": lambda raw: raw.replace(
        b"http://www.w3.org/2001/10/xml-exc-c14n#", b"http://www.w3.org/TR/2001/REC-xml-c14n"
    ),
    "two addresses": lambda raw: raw.replace(
        b"</soap:Header>", b"<wsa:To>https://elsewhere.example</wsa:To></soap:Header>"
    ),
    "the signed address moved aside": lambda raw: re.sub(
        rb"(<wsa:To .*</wsa:To>)</soap:Header>",
        rb"<wsa:To>" + TO.encode() + rb"</wsa:To><other>\1</other></soap:Header>",
        raw,
    ),
    "two elements of one id": lambda raw: raw.replace(
        b"<soap:Body>", b"<soap:Body>" + _second_id(raw)
    ),
    "no time stamp": lambda raw: re.sub(rb"<wsu:Timestamp.*</wsu:Timestamp>", b"", raw),
    "an unreadable time stamp": lambda raw: re.sub(
        rb"<wsu:Created>[^<]*", b"<wsu:Created>noon", raw
    ),
    "another action": lambda raw: raw.replace(b"Services/GetStatus", b"Services/SendBillSync"),
    "an unknown operation": lambda raw: raw.replace(b"GetStatus", b"DropTables"),
    "a document type": lambda raw: b"<!DOCTYPE x [<!ENTITY e 'x'>]>" + raw,
    "half a message": lambda raw: raw[: len(raw) // 2],
}


def _second_id(raw: bytes) -> bytes:
    found = re.search(rb'wsu:Id="(id-[^"]*)"', raw)
    assert found
    return b'<x xmlns:wsu="' + WSU.encode() + b'" wsu:Id="' + found[1] + b'"/>'


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_message_that_was_tampered_with_is_refused(
    name: str, request_of: Callable[..., bytes], read: Callable[[bytes], Request]
) -> None:
    raw = request_of()
    tampered = TAMPERINGS[name](raw)
    assert tampered != raw
    with pytest.raises(SecurityFaultError):
        read(tampered)


def test_a_signed_time_stamp_cannot_be_prolonged(
    request_of: Callable[..., bytes], read: Callable[[bytes], Request]
) -> None:
    prolonged = request_of(signs_timestamp=True).replace(b"14:05:05", b"14:06:05")
    with pytest.raises(SecurityFaultError, match="changed"):
        read(prolonged)


def test_a_message_is_good_for_its_time_and_the_skew_only(
    request_of: Callable[..., bytes], shop: SigningIdentity
) -> None:
    raw = request_of()
    for minutes, accepted in ((-6, False), (-4, True), (0, True), (9, True), (11, False)):
        now = NOW + timedelta(minutes=minutes)
        if accepted:
            verify_request(raw, now=now, trusted=shop.chain[1:], to=TO)
        else:
            with pytest.raises(SecurityFaultError, match="time"):
                verify_request(raw, now=now, trusted=shop.chain[1:], to=TO)


def test_a_stranger_with_the_same_name_is_refused(
    shop: SigningIdentity, impostor: SigningIdentity
) -> None:
    signer = Signer(impostor.key, impostor.chain[0])
    raw = build_request(OPERATIONS["GetStatus"], {}, to=TO, signer=signer, now=NOW)
    with pytest.raises(SecurityFaultError, match="trusted"):
        verify_request(raw, now=NOW, trusted=shop.chain[1:], to=TO)


def test_a_key_that_is_not_the_certificates_is_refused(
    shop: SigningIdentity, impostor: SigningIdentity
) -> None:
    signer = Signer(impostor.key, shop.chain[0])
    raw = build_request(OPERATIONS["GetStatus"], {}, to=TO, signer=signer, now=NOW)
    with pytest.raises(SecurityFaultError, match="verify"):
        verify_request(raw, now=NOW, trusted=shop.chain[1:], to=TO)


def test_an_expired_certificate_is_refused() -> None:
    old = make_test_chain("Panadería", "900123456", NOW - timedelta(days=800))
    raw = build_request(
        OPERATIONS["GetStatus"], {}, to=TO, signer=Signer(old.key, old.chain[0]), now=NOW
    )
    with pytest.raises(SecurityFaultError, match="not valid at this time"):
        verify_request(raw, now=NOW, trusted=old.chain[1:], to=TO)

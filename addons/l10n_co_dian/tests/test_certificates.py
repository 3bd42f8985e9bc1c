"""Signing certificates: read, ordered, judged."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from addons.l10n_co_dian.certificates import (
    SigningIdentity,
    chain_holds,
    check_certificate,
    common_name,
    load_p12,
    load_pem,
    order_chain,
)
from addons.l10n_co_dian.errors import CertificateError

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)


def p12(identity: SigningIdentity, password: bytes = b"clave") -> bytes:
    others = list(identity.chain[1:])
    random.Random(7).shuffle(others)
    return pkcs12.serialize_key_and_certificates(
        b"x", identity.key, identity.chain[0], others, BestAvailableEncryption(password)
    )


def test_a_p12_gives_its_key_and_its_chain_in_order(bakery: SigningIdentity) -> None:
    loaded = load_p12(p12(bakery), "clave")
    assert loaded.chain == bakery.chain
    assert loaded.key.private_numbers() == bakery.key.private_numbers()
    assert "Panadería" in repr(loaded)


def test_pem_text_gives_the_same_in_any_order(bakery: SigningIdentity) -> None:
    key = bakery.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    bundle = b"".join(c.public_bytes(Encoding.PEM) for c in reversed(bakery.chain))
    assert load_pem(key, bundle).chain == bakery.chain


def test_a_wrong_password_and_a_file_of_something_else_are_refused(
    bakery: SigningIdentity,
) -> None:
    with pytest.raises(CertificateError):
        load_p12(p12(bakery), "otra")
    with pytest.raises(CertificateError):
        load_p12(b"not a certificate", "clave")
    with pytest.raises(CertificateError):
        load_pem(b"not a key", bakery.chain[0].public_bytes(Encoding.PEM))


def test_a_key_of_somebody_else_is_refused(
    bakery: SigningIdentity, stranger: SigningIdentity
) -> None:
    key = stranger.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(CertificateError):
        load_pem(key, bakery.chain[0].public_bytes(Encoding.PEM))


def test_a_key_that_is_not_rsa_is_refused(bakery: SigningIdentity) -> None:
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    with pytest.raises(CertificateError):
        load_pem(key, bakery.chain[0].public_bytes(Encoding.PEM))


def test_strangers_are_left_out_of_the_chain(
    bakery: SigningIdentity, stranger: SigningIdentity
) -> None:
    mixed = [*stranger.chain, *reversed(bakery.chain)]
    assert order_chain(bakery.chain[0], mixed) == bakery.chain
    assert order_chain(bakery.chain[0], stranger.chain) == bakery.chain[:1]


def test_a_good_certificate_may_sign(bakery: SigningIdentity) -> None:
    report = check_certificate(bakery.chain, bakery.key, NOW)
    assert report.usable
    assert report.warnings == ()


@pytest.mark.parametrize(
    ("days", "usable", "warned"),
    [(-2, False, False), (0, True, False), (715, True, True), (731, False, False)],
)
def test_the_dates_are_watched(
    days: int, usable: bool, warned: bool, bakery: SigningIdentity
) -> None:
    report = check_certificate(bakery.chain, bakery.key, NOW + timedelta(days=days))
    assert report.usable is usable
    assert bool(report.warnings) is warned


def test_another_key_or_an_authority_may_not_sign(
    bakery: SigningIdentity, stranger: SigningIdentity
) -> None:
    assert not check_certificate(bakery.chain, stranger.key, NOW).usable
    assert not check_certificate(bakery.chain[1:], None, NOW).usable


def test_a_missing_issuer_is_announced(bakery: SigningIdentity) -> None:
    report = check_certificate(bakery.chain[:1], bakery.key, NOW)
    assert report.usable
    assert report.warnings


def homemade(size: int) -> SigningIdentity:
    key = rsa.generate_private_key(public_exponent=65537, key_size=size)
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Sin nombre")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=100))
        .sign(key, hashes.SHA256())
    )
    return SigningIdentity(key, (certificate,))


def test_a_short_key_without_purpose_may_not_sign() -> None:
    identity = homemade(1024)
    assert len(check_certificate(identity.chain, identity.key, NOW).problems) == 2
    assert common_name(identity.chain[0]) == "O=Sin nombre"


def test_a_chain_holds_only_to_a_trusted_entity_and_in_time(
    bakery: SigningIdentity, stranger: SigningIdentity
) -> None:
    leaf, sub, root = bakery.chain
    assert chain_holds(leaf, [], [sub], NOW)
    assert chain_holds(leaf, [sub], [root], NOW)
    assert chain_holds(leaf, [], [leaf], NOW)
    assert not chain_holds(leaf, [], [root], NOW)
    assert not chain_holds(leaf, [sub, root], [], NOW)
    assert not chain_holds(leaf, [sub], [stranger.chain[2]], NOW)
    assert not chain_holds(leaf, [sub], [root], NOW + timedelta(days=731))


def test_who_is_no_authority_cannot_vouch() -> None:
    identity = homemade(2048)
    assert not chain_holds(homemade(2048).chain[0], list(identity.chain), identity.chain, NOW)

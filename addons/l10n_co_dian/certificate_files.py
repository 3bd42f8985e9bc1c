"""Certificates as people load them: a .p12 with its password, or key and chain as PEM."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from addons.edi.services import CertificateFile, ReadCertificate
from addons.l10n_co_dian.certificates import (
    TEST_ENTITY,
    SigningIdentity,
    chain_holds,
    check_certificate,
    common_name,
    load_p12,
    load_pem,
)
from addons.l10n_co_dian.errors import CertificateError
from core.i18n import _

_PEM: Final = b"-----BEGIN "


def read_certificate(given: CertificateFile, now: datetime) -> ReadCertificate:
    """Read what was loaded; refuse a certificate that may not sign documents at ``now``."""
    identity = _identity(given)
    report = check_certificate(identity.chain, identity.key, now)
    if not report.usable:
        raise CertificateError(
            _("This certificate cannot sign documents: {why}", why=" ".join(report.problems))
        )
    leaf = identity.chain[0]
    chain = b"".join(found.public_bytes(Encoding.PEM) for found in identity.chain)
    return ReadCertificate(
        subject=common_name(leaf),
        serial=format(leaf.serial_number, "x"),
        valid_from=leaf.not_valid_before_utc,
        valid_to=leaf.not_valid_after_utc,
        chain=chain.decode("ascii"),
        is_test=is_test_chain(identity.chain, now),
        key=identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )


def is_test_chain(chain: tuple[x509.Certificate, ...], now: datetime) -> bool:
    """Tell whether a chain ends in a root that our own program made for practising."""
    root = chain[-1]
    names = root.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    entity = str(names[0].value) if names else ""
    return entity == TEST_ENTITY and chain_holds(chain[0], chain, [root], now)


def _identity(given: CertificateFile) -> SigningIdentity:
    if _PEM in given.content:
        return load_pem(given.content, given.content, given.password or None)
    return load_p12(given.content, given.password)

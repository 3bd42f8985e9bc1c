"""Signing certificates: reading them, putting their chain in order, and making test ones.

The annex (FE 1.9, chapter 9) wants an RSA key of at least 2048 bits from an entity accredited by
ONAC, for digital signature and non-repudiation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12
from cryptography.x509.oid import NameOID

from addons.l10n_co_dian.errors import CertificateError
from core.i18n import LazyText, _

MIN_RSA_BITS: Final = 2048
MAX_CHAIN: Final = 6
#: Who issues the certificates for practising; no entity of that name is accredited.
TEST_ENTITY: Final = "Entidad de prueba"
_SOON: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SigningIdentity:
    """A private key and its chain, the signer's own certificate first."""

    key: rsa.RSAPrivateKey
    chain: tuple[x509.Certificate, ...]

    def __repr__(self) -> str:
        return f"SigningIdentity({common_name(self.chain[0])!r})"


@dataclass(frozen=True, slots=True)
class CertificateReport:
    """Whether a certificate may sign at a moment: ``problems`` forbid, ``warnings`` announce."""

    problems: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def usable(self) -> bool:
        """Say whether nothing forbids signing."""
        return not self.problems


def load_p12(data: bytes, password: str) -> SigningIdentity:
    """Read a .p12 or .pfx file; refuse a wrong password, a missing key or one that is not RSA."""
    try:
        key, own, others = pkcs12.load_key_and_certificates(data, password.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CertificateError(
            _("The certificate file cannot be opened. Check the file and its password.")
        ) from error
    if own is None:
        raise CertificateError(_("The file has no certificate."))
    return _identity(key, [own, *others])


def load_pem(key: bytes, certificates: bytes, password: str | None = None) -> SigningIdentity:
    """Read a private key and the certificates of its chain, in any order, as PEM text."""
    try:
        private = load_pem_private_key(key, password.encode() if password else None)
        found = x509.load_pem_x509_certificates(certificates)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CertificateError(
            _("The certificate file cannot be opened. Check the file and its password.")
        ) from error
    return _identity(private, found)


def _identity(key: object, certificates: list[x509.Certificate]) -> SigningIdentity:
    if not isinstance(key, rsa.RSAPrivateKey):
        raise CertificateError(_("The file has no RSA private key."))
    numbers = key.public_key().public_numbers()
    own = [c for c in certificates if _public_numbers(c) == numbers]
    if not own:
        raise CertificateError(_("The private key does not belong to the certificate."))
    return SigningIdentity(key, order_chain(own[0], certificates))


def order_chain(
    leaf: x509.Certificate, others: Iterable[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """Put ``leaf`` first and each issuer after what it issued; leave strangers out."""
    pool = list(others)
    chain = [leaf]
    while len(chain) < MAX_CHAIN and not _issued(chain[-1], chain[-1]):
        issuer = next((c for c in pool if c not in chain and _issued(c, chain[-1])), None)
        if issuer is None:
            break
        chain.append(issuer)
    return tuple(chain)


def check_certificate(
    chain: Sequence[x509.Certificate], key: rsa.RSAPrivateKey | None, now: datetime
) -> CertificateReport:
    """Say whether the first certificate of ``chain`` may sign documents at ``now``.

    Warns 30 days before it expires and where the issuer is not in the chain.
    """
    leaf = chain[0]
    problems: list[LazyText] = []
    warnings: list[LazyText] = []
    numbers = _public_numbers(leaf)
    public = leaf.public_key()
    if numbers is None or not isinstance(public, rsa.RSAPublicKey):
        problems.append(_("The certificate has no RSA key."))
    elif public.key_size < MIN_RSA_BITS:
        problems.append(_("The certificate needs an RSA key of at least 2048 bits."))
    if key is not None and key.public_key().public_numbers() != numbers:
        problems.append(_("The private key does not belong to the certificate."))
    if now < leaf.not_valid_before_utc:
        start = leaf.not_valid_before_utc.date()
        problems.append(_("The certificate is not valid before {day}.", day=start))
    elif now > leaf.not_valid_after_utc:
        end = leaf.not_valid_after_utc.date()
        problems.append(_("The certificate expired on {day}.", day=end))
    elif now > leaf.not_valid_after_utc - _SOON:
        end = leaf.not_valid_after_utc.date()
        warnings.append(_("The certificate expires on {day}; ask for the next one.", day=end))
    if not _may_sign(leaf):
        problems.append(_("The certificate is not meant for signatures that cannot be denied."))
    if len(chain) == 1 and not _issued(leaf, leaf):
        warnings.append(_("The certificates of the issuing entity are missing."))
    return CertificateReport(tuple(map(str, problems)), tuple(map(str, warnings)))


def chain_holds(
    leaf: x509.Certificate,
    enclosed: Sequence[x509.Certificate],
    trusted: Sequence[x509.Certificate],
    moment: datetime,
) -> bool:
    """Say whether ``leaf`` leads to one of ``trusted`` and everything was valid at ``moment``."""
    current = leaf
    for _step in range(MAX_CHAIN):
        if not current.not_valid_before_utc <= moment <= current.not_valid_after_utc:
            return False
        if current in trusted:
            return True
        above = [*trusted, *enclosed]
        issuer = next((c for c in above if _is_authority(c) and _issued(c, current)), None)
        if issuer is None or issuer == current:
            return False
        current = issuer
    return False


def common_name(certificate: x509.Certificate) -> str:
    """Name the owner of a certificate: its common name, or the whole subject without one."""
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else certificate.subject.rfc4514_string()


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return usage.digital_signature and usage.content_commitment


def _public_numbers(certificate: x509.Certificate) -> rsa.RSAPublicNumbers | None:
    public = certificate.public_key()
    return public.public_numbers() if isinstance(public, rsa.RSAPublicKey) else None


def make_test_chain(common_name: str, nit: str, now: datetime) -> SigningIdentity:
    """Make a key with a root, a subordinate and an own certificate, valid two years from ``now``.

    For demonstrations and tests: no entity vouches for it and the authority refuses it.
    """
    root = _test_certificate("Raíz de prueba", now, authority=1)
    sub = _test_certificate("Subordinada de prueba", now, authority=0, issuer=root)
    leaf = _test_certificate(common_name, now, nit=nit, issuer=sub)
    return SigningIdentity(leaf.key, (leaf.certificate, sub.certificate, root.certificate))


@dataclass(frozen=True, slots=True)
class _TestCertificate:
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate


def _test_certificate(
    name: str,
    now: datetime,
    *,
    authority: int | None = None,
    nit: str = "",
    issuer: _TestCertificate | None = None,
) -> _TestCertificate:
    key = rsa.generate_private_key(public_exponent=65537, key_size=MIN_RSA_BITS)
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CO"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, TEST_ENTITY),
        x509.NameAttribute(NameOID.COMMON_NAME, name[:64]),
    ]
    if nit:
        attributes.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, nit))
    subject = x509.Name(attributes)
    signing_key = issuer.key if issuer else key
    is_authority = authority is not None
    usage = x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=730))
        .add_extension(x509.BasicConstraints(is_authority, authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), False
        )
        .add_extension(usage, critical=True)
        .sign(signing_key, hashes.SHA256())
    )
    return _TestCertificate(key, certificate)

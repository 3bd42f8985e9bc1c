"""How bytes are sealed: AES-256-GCM, bound to their place, alone or behind a public key."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_bytes
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.i18n import _
from core.vault.errors import NotSeparatedError, VaultError
from core.vault.secret import Place, Secret

#: First byte of every ciphertext: which format it is.
_FORMAT: Final = b"\x01"
_NONCE: Final = 12
_TAG: Final = 16
_PUBLIC: Final = 32
_RAW: Final = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def encrypt(key: Secret, plain: bytes, context: bytes) -> bytes:
    """Seal ``plain`` under a 32-byte key; opens only with the same ``context``."""
    nonce = token_bytes(_NONCE)
    return _FORMAT + nonce + AESGCM(key.reveal()).encrypt(nonce, plain, _FORMAT + context)


def decrypt(key: Secret, sealed: bytes, context: bytes) -> Secret:
    """Open what ``encrypt`` made; raise ``VaultError`` if a single bit differs."""
    if len(sealed) < 1 + _NONCE + _TAG or sealed[:1] != _FORMAT:
        raise refusal()
    nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        return Secret(AESGCM(key.reveal()).decrypt(nonce, body, _FORMAT + context))
    except InvalidTag:
        raise refusal() from None


def refusal() -> VaultError:
    """Make the one refusal: it does not tell what was wrong."""
    return VaultError(_("A stored secret cannot be opened. Tell whoever runs the system."))


class SigningVault:
    """Seals with a public key; opens only where the private half is, which is in the worker.

    A sealed box: an ephemeral X25519 key agrees on a secret with the public key, HKDF-SHA256 makes
    the cipher's key of it, bound to both public keys and to the place.
    """

    def __init__(
        self, public: Mapping[int, bytes], private: Mapping[int, Secret] | None = None
    ) -> None:
        self._public = dict(public)
        self._private = None if private is None else dict(private)

    def __repr__(self) -> str:
        return f"SigningVault(opens={self.opens})"

    @property
    def opens(self) -> bool:
        """Tell whether this process holds the private half."""
        return self._private is not None

    @property
    def version(self) -> int:
        """Tell which key seals now."""
        return max(self._public)

    def seal(self, place: Place, plain: Secret) -> tuple[int, bytes]:
        """Seal for the worker; give the key's number and the ciphertext."""
        version = self.version
        recipient = self._public[version]
        once = X25519PrivateKey.generate()
        shared = once.exchange(X25519PublicKey.from_public_bytes(recipient))
        mine = once.public_key().public_bytes(*_RAW)
        context = place.context(version)
        key = _agreed(shared, mine + recipient, context)
        return version, mine + encrypt(key, plain.reveal(), context)

    def open(self, place: Place, version: int, sealed: bytes) -> Secret:
        """Open; raise ``NotSeparatedError`` in a process without the private half."""
        if self._private is None:
            raise NotSeparatedError(
                _("Signing keys open only in the worker. Nothing is wrong with the key.")
            )
        private = self._private.get(version)
        if private is None or len(sealed) < _PUBLIC:
            raise refusal()
        mine = X25519PrivateKey.from_private_bytes(private.reveal())
        theirs, body = sealed[:_PUBLIC], sealed[_PUBLIC:]
        try:
            shared = mine.exchange(X25519PublicKey.from_public_bytes(theirs))
        except ValueError:
            # A point of small order: made by hand, never by us.
            raise refusal() from None
        context = place.context(version)
        recipient = mine.public_key().public_bytes(*_RAW)
        return decrypt(_agreed(shared, theirs + recipient, context), body, context)


def _agreed(shared: bytes, keys: bytes, context: bytes) -> Secret:
    derived = HKDF(hashes.SHA256(), 32, salt=keys, info=b"guadua signing vault 1|" + context)
    return Secret(derived.derive(shared))

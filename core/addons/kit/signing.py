"""Keys of those who publish addons, and their signature over an archive's card (RFC 8032)."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import orjson
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from core.addons.errors import AddonRefusedError
from core.i18n import _
from core.platform.files import make_folder, write_durably

#: Goes before what is signed, so that a signature made for something else is none of ours.
_PURPOSE: Final = b"guadua addon archive 1\n"
#: Below the data folder: the public keys that the operator believes.
FOLDER: Final = "addon-keys"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Whom an operator believes, as the 32 bytes of the key."""

    raw: bytes

    @property
    def fingerprint(self) -> str:
        """The first 16 bytes of the key's SHA-256, in groups that people can compare aloud."""
        digest = sha256(self.raw).hexdigest()[:32]
        return ":".join(digest[n : n + 4] for n in range(0, 32, 4))

    def verifies(self, card: bytes, signature: bytes) -> bool:
        """Tell whether the key's owner signed this card."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, _PURPOSE + card)
        except (InvalidSignature, ValueError):
            return False
        return True


def make_key(place: Path) -> PublicKey:
    """Write a new private key to ``place``, readable by its owner only, and its public half beside.

    The public half is ``<place>.pub``. A file that is there is never written over.
    """
    beside = place.with_name(f"{place.name}.pub")
    for path in (place, beside):
        if path.exists():
            raise AddonRefusedError(_("{path} is there already.", path=str(path)))
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    write_durably(place, private)
    write_durably(beside, public, mode=0o644)
    return _public(key.public_key())


def sign(card: bytes, key_file: Path) -> bytes:
    """Sign an archive's card with the private key in ``key_file``."""
    try:
        key = load_pem_private_key(key_file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise AddonRefusedError(
            _("{path} holds no private key that can be read.", path=str(key_file))
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise AddonRefusedError(_("{path} holds no Ed25519 key.", path=str(key_file)))
    signed = {
        "algorithm": "ed25519",
        "key": b64encode(_public(key.public_key()).raw).decode(),
        "signature": b64encode(key.sign(_PURPOSE + card)).decode(),
    }
    return orjson.dumps(signed)


def signer(card: bytes, signature: bytes) -> PublicKey:
    """Give the key that signed ``card``; refuse a signature that is not one."""
    try:
        said = orjson.loads(signature)
        known = said["algorithm"] == "ed25519"
        key, made = PublicKey(b64decode(said["key"])), b64decode(said["signature"])
    except (ValueError, KeyError, TypeError) as error:
        raise AddonRefusedError(_("The archive's signature cannot be read.")) from error
    if not known or not key.verifies(card, made):
        raise AddonRefusedError(
            _("The archive's signature is not right: it was changed. Ask its author for it again.")
        )
    return key


def trust(data_dir: Path, key_file: Path) -> PublicKey:
    """Believe from now on whoever holds the private half of the key in ``key_file``."""
    key = _read(key_file)
    name = key.fingerprint.replace(":", "")
    data_dir.mkdir(parents=True, exist_ok=True)
    make_folder(data_dir / FOLDER, inside=data_dir)
    write_durably(data_dir / FOLDER / f"{name}.pub", key_file.read_bytes(), mode=0o644)
    return key


def trusted(data_dir: Path) -> Iterator[PublicKey]:
    """Give the keys that the operator believes."""
    for path in sorted((data_dir / FOLDER).glob("*.pub")):
        yield _read(path)


def _read(path: Path) -> PublicKey:
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise AddonRefusedError(
            _("{path} holds no public key that can be read.", path=str(path))
        ) from error
    if not isinstance(key, Ed25519PublicKey):
        raise AddonRefusedError(_("{path} holds no Ed25519 key.", path=str(path)))
    return _public(key)


def _public(key: Ed25519PublicKey) -> PublicKey:
    return PublicKey(key.public_bytes(Encoding.Raw, PublicFormat.Raw))

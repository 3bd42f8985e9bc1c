"""The two key files: one that web and worker read, one that only the worker reads.

Lines are ``<number>:<base64>``; the highest number is used for new secrets, the others still open
old ones. The public halves of the signing keys stand beside it in ``<file>.pub``, for the web.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from pathlib import Path
from secrets import token_bytes
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from core.platform.files import can_read, others_can_read, write_durably
from core.vault.errors import KeyFileError
from core.vault.secret import Secret

KEY_LENGTH: Final = 32


def public_path(signing: Path) -> Path:
    """Tell where the public halves of a signing key file are."""
    return signing.with_name(f"{signing.name}.pub")


def create_key_file(path: Path) -> None:
    """Make a key file with a first key, readable by its owner only; an existing one is refused."""
    _refuse_existing(path)
    _write(path, {1: token_bytes(KEY_LENGTH)}, mode=0o400)


def create_signing_file(path: Path) -> None:
    """Make a signing key file and, beside it, the public half that everybody may read."""
    _refuse_existing(path)
    _write_signing(path, {1: token_bytes(KEY_LENGTH)})


def add_key(path: Path) -> int:
    """Put a new key into the key file and give its number; old ones stay until retired."""
    keys = _bytes(path)
    number = max(keys) + 1
    _write(path, {**keys, number: token_bytes(KEY_LENGTH)}, mode=0o400)
    return number


def add_signing_key(path: Path) -> int:
    """Put a new key pair into the signing file and give its number."""
    keys = _bytes(path)
    number = max(keys) + 1
    _write_signing(path, {**keys, number: token_bytes(KEY_LENGTH)})
    return number


def retire_key(path: Path, number: int) -> None:
    """Take a key out of a key file; only when no row in any business uses it any more."""
    _write(path, _without(path, number), mode=0o400)


def retire_signing_key(path: Path, number: int) -> None:
    """Take a key pair out of a signing file, on the same condition."""
    _write_signing(path, _without(path, number))


def read_keys(path: Path) -> dict[int, Secret]:
    """Read a key file; one that other accounts may read is refused."""
    return {number: Secret(key) for number, key in _bytes(path).items()}


def read_public_keys(path: Path) -> dict[int, bytes]:
    """Read the public halves of a signing key file."""
    return _parse(path)


def separation_fault(app: Path, signing: Path) -> str | None:
    """Say "not separated" when this account can read both key files."""
    if app.exists() and signing.exists() and can_read(app) and can_read(signing):
        return "not separated: one account can read the app and the signing key"
    return None


def _without(path: Path, number: int) -> dict[int, bytes]:
    keys = _bytes(path)
    if number not in keys or number == max(keys):
        raise KeyFileError(f"{path.name} holds no old key {number}")
    return {known: key for known, key in keys.items() if known != number}


def _bytes(path: Path) -> dict[int, bytes]:
    try:
        exposed = others_can_read(path)
    except OSError as error:
        raise KeyFileError(f"the key file {path} cannot be read: {error.strerror}") from error
    if exposed:
        raise KeyFileError(f"other accounts can read the key file {path}: chmod 400 it")
    return _parse(path)


def _parse(path: Path) -> dict[int, bytes]:
    keys = {}
    try:
        for line in path.read_text("ascii").split():
            number, _, encoded = line.partition(":")
            keys[int(number)] = b64decode(encoded, validate=True)
    except OSError as error:
        raise KeyFileError(f"the key file {path} cannot be read: {error.strerror}") from error
    except (ValueError, Base64Error) as error:
        # "from None": the error's text could hold part of a key.
        raise KeyFileError(f"{path} is no key file ({type(error).__name__})") from None
    if not keys or any(len(key) != KEY_LENGTH for key in keys.values()):
        raise KeyFileError(f"{path} holds no key of {KEY_LENGTH} bytes")
    return keys


def _write(path: Path, keys: Mapping[int, bytes], *, mode: int) -> None:
    lines = (f"{number}:{b64encode(key).decode()}\n" for number, key in sorted(keys.items()))
    write_durably(path, "".join(lines).encode(), mode=mode)


def _write_signing(path: Path, keys: Mapping[int, bytes]) -> None:
    # The private half first: a public half without it would seal secrets nobody can open.
    _write(path, keys, mode=0o400)
    raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    public = {
        number: X25519PrivateKey.from_private_bytes(key).public_key().public_bytes(*raw)
        for number, key in keys.items()
    }
    _write(public_path(path), public, mode=0o444)


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise KeyFileError(f"{path} exists: a new one would make every secret unreadable")

"""What a vault refuses."""

from __future__ import annotations

from typing import ClassVar

from core.errors import NotFoundError, PlatformError


class VaultError(PlatformError):
    """A secret cannot be opened: it was changed, moved, or sealed for somebody else."""

    code: ClassVar[str] = "vault.refused"
    http_status: ClassVar[int] = 500


class KeyFileError(PlatformError):
    """A key file is missing, unreadable, or open to other accounts."""

    code: ClassVar[str] = "vault.key_file"
    http_status: ClassVar[int] = 500


class NotSeparatedError(VaultError):
    """Signing secrets are only sealed in this process, never opened."""

    code: ClassVar[str] = "vault.sealed_here"


class SecretMissingError(NotFoundError):
    """The record has no such secret."""

    code: ClassVar[str] = "vault.no_secret"


class PassphraseError(PlatformError):
    """The passphrase is wrong, too short, or the export was changed."""

    code: ClassVar[str] = "vault.passphrase"
    http_status: ClassVar[int] = 422

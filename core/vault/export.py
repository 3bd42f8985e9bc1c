"""Takes a business's secrets to another installation, under a passphrase and nothing else."""

from __future__ import annotations

from base64 import b64decode, b64encode
from secrets import token_bytes
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from sqlalchemy import select

from core.i18n import _
from core.vault.ciphers import decrypt, encrypt
from core.vault.errors import PassphraseError, VaultError
from core.vault.models import StoredSecret
from core.vault.secret import Secret
from core.vault.services import Vault, open_row, place_of, put_secret

if TYPE_CHECKING:
    from core.tenancy.session import TenantSession

_MAGIC: Final = b"guadua-secrets-1\n"
_SALT: Final = 16
#: 128 MiB and about half a second for each guess.
_COST: Final = 2**17
SHORTEST_PASSPHRASE: Final = 15


def export_secrets(
    session: TenantSession, vault: Vault, passphrase: Secret, *, signing: bool = False
) -> bytes:
    """Give the business's secrets sealed under ``passphrase``; ``signing`` ones in the worker only.

    Raises ``PassphraseError`` for one shorter than ``SHORTEST_PASSPHRASE`` letters.
    """
    if len(passphrase.reveal_text()) < SHORTEST_PASSPHRASE:
        raise PassphraseError(
            _("Use a passphrase of at least {n} characters.", n=SHORTEST_PASSPHRASE)
        )
    classes = ("app", "signing") if signing else ("app",)
    rows = session.scalars(
        select(StoredSecret).where(StoredSecret.key_class.in_(classes)).order_by(StoredSecret.id)
    )
    document = [
        {
            "kind": row.kind,
            "record_id": str(row.record_id),
            "key_class": row.key_class,
            "secret": b64encode(open_row(session, vault, row).reveal()).decode(),
        }
        for row in rows
    ]
    salt = token_bytes(_SALT)
    sealed = encrypt(_key(passphrase, salt), orjson.dumps(document), _context(session))
    return _MAGIC + salt + sealed


def import_secrets(
    session: TenantSession, vault: Vault, passphrase: Secret, exported: bytes
) -> int:
    """Keep every secret of an export of the same business, sealed anew; give how many.

    Raises ``PassphraseError`` when the passphrase is wrong, the file was changed, or it is another
    business's.
    """
    if not exported.startswith(_MAGIC):
        raise _refused()
    body = exported[len(_MAGIC) :]
    try:
        opened = decrypt(_key(passphrase, body[:_SALT]), body[_SALT:], _context(session))
    except VaultError:
        raise _refused() from None
    document: list[dict[str, Any]] = orjson.loads(opened.reveal())
    for item in document:
        place = place_of(session, item["kind"], UUID(item["record_id"]))
        secret = Secret(b64decode(item["secret"]))
        put_secret(session, vault, place, secret, key_class=item["key_class"])
    return len(document)


def _key(passphrase: Secret, salt: bytes) -> Secret:
    return Secret(Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(passphrase.reveal()))


def _context(session: TenantSession) -> bytes:
    return b"export|" + str(session.tenant.uid).encode()


def _refused() -> PassphraseError:
    return PassphraseError(
        _("The passphrase does not open this file, or the file is of another business.")
    )

"""The app vault: each business has data keys of its own, wrapped by the key file."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_bytes
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.i18n import _
from core.vault.ciphers import decrypt, encrypt, refusal
from core.vault.errors import KeyFileError
from core.vault.keyfiles import KEY_LENGTH
from core.vault.models import VaultKey
from core.vault.secret import Place, Secret

if TYPE_CHECKING:
    from core.tenancy.session import TenantSession


class AppVault:
    """Seals and opens secrets of the class "app" in web and worker.

    AES-256-GCM under a data key of the business (DEK); the DEK is stored wrapped by a key of the
    key file (KEK), which is in no database and no backup.
    """

    def __init__(self, keks: Mapping[int, Secret]) -> None:
        self._keks = dict(keks)

    def __repr__(self) -> str:
        return f"AppVault(keys={sorted(self._keks)})"

    @property
    def kek(self) -> int:
        """Tell which key of the file wraps now."""
        if not self._keks:
            raise KeyFileError(_("There is no key file yet. Run the set-up again."))
        return max(self._keks)

    @property
    def seals(self) -> bool:
        """Tell whether this process has a key file, without which no secret is kept."""
        return bool(self._keks)

    def seal(self, session: TenantSession, place: Place, plain: Secret) -> tuple[int, bytes]:
        """Seal under the newest data key, making the first one; give its version and the bytes."""
        row = self.ensure_key(session)
        return row.version, encrypt(
            self._unwrap(session, row), plain.reveal(), place.context(row.version)
        )

    def open(self, session: TenantSession, place: Place, version: int, sealed: bytes) -> Secret:
        """Open; raise ``VaultError`` for a changed, moved or foreign ciphertext."""
        row = session.scalar(select(VaultKey).where(VaultKey.version == version))
        if row is None:
            raise refusal()
        return decrypt(self._unwrap(session, row), sealed, place.context(version))

    def ensure_key(self, session: TenantSession) -> VaultKey:
        """Give the data key that seals, making the first one."""
        return _newest(session) or self.new_key(session)

    def new_key(self, session: TenantSession) -> VaultKey:
        """Make the next data key of the business; from now on it seals.

        Of two processes that make it at once one does, and both go on with that one.
        """
        newest = _newest(session)
        version = newest.version + 1 if newest else 1
        row = VaultKey(version=version, kek=self.kek, created_at=session.clock.now())
        row.wrapped = self._wrap(session, row, Secret(token_bytes(KEY_LENGTH)))
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            return session.scalars(select(VaultKey).where(VaultKey.version == version)).one()
        return row

    def rewrap(self, session: TenantSession) -> int:
        """Wrap every data key of the business with the newest key of the file; give how many."""
        old = session.scalars(select(VaultKey).where(VaultKey.kek != self.kek)).all()
        for row in old:
            dek = self._unwrap(session, row)
            row.kek = self.kek
            row.wrapped = self._wrap(session, row, dek)
        session.flush()
        return len(old)

    def _wrap(self, session: TenantSession, row: VaultKey, dek: Secret) -> bytes:
        return encrypt(self._keks[row.kek], dek.reveal(), _wrapping(session, row))

    def _unwrap(self, session: TenantSession, row: VaultKey) -> Secret:
        kek = self._keks.get(row.kek)
        if kek is None:
            raise refusal()
        return decrypt(kek, bytes(row.wrapped), _wrapping(session, row))


def _newest(session: TenantSession) -> VaultKey | None:
    return session.scalar(select(VaultKey).order_by(VaultKey.version.desc()).limit(1))


def _wrapping(session: TenantSession, row: VaultKey) -> bytes:
    return f"data key|{session.tenant.uid}|{row.version}|{row.kek}".encode()

"""Keep, read, replace and destroy secrets of a business's records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

from sqlalchemy import Select, and_, delete, func, or_, select

from core.i18n import _
from core.vault.app import AppVault
from core.vault.ciphers import SigningVault, refusal
from core.vault.errors import KeyFileError, SecretMissingError
from core.vault.keyfiles import public_path, read_keys, read_public_keys
from core.vault.models import StoredSecret, VaultKey
from core.vault.secret import KeyClass, Place, Secret

if TYPE_CHECKING:
    from core.tenancy.session import TenantSession

#: An old data key goes at the earliest this long after its successor was made.
RETIRED_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Vault:
    """Both vaults of a process; the web's signing vault only seals."""

    app: AppVault
    signing: SigningVault | None = None


def open_vault(
    app_file: Path, signing_file: Path | None = None, *, process: Literal["web", "worker"]
) -> Vault:
    """Read the key files of this process. The web never opens the private half.

    Raises ``KeyFileError`` when a file is missing or open to others.
    """
    app = AppVault(read_keys(app_file))
    if signing_file is None or not public_path(signing_file).exists():
        return Vault(app)
    public = read_public_keys(public_path(signing_file))
    private = read_keys(signing_file) if process == "worker" else None
    if private is not None and private.keys() != public.keys():
        raise KeyFileError(f"{signing_file.name} and its public half differ: restore both together")
    return Vault(app, SigningVault(public, private))


def put_secret(
    session: TenantSession, vault: Vault, place: Place, secret: Secret, *, key_class: KeyClass
) -> None:
    """Keep ``secret`` at ``place``, replacing what was there."""
    _own(session, place)
    version, sealed = _seal(session, vault, place, secret, key_class)
    row = _find(session, place)
    if row is None:
        row = StoredSecret(kind=place.kind, record_id=place.record_id)
        session.add(row)
    row.key_class, row.key_version, row.ciphertext = key_class, version, sealed
    row.changed_at = session.clock.now()
    session.flush()


def get_secret(session: TenantSession, vault: Vault, place: Place) -> Secret:
    """Open the secret at ``place``.

    Raises ``SecretMissingError`` where there is none, ``VaultError`` where it was tampered with,
    ``NotSeparatedError`` for a signing secret outside the worker.
    """
    _own(session, place)
    row = _find(session, place)
    if row is None:
        raise SecretMissingError(_("This record has no stored secret."))
    return open_row(session, vault, row)


def has_secret(session: TenantSession, place: Place) -> bool:
    """Tell whether a secret is kept at ``place``, without opening it."""
    return _find(session, place) is not None


def destroy_secret(session: TenantSession, place: Place) -> None:
    """Delete the secret at ``place``; none is fine. Backups keep theirs until they expire."""
    session.execute(
        delete(StoredSecret)
        .where(StoredSecret.kind == place.kind, StoredSecret.record_id == place.record_id)
        .execution_options(synchronize_session=False)
    )


def place_of(session: TenantSession, kind: str, record_id: UUID) -> Place:
    """Name the place of a secret of the session's business."""
    return Place(session.tenant.uid, kind, record_id)


def rotate(session: TenantSession, vault: Vault) -> None:
    """Make a new data key; secrets move to it by ``reencrypt``, or when they are replaced."""
    vault.app.new_key(session)


def reencrypt(session: TenantSession, vault: Vault, *, limit: int = 100) -> int:
    """Move up to ``limit`` secrets to the newest keys and retire unused ones; give what is left.

    Each call is one transaction and may be killed at any point: a secret is under the old key or
    under the new, and a key goes only when nothing uses it. Signing secrets move in the worker.
    """
    stale = _stale(session, vault)
    for row in session.scalars(stale.limit(limit)).all():
        place = place_of(session, row.kind, row.record_id)
        secret = open_row(session, vault, row)
        key_class: KeyClass = "signing" if row.key_class == "signing" else "app"
        row.key_version, row.ciphertext = _seal(session, vault, place, secret, key_class)
    session.flush()
    _retire(session)
    return session.scalar(select(func.count()).select_from(_stale(session, vault).subquery())) or 0


def open_row(session: TenantSession, vault: Vault, row: StoredSecret) -> Secret:
    """Open a stored row as what it says it is."""
    place = place_of(session, row.kind, row.record_id)
    sealed = bytes(row.ciphertext)
    if row.key_class == "app":
        return vault.app.open(session, place, row.key_version, sealed)
    return _signing(vault).open(place, row.key_version, sealed)


def _seal(
    session: TenantSession, vault: Vault, place: Place, secret: Secret, key_class: KeyClass
) -> tuple[int, bytes]:
    if key_class == "app":
        return vault.app.seal(session, place, secret)
    return _signing(vault).seal(place, secret)


def _signing(vault: Vault) -> SigningVault:
    if vault.signing is None:
        raise KeyFileError(_("There is no signing key file yet. Run the set-up again."))
    return vault.signing


def _own(session: TenantSession, place: Place) -> None:
    if place.tenant != session.tenant.uid:
        raise refusal()


def _find(session: TenantSession, place: Place) -> StoredSecret | None:
    return session.scalar(
        select(StoredSecret).where(
            StoredSecret.kind == place.kind, StoredSecret.record_id == place.record_id
        )
    )


def _stale(session: TenantSession, vault: Vault) -> Select[StoredSecret]:
    newest = session.scalar(select(func.max(VaultKey.version))) or 0
    old = and_(StoredSecret.key_class == "app", StoredSecret.key_version != newest)
    if vault.signing is not None and vault.signing.opens:
        now = vault.signing.version
        old = or_(old, and_(StoredSecret.key_class == "signing", StoredSecret.key_version != now))
    return select(StoredSecret).where(old).order_by(StoredSecret.id)


def _retire(session: TenantSession) -> None:
    newest = session.scalar(select(VaultKey).order_by(VaultKey.version.desc()).limit(1))
    # A transaction that began before the new key may still be sealing with the old one.
    if newest is None or session.clock.now() - newest.created_at < RETIRED_AFTER:
        return
    used = select(StoredSecret.key_version).where(StoredSecret.key_class == "app")
    session.execute(
        delete(VaultKey)
        .where(VaultKey.version != newest.version, VaultKey.version.not_in(used))
        .execution_options(synchronize_session=False)
    )

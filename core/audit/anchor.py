"""Signs where a business's chain stands, so that its end cannot be cut off unseen.

The signing key is a secret of the class "app": whoever has only the database cannot forge one.
``manage.py status --json`` tells the newest one of each business: whoever watches an installation
keeps copies of it elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Select, select

from core.audit.chain import Anchor
from core.audit.models import AuditAnchor
from core.audit.sealer import last_link, seal_pending
from core.db.types import canonical_json
from core.vault.errors import SecretMissingError
from core.vault.secret import Secret
from core.vault.services import Vault, get_secret, place_of, put_secret

if TYPE_CHECKING:
    from core.tenancy.session import TenantSession

_KIND: Final = "core.audit_anchor"


@dataclass(frozen=True, slots=True)
class SignedAnchor:
    """An anchor as it is kept elsewhere; ``as_dict`` is plain JSON."""

    tenant: UUID
    seq: int
    hash: bytes
    anchored_at: datetime
    signature: bytes
    public_key: bytes

    def as_dict(self) -> dict[str, Any]:
        """Give it for a file."""
        return {
            **_signed(self.tenant, self.seq, self.hash, self.anchored_at),
            "signature": self.signature.hex(),
            "public_key": self.public_key.hex(),
        }

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> SignedAnchor:
        """Read it back."""
        return cls(
            UUID(kept["tenant"]),
            kept["seq"],
            bytes.fromhex(kept["hash"]),
            datetime.fromisoformat(kept["anchored_at"]),
            bytes.fromhex(kept["signature"]),
            bytes.fromhex(kept["public_key"]),
        )


def make_anchor(session: TenantSession, vault: Vault) -> SignedAnchor | None:
    """Sign the last link and keep the anchor; None where nothing was sealed since the last one."""
    last = last_link(session)
    if last is None or session.scalar(_same(last.seq)):
        return None
    key = Ed25519PrivateKey.from_private_bytes(_key(session, vault).reveal())
    now = session.clock.now()
    document = _signed(session.tenant.uid, last.seq, last.hash, now)
    anchor = SignedAnchor(
        session.tenant.uid,
        last.seq,
        last.hash,
        now,
        key.sign(canonical_json(document).encode()),
        key.public_key().public_bytes_raw(),
    )
    session.add(
        AuditAnchor(
            seq=anchor.seq,
            hash=anchor.hash,
            anchored_at=now,
            signature=anchor.signature,
            public_key=anchor.public_key,
        )
    )
    session.flush()
    return anchor


def anchor_chain(session: TenantSession, vault: Vault) -> SignedAnchor | None:
    """Seal all that waits and sign where the chain stands; a daily schedule of the core."""
    while seal_pending(session):
        pass
    return make_anchor(session, vault)


def last_anchor(session: TenantSession) -> SignedAnchor | None:
    """Give the newest anchor of the business, to be kept outside its database."""
    row = session.scalars(select(AuditAnchor).order_by(AuditAnchor.seq.desc()).limit(1)).first()
    if row is None:
        return None
    return SignedAnchor(
        session.tenant.uid,
        row.seq,
        bytes(row.hash),
        row.anchored_at,
        bytes(row.signature),
        bytes(row.public_key),
    )


def genuine(anchor: SignedAnchor, *, public_key: bytes) -> bool:
    """Tell whether ``anchor`` was signed by the key whose public half was written down before."""
    document = _signed(anchor.tenant, anchor.seq, anchor.hash, anchor.anchored_at)
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(
            anchor.signature, canonical_json(document).encode()
        )
    except InvalidSignature:
        return False
    return True


def anchor_public_key(session: TenantSession, vault: Vault) -> bytes:
    """Give the public half, to be written down outside this database."""
    key = Ed25519PrivateKey.from_private_bytes(_key(session, vault).reveal())
    return key.public_key().public_bytes_raw()


def as_anchor(anchor: SignedAnchor) -> Anchor:
    """Give what ``verify_audit`` compares."""
    return Anchor(anchor.seq, anchor.hash)


def _key(session: TenantSession, vault: Vault) -> Secret:
    place = place_of(session, _KIND, session.tenant.uid)
    try:
        return get_secret(session, vault, place)
    except SecretMissingError:
        fresh = Secret(Ed25519PrivateKey.generate().private_bytes_raw())
        put_secret(session, vault, place, fresh, key_class="app")
        return fresh


def _same(seq: int) -> Select[UUID]:
    return select(AuditAnchor.id).where(AuditAnchor.seq == seq)


def _signed(tenant: UUID, seq: int, link: bytes, anchored_at: datetime) -> dict[str, Any]:
    return {
        "tenant": str(tenant),
        "seq": seq,
        "hash": link.hex(),
        "anchored_at": anchored_at.isoformat(),
    }

"""Who signs: the certificate that holds now, its key opened once per process of the worker."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import select

from addons.edi.errors import CertificateMissingError, NoIssuerError
from addons.edi.facts import issuer_facts, validity_of
from addons.edi.formats import (
    SIGNING_KEY,
    DocumentFormat,
    Identity,
    IssuerFacts,
    document_format,
)
from addons.edi.models import Certificate, Issuer
from addons.edi.validity import certificate_refusal
from core.i18n import _
from core.process import process_of
from core.tenancy.cache import cached
from core.vault.services import get_secret, place_of

if TYPE_CHECKING:
    from core.tenancy import TenantSession

#: Keys kept open by one worker; parsing an RSA key takes longer than signing with it.
KEYS_KEPT: Final = 256

_lock: Final = Lock()
_identities: Final[OrderedDict[tuple[UUID, UUID], Identity]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Signer:
    """The issuer of a format in an environment, and the identity that signs for it."""

    form: DocumentFormat
    issuer: IssuerFacts
    identity: Identity = field(repr=False)


def signer_for(session: TenantSession, format_name: str, environment: str) -> Signer:
    """Find who signs now; refuse where no certificate holds. Only the worker can open the key.

    Who issues is cached by epoch; which certificate holds is asked of the clock each time.
    """
    known: dict[tuple[str, str], _Candidates] = cached(session, "edi.signers", dict)
    key = format_name, environment
    if key not in known:
        known[key] = _candidates(session, format_name, environment)
    found = known[key]
    now = session.clock.now()
    for row in found.certificates:
        if validity_of(row).holds(environment, now):
            return Signer(found.form, found.issuer, _identity(session, found.form, row))
    validities = [validity_of(row) for row in found.certificates]
    refusal = certificate_refusal(validities, environment, now)
    raise refusal or CertificateMissingError(_("There is no signing certificate that holds now."))


@dataclass(frozen=True, slots=True)
class _Candidates:
    form: DocumentFormat
    issuer: IssuerFacts
    #: The one that lasts longest first.
    certificates: tuple[Certificate, ...]


def _candidates(session: TenantSession, format_name: str, environment: str) -> _Candidates:
    form = document_format(session.database, format_name)
    row = session.scalars(
        select(Issuer).where(Issuer.format == format_name, Issuer.environment == environment)
    ).one_or_none()
    if row is None:
        raise NoIssuerError(_("The business does not issue this kind of document."))
    query = select(Certificate).where(Certificate.archived_at.is_(None))
    ordered = query.order_by(Certificate.valid_to.desc(), Certificate.id)
    found = tuple(session.scalars(ordered).all())
    return _Candidates(form, issuer_facts(session, row, form), found)


def forget_keys() -> None:
    """Forget every opened key, as a process that just started."""
    with _lock:
        _identities.clear()


def _identity(session: TenantSession, form: DocumentFormat, row: Certificate) -> Identity:
    key = session.tenant.uid, row.id
    with _lock:
        if key in _identities:
            _identities.move_to_end(key)
            return _identities[key]
    place = place_of(session, SIGNING_KEY, row.id)
    secret = get_secret(session, process_of(session.database).vault, place)
    identity = form.read_identity(secret.reveal(), row.chain)
    with _lock:
        _identities[key] = identity
        while len(_identities) > KEYS_KEPT:
            _identities.popitem(last=False)
    return identity

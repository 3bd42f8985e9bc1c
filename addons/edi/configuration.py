"""How a business comes to issue documents: issuer, certificate, ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal
from uuid import UUID

from sqlalchemy import select

from addons.edi.errors import (
    BadRangeError,
    DemoProductionError,
    IssuerError,
    OverlappingRangeError,
)
from addons.edi.formats import (
    HABILITATION,
    PRODUCTION,
    SIGNING_KEY,
    SOFTWARE_PIN,
    TECHNICAL_KEY,
    CertificateFile,
    document_format,
)
from addons.edi.models import Certificate, Issuer, NumberRange
from core.audit.services import record
from core.i18n import _
from core.ids import uuid7
from core.process import process_of
from core.tenancy.cache import bump_epoch
from core.tenancy.services import is_practice
from core.vault.secret import Secret
from core.vault.services import has_secret, place_of, put_secret

if TYPE_CHECKING:
    from core.tenancy import TenantSession

_PREFIX: Final = re.compile(r"[A-Z0-9]{0,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerDraft:
    """How the business issues one format in one environment.

    An empty ``software_pin`` keeps the one that is stored. ``details`` are the format's.
    """

    format: str
    environment: str = HABILITATION
    software_id: str
    service_url: str
    test_set_id: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    software_pin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeDraft:
    """A range as the authority authorised it; ``next_number`` when some were used elsewhere."""

    format: str
    environment: str = HABILITATION
    establishment_id: UUID
    till_id: UUID | None = None
    resolution: str
    prefix: str
    first: int
    last: int
    next_number: int | None = None
    valid_from: date
    valid_to: date
    mode: Literal["normal", "contingency"] = "normal"
    technical_key: str = field(default="", repr=False)


def configure_issuer(session: TenantSession, draft: IssuerDraft) -> Issuer:
    """Say how the business issues a format; from its next sale on, in this environment.

    Refuses production for a practice business, details that the format's documents need and lack,
    and an issuer that never had a software PIN where the format codes with it.
    """
    form = document_format(session.database, draft.format)
    _refuse_production_for_practice(session, draft.environment)
    form.check_issuer(draft.details)
    rows = session.scalars(select(Issuer).where(Issuer.format == draft.format)).all()
    row = next((known for known in rows if known.environment == draft.environment), None)
    if row is None:
        row = Issuer(id=uuid7(), format=draft.format, environment=draft.environment)
        session.add(row)
    for other in rows:
        other.active = other is row
    row.active = True
    row.software_id = draft.software_id
    row.service_url = draft.service_url
    row.test_set_id = draft.test_set_id
    row.details = draft.details
    session.flush()
    place = place_of(session, SOFTWARE_PIN, row.id)
    if draft.software_pin:
        _put(session, SOFTWARE_PIN, row.id, draft.software_pin.encode())
    elif SOFTWARE_PIN in form.secrets and not has_secret(session, place):
        text = _("Write the PIN of the software, as registered with the authority.")
        raise IssuerError(text, fields={"software_pin": text})
    record(
        session,
        "edi.issuer.configure",
        "edi.issuer",
        row.id,
        format=row.format,
        environment=row.environment,
        software_id=row.software_id,
    )
    bump_epoch(session)
    return row


def stop_issuing(session: TenantSession, format_name: str) -> None:
    """Let the next sales have no document of this format; pending ones are still sent."""
    for row in session.scalars(select(Issuer).where(Issuer.format == format_name, Issuer.active)):
        row.active = False
        record(session, "edi.issuer.stop", "edi.issuer", row.id, format=format_name)
    bump_epoch(session)


def add_range(session: TenantSession, draft: RangeDraft) -> NumberRange:
    """Add a range, refusing one that could not number a document before any number is used.

    Refused: limits or dates the wrong way round, a prefix that is not up to four capital letters
    and digits, a technical key that cannot be one, and numbers that another range has.
    """
    form = document_format(session.database, draft.format)
    _refuse_production_for_practice(session, draft.environment)
    _check_limits(draft)
    form.check_range(draft.technical_key)
    _refuse_overlap(session, draft)
    row = NumberRange(
        id=uuid7(),
        format=draft.format,
        environment=draft.environment,
        establishment_id=draft.establishment_id,
        till_id=draft.till_id,
        mode=draft.mode,
        resolution=draft.resolution,
        prefix=draft.prefix,
        first=draft.first,
        last=draft.last,
        next_number=draft.next_number or draft.first,
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
    )
    session.add(row)
    session.flush()
    if draft.technical_key:
        _put(session, TECHNICAL_KEY, row.id, draft.technical_key.encode())
    record(
        session,
        "edi.range.add",
        "edi.range",
        row.id,
        prefix=row.prefix,
        first=row.first,
        last=row.last,
        resolution=row.resolution,
    )
    bump_epoch(session)
    return row


def put_range_away(session: TenantSession, range_id: UUID) -> None:
    """Take no more numbers from a range; what it numbered stays."""
    query = select(NumberRange).where(NumberRange.id == range_id).with_for_update()
    row = session.scalars(query).one()
    row.archived_at = session.clock.now()
    record(session, "edi.range.archive", "edi.range", row.id, prefix=row.prefix)
    bump_epoch(session)


def install_certificate(
    session: TenantSession, format_name: str, given: CertificateFile
) -> Certificate:
    """Keep a signing certificate: its chain in the clear, its key sealed for the worker alone.

    Refuses what may not sign now, and for a practice business whatever is not a test certificate.
    Installing the same again renews its key and adds nothing.
    """
    form = document_format(session.database, format_name)
    read = form.read_certificate(given, session.clock.now())
    if not read.is_test and is_practice(session.database, session.clock, session.tenant):
        raise DemoProductionError(
            _("A practice business only holds test certificates. Load this one in the real one.")
        )
    query = select(Certificate).where(
        Certificate.serial == read.serial, Certificate.subject == read.subject
    )
    row = session.scalars(query).one_or_none()
    if row is None:
        row = Certificate(id=uuid7(), subject=read.subject, serial=read.serial)
        session.add(row)
    row.valid_from, row.valid_to = read.valid_from, read.valid_to
    row.chain, row.is_test, row.archived_at = read.chain, read.is_test, None
    session.flush()
    _put(session, SIGNING_KEY, row.id, read.key)
    record(
        session,
        "edi.certificate.install",
        "edi.certificate",
        row.id,
        subject=row.subject,
        serial=row.serial,
        valid_to=row.valid_to.date().isoformat(),
    )
    bump_epoch(session)
    return row


def _refuse_production_for_practice(session: TenantSession, environment: str) -> None:
    if environment not in {PRODUCTION, HABILITATION}:
        text = _("It must be 1 (production) or 2 (habilitation).")
        raise IssuerError(text, fields={"environment": text})
    practice = is_practice(session.database, session.clock, session.tenant)
    if environment == PRODUCTION and practice:
        raise DemoProductionError(
            _("A practice business never issues real documents. Create the real business for it.")
        )


def _check_limits(draft: RangeDraft) -> None:
    faults: dict[str, object] = {}
    if not _PREFIX.fullmatch(draft.prefix):
        faults["prefix"] = _("Up to four capital letters and digits.")
    if not 1 <= draft.first <= draft.last:
        faults["last"] = _("The last number comes after the first.")
    following = draft.next_number or draft.first
    if not draft.first <= following <= draft.last + 1:
        faults["next_number"] = _("It must be inside the range.")
    if draft.valid_from > draft.valid_to:
        faults["valid_to"] = _("The authorisation ends after it begins.")
    if not draft.resolution:
        faults["resolution"] = _("Write the number of the authorisation.")
    if faults:
        raise BadRangeError(next(iter(faults.values())), fields=faults)


def _refuse_overlap(session: TenantSession, draft: RangeDraft) -> None:
    query = select(NumberRange).where(
        NumberRange.format == draft.format,
        NumberRange.environment == draft.environment,
        NumberRange.prefix == draft.prefix,
        NumberRange.first <= draft.last,
        NumberRange.last >= draft.first,
    )
    other = session.scalars(query).first()
    if other is not None:
        raise OverlappingRangeError(
            _(
                "The numbers {prefix}{first} to {prefix}{last} belong to another range already.",
                prefix=other.prefix,
                first=max(other.first, draft.first),
                last=min(other.last, draft.last),
            )
        )


def _put(session: TenantSession, kind: str, record_id: UUID, value: bytes) -> None:
    vault = process_of(session.database).vault
    put_secret(
        session,
        vault,
        place_of(session, kind, record_id),
        Secret(value),
        key_class="signing" if kind == SIGNING_KEY else "app",
    )

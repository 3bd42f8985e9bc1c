"""What a document needs to know of its surroundings, cached by (business, epoch)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from addons.contacts.services import partner
from addons.edi.errors import IssuerError, UnknownFormatError
from addons.edi.formats import (
    SOFTWARE_PIN,
    TECHNICAL_KEY,
    BusinessFacts,
    CustomerFacts,
    DocumentFormat,
    IssuerFacts,
    PlaceFacts,
    RangeFacts,
    formats_of,
)
from addons.edi.models import Certificate, Issuer, NumberRange
from addons.edi.validity import Validity
from core.i18n import _
from core.process import process_of
from core.tenancy import Business, Establishment
from core.tenancy.cache import cached
from core.vault.services import get_secret, has_secret, place_of

if TYPE_CHECKING:
    from core.tenancy import TenantSession


@dataclass(frozen=True, slots=True)
class EdiFacts:
    """How the business issues: active issuers by format, its ranges, places and certificates."""

    forms: Mapping[str, DocumentFormat]
    issuers: Mapping[str, IssuerFacts]
    ranges: tuple[RangeFacts, ...]
    places: Mapping[UUID, PlaceFacts]
    certificates: tuple[Validity, ...]
    #: What formats prepared, by (issuer, place, range): made at the first document of each.
    prepared: dict[tuple[UUID, UUID, UUID], Any] = field(default_factory=dict, repr=False)


def edi_facts(session: TenantSession) -> EdiFacts:
    """Give how the business issues documents at this epoch; secrets stay inside, masked."""
    return cached(session, "edi.facts", lambda: _read(session))


def prepared_for(
    session: TenantSession, form: DocumentFormat, issuer: IssuerFacts, numbers: RangeFacts
) -> Any:
    """Give what all documents of the issuer and the range share, made once per epoch."""
    facts = edi_facts(session)
    key = issuer.id, numbers.establishment_id, numbers.id
    if key not in facts.prepared:
        place = facts.places[numbers.establishment_id]
        facts.prepared[key] = form.prepare(session, issuer, place, numbers)
    return facts.prepared[key]


def customer_facts(session: TenantSession, customer_id: UUID | None) -> CustomerFacts | None:
    """Give a contact as the buyer of a document; None stands for the final consumer."""
    if customer_id is None:
        return None
    found = partner(session, customer_id)
    return CustomerFacts(
        kind=found.kind,
        identification_type=found.identification_type,
        identification=found.identification,
        check_digit=found.check_digit,
        name=found.name,
        trade_name=found.trade_name,
        email=found.email,
        phone=found.phone,
        address=found.address,
        municipality=found.municipality,
        responsibilities=found.responsibilities,
        regime=found.regime,
    )


def _read(session: TenantSession) -> EdiFacts:
    rows = session.scalars(select(Issuer).where(Issuer.active)).all()
    if not rows:
        return EdiFacts({}, {}, (), {}, ())
    forms = formats_of(session.database)
    issuers = {row.format: issuer_facts(session, row, forms.get(row.format)) for row in rows}
    query = select(NumberRange).where(NumberRange.archived_at.is_(None))
    ordered = query.order_by(NumberRange.valid_from, NumberRange.first, NumberRange.id)
    authorised = session.scalars(ordered).all()
    places = session.scalars(select(Establishment).where(Establishment.archived_at.is_(None)))
    certificates = session.scalars(select(Certificate).where(Certificate.archived_at.is_(None)))
    return EdiFacts(
        forms=forms,
        issuers=issuers,
        ranges=tuple(range_facts(session, row, forms.get(row.format)) for row in authorised),
        places={row.id: _place(row) for row in places},
        certificates=tuple(validity_of(row) for row in certificates),
    )


def form_of(facts: EdiFacts, name: str) -> DocumentFormat:
    """Give a format by name; one whose addon does not run here is an error."""
    if name not in facts.forms:
        raise UnknownFormatError(f"no running addon offers the document format {name!r}")
    return facts.forms[name]


def issuer_facts(session: TenantSession, row: Issuer, form: DocumentFormat | None) -> IssuerFacts:
    """Give an issuer with its PIN opened, where the format needs one."""
    wanted = form is not None and SOFTWARE_PIN in form.secrets
    return IssuerFacts(
        id=row.id,
        format=row.format,
        environment=row.environment,
        software_id=row.software_id,
        test_set_id=row.test_set_id,
        service_url=row.service_url,
        details=row.details,
        business=business_facts(session),
        software_pin=opened_secret(session, SOFTWARE_PIN, row.id) if wanted else "",
    )


def range_facts(
    session: TenantSession, row: NumberRange, form: DocumentFormat | None
) -> RangeFacts:
    """Give a range with its technical key opened, where the format needs one."""
    wanted = form is not None and TECHNICAL_KEY in form.secrets
    return RangeFacts(
        id=row.id,
        format=row.format,
        environment=row.environment,
        establishment_id=row.establishment_id,
        till_id=row.till_id,
        owner=row.owner,
        mode=row.mode,
        resolution=row.resolution,
        prefix=row.prefix,
        first=row.first,
        last=row.last,
        next_number=row.next_number,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        technical_key=opened_secret(session, TECHNICAL_KEY, row.id) if wanted else "",
    )


def validity_of(row: Certificate) -> Validity:
    """Tell when a certificate may sign."""
    return Validity(row.valid_from, row.valid_to, row.is_test)


def business_facts(session: TenantSession) -> BusinessFacts:
    """Give who the business is before the law."""
    row = session.scalars(select(Business)).one_or_none()
    if row is None:
        raise IssuerError(_("Write who the business is: its name as in the RUT, and its NIT."))
    return BusinessFacts(
        kind=row.kind,
        legal_name=row.legal_name,
        trade_name=row.trade_name,
        identification_type=row.identification_type,
        identification=row.identification,
        email=row.email,
        phone=row.phone,
    )


def opened_secret(session: TenantSession, kind: str, record_id: UUID) -> str:
    """Open a secret of the class that web and worker read; empty where there is none."""
    place = place_of(session, kind, record_id)
    if not has_secret(session, place):
        return ""
    return get_secret(session, process_of(session.database).vault, place).reveal_text()


def _place(row: Establishment) -> PlaceFacts:
    return PlaceFacts(
        id=row.id,
        code=row.code,
        name=row.name,
        address=row.address,
        municipality=row.municipality,
        phone=row.phone,
        activity=row.activity,
        zone=row.zone,
    )

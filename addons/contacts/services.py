"""What other addons may ask about partners."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from addons.contacts.commands import AddressIn, PartnerIn
from addons.contacts.models import Partner, PartnerAddress
from addons.contacts.rules import Identification, identification
from core.errors import BadInputError, NotFoundError
from core.i18n import _
from core.resources import keep_lines
from core.resources.naming import names_of
from core.search.services import index_record, matching

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from core.tenancy import TenantSession

#: Name of partners in the search words.
RESOURCE = "contacts.partners"


def create_partner(
    session: TenantSession, *, identification_type: str, number: str, name: str, **details: object
) -> Partner:
    """Add a partner; a wrong check digit or a number that does not fit its type is refused."""
    checked = identification(identification_type, number)
    partner = Partner(
        identification_type=identification_type,
        identification=checked.number,
        check_digit=checked.check_digit or "",
        name=name,
        **details,
    )
    session.add(partner)
    session.flush()
    _index(session, partner)
    return partner


def add_partner(session: TenantSession, command: PartnerIn) -> Partner:
    """Add a partner as a form or a program describes it."""
    partner = Partner()
    _fill(session, partner, command)
    session.add(partner)
    session.flush()
    _index(session, partner)
    return partner


def change_partner(session: TenantSession, partner: Partner, command: PartnerIn) -> Partner:
    """Make a partner what the command says; documents that were made keep what they said."""
    _fill(session, partner, command)
    session.flush()
    _index(session, partner)
    return partner


def partner(session: TenantSession, partner_id: UUID) -> Partner:
    """Give a partner, or raise ``NotFoundError``."""
    found = session.get(Partner, (session.tenant_id, partner_id))
    if found is None:
        raise NotFoundError(_("This contact does not exist."))
    return found


def find_partners(session: TenantSession, text: str, *, limit: int = 20) -> Sequence[Partner]:
    """Give partners whose name or identification has every word of ``text``."""
    query = (
        select(Partner)
        .where(
            Partner.archived_at.is_(None),
            matching(RESOURCE, Partner.id, text),
        )
        .order_by(Partner.name, Partner.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def written_identification(type_code: str, number: str, check_digit: str = "") -> str:
    """Write an identification as people read it: ``901.234.567-4``."""
    return Identification(type_code, number, check_digit or None).written


def partner_names(session: TenantSession, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Give the names of partners by id, archived ones too."""
    return names_of(session, Partner.id, Partner.name, ids)


def _fill(session: TenantSession, partner: Partner, command: PartnerIn) -> None:
    try:
        checked = identification(command.identification_type, command.identification)
    except BadInputError as error:
        error.fields.setdefault("identification", error.message)
        raise
    for name, value in command:
        if name != "addresses":
            setattr(partner, name, value)
    keep_lines(
        session,
        partner.addresses,
        command.addresses,
        make=PartnerAddress,
        fill=_fill_address,
        field="addresses",
    )
    partner.identification = checked.number
    partner.check_digit = checked.check_digit or ""


def _fill_address(row: PartnerAddress, line: AddressIn) -> None:
    row.name, row.address = line.name, line.address
    row.municipality, row.phone = line.municipality, line.phone


def _index(session: TenantSession, partner: Partner) -> None:
    texts = (partner.name, partner.trade_name, partner.identification)
    index_record(session, RESOURCE, partner.id, texts)

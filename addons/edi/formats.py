"""What a format of legal documents must offer; other addons register theirs through a hook.

This addon numbers, keeps and transports; what a document says, how it is coded, written, signed
and sent is the format's. Everything a format gets is frozen, and it opens no session of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol
from uuid import UUID

from addons.edi.errors import UnknownFormatError
from core.clock import Clock
from core.outcome import Outcome, Unreachable
from core.process import process_of

if TYPE_CHECKING:
    from addons.edi.drafts import Backfill, DocumentDraft
    from core.db.engine import Database
    from core.i18n import LazyText
    from core.sale import IssuedNumber, Sale
    from core.tenancy import TenantSession

#: Kinds of secrets in the vault: of an issuer, of a range, of a certificate.
SOFTWARE_PIN: Final = "edi.software_pin"
TECHNICAL_KEY: Final = "edi.technical_key"
SIGNING_KEY: Final = "edi.signing_key"

PRODUCTION: Final = "1"
HABILITATION: Final = "2"


@dataclass(frozen=True, slots=True)
class IssuerFacts:
    """How the business issues one kind of document; ``software_pin`` never shows itself."""

    id: UUID
    format: str
    environment: str
    software_id: str
    test_set_id: str
    service_url: str
    details: Mapping[str, Any]
    business: BusinessFacts
    software_pin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class BusinessFacts:
    """Who the business is before the law; ``identification`` without points or check digit."""

    kind: str
    legal_name: str
    trade_name: str
    identification_type: str
    identification: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """The establishment that issues; ``municipality`` is its DIVIPOLA code."""

    id: UUID
    code: str
    name: str
    address: str
    municipality: str
    phone: str
    activity: str
    zone: str


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """The buyer, as the contacts have them; ``identification_type`` is DIAN's code."""

    kind: str
    identification_type: str
    identification: str
    check_digit: str
    name: str
    trade_name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    municipality: str = ""
    responsibilities: str = "R-99-PN"
    regime: str = "49"


@dataclass(frozen=True, slots=True)
class RangeFacts:
    """An authorised range; ``next_number`` is what it was when this was read."""

    id: UUID
    format: str
    environment: str
    establishment_id: UUID
    till_id: UUID | None
    owner: str
    mode: str
    resolution: str
    prefix: str
    first: int
    last: int
    next_number: int
    valid_from: date
    valid_to: date
    technical_key: str = field(default="", repr=False)

    def valid_on(self, day: date) -> bool:
        """Tell whether the authorisation covers the calendar day."""
        return self.valid_from <= day <= self.valid_to


@dataclass(frozen=True, slots=True)
class DocumentText:
    """What a document says, once and for all: the canonical snapshot and its unique code.

    ``type`` is the code as printed (20, 01, 91); ``total`` what is to be paid.
    """

    snapshot: str
    code: str
    type: str
    title: str
    qr_url: str
    builder_version: int
    buyer: str
    currency: str
    total: Decimal


@dataclass(frozen=True, slots=True)
class Parcel:
    """A signed document on its way; ``sha256`` is of its bytes, hexadecimal.

    ``key`` is what the authority gave to ask with, where it takes documents in before it judges.
    """

    code: str
    file_name: str
    signed: bytes = field(repr=False)
    sha256: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signs: the private key and the certificates, leaf first; opened in the worker only."""

    key: Any = field(repr=False)
    chain: tuple[Any, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotKnown(Unreachable):
    """The authority answers that it does not know the document, or not yet: it may be sent."""


@dataclass(frozen=True, slots=True)
class CertificateFile:
    """A certificate as somebody loads it: PKCS#12, or key and chain as PEM text."""

    content: bytes = field(repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ReadCertificate:
    """A certificate with its private key; both parts PEM. ``is_test`` where nobody vouches."""

    subject: str
    serial: str
    valid_from: datetime
    valid_to: datetime
    chain: str
    is_test: bool
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Paper:
    """What the paper of a document must show besides its lines."""

    title: str
    legend: tuple[str, ...]
    software: str
    maker: str


class Channel(Protocol):
    """An open line to the authority for one issuer; every call is one question, never repeated."""

    def send(self, parcel: Parcel) -> Outcome:
        """Hand the document over; a number the authority holds already is looked into."""
        ...

    def ask(self, parcel: Parcel) -> Outcome:
        """Ask what became of a document that was, perhaps, handed over."""
        ...

    def close(self) -> None:
        """Let go of the line."""
        ...


class DocumentFormat(Protocol):
    """One kind of legal document of one country, for instance ``co.dian.20``."""

    #: Unique; stored with every document.
    name: str
    title: LazyText
    #: Whether sales of a till are documented with it.
    for_sales: bool
    #: Kinds of secrets that must be there before a number is used.
    secrets: frozenset[str]

    def check_range(self, technical_key: str) -> None:
        """Refuse a range whose key cannot code a document, before a number of it is used."""
        ...

    def check_issuer(self, details: Mapping[str, Any]) -> None:
        """Refuse details that lack what the documents must say of the issuer, naming each."""
        ...

    def prepare(
        self, session: TenantSession, issuer: IssuerFacts, place: PlaceFacts, numbers: RangeFacts
    ) -> Any:
        """Make what every document of an issuer, a place and a range shares; cached by epoch."""
        ...

    def sale_document(
        self, prepared: Any, sale: Sale, number: IssuedNumber, customer: CustomerFacts | None
    ) -> DocumentText:
        """Say what the document of a sale says. Pure and fast: it runs inside the sale."""
        ...

    def prepare_backfill(self, backfill: Backfill, environment: str) -> Any:
        """Make what a backfilled document is written with, as its paper has it."""
        ...

    def drafted_document(
        self,
        prepared: Any,
        draft: DocumentDraft,
        number: IssuedNumber,
        customer: CustomerFacts | None,
    ) -> DocumentText:
        """Say what the document of a draft says, or refuse the draft naming each fault. Pure."""
        ...

    def reissued_document(self, prepared: Any, snapshot: str, issued_at: datetime) -> DocumentText:
        """Say a rejected document anew: issued now, by the issuer and certificate of now. Pure."""
        ...

    def build(self, snapshot: str, builder_version: int) -> bytes:
        """Write the unsigned document; the same arguments give the same bytes for ever."""
        ...

    def validate(self, xml: bytes, folder: Path) -> Sequence[str] | None:
        """Give every fault against the authority's schema; None where it is not installed."""
        ...

    def file_name(self, snapshot: str, year: int, counter: int) -> str:
        """Name the file of the ``counter``-th document sent in ``year``."""
        ...

    def look_up(self, code: str, environment: str) -> str:
        """Give the public page where anybody can look a document up; the QR leads there."""
        ...

    def paper(self, snapshot: str) -> Paper:
        """Say what the paper of a stored document must show."""
        ...

    def till_paper(self, prepared: Any) -> Paper:
        """Say what the paper of the next documents of a range will show."""
        ...

    def read_certificate(self, given: CertificateFile, now: datetime) -> ReadCertificate:
        """Read a certificate that somebody loads; refuse one that may not sign at ``now``."""
        ...

    def read_identity(self, key: bytes, chain: str) -> Identity:
        """Read a private key and its chain, both PEM."""
        ...

    def sign(self, xml: bytes, identity: Identity, when: datetime, *, role: str) -> bytes:
        """Sign; ``when`` is the true time."""
        ...

    def open_channel(
        self, issuer: IssuerFacts, identity: Identity, clock: Clock, *, timeout: float
    ) -> Channel:
        """Open a line to the authority; ``timeout`` is the whole wait for one answer, seconds."""
        ...

    def recompute(self, signed: bytes, *, software_pin: str, technical_key: str) -> tuple[str, str]:
        """Give the code that stored bytes carry, and the one recomputed from their fields."""
        ...

    def answer_problem(self, answer: bytes, code: str) -> str:
        """Say why a stored answer does not prove that ``code`` was accepted, or nothing."""
        ...


def formats_of(database: Database) -> Mapping[str, DocumentFormat]:
    """Give every format that an addon running here offers, by name."""
    offered = process_of(database).registry.everywhere.register_document_formats()
    return {found.name: found for _addon, found in offered}


def document_format(database: Database, name: str) -> DocumentFormat:
    """Give a format by name; one whose addon does not run here is an error."""
    found = formats_of(database).get(name)
    if found is None:
        raise UnknownFormatError(f"no running addon offers the document format {name!r}")
    return found

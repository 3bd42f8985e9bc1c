"""Number ranges, legal documents with immutable versions, and every step taken with them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.db import (
    Amount,
    Archivable,
    JsonDocument,
    Posted,
    Rate,
    Versioned,
    addon_registry,
    many_to_one,
    tenant_foreign_key,
)
from core.tenancy import TenantBound


class Base(DeclarativeBase):
    """Root of the tables of electronic documents."""

    registry = addon_registry()


class Issuer(TenantBound, Versioned, Base):
    """How the business issues one kind of document in one environment.

    One row per (format, environment): the registered software, and which environment is in use.
    Secrets (software PIN, private key) are in the vault under this row's id.
    """

    __tablename__ = "edi_issuer"
    __table_args__ = (
        UniqueConstraint("tenant_id", "format", "environment"),
        CheckConstraint("environment IN ('1', '2')", name="known_environment"),
    )

    #: Name of a registered format: ``co.dian.20`` POS document, ``co.dian.01`` invoice.
    format: Mapped[str]
    #: "1" production, "2" habilitation.
    environment: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    software_id: Mapped[str] = mapped_column(default="")
    #: Set of tests of the habilitation; empty in production.
    test_set_id: Mapped[str] = mapped_column(default="")
    #: Address of the authority's service; the simulator's in a demo.
    service_url: Mapped[str] = mapped_column(default="")
    #: What the format needs besides: names of maker and software, registration…
    details: Mapped[JsonDocument]


class Certificate(TenantBound, Archivable, Base):
    """A signing certificate: its public chain. The private key is sealed in the vault."""

    __tablename__ = "edi_certificate"

    subject: Mapped[str]
    serial: Mapped[str]
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime]
    #: The chain, leaf first, PEM.
    chain: Mapped[str]
    is_test: Mapped[bool] = mapped_column(default=False)


class NumberRange(TenantBound, Archivable, Versioned, Base):
    """An authorised range of numbers with one owner: the server, or one enrolled till.

    Its row is locked while a number is taken, so numbers have no gap and no double.
    """

    __tablename__ = "edi_range"
    __table_args__ = (
        tenant_foreign_key("establishment_id", "core_establishment"),
        UniqueConstraint("tenant_id", "format", "environment", "prefix", "resolution", "first"),
        Index(None, "tenant_id", "establishment_id"),
        CheckConstraint("first <= last", name="first_before_last"),
        CheckConstraint("next_number BETWEEN first AND last + 1", name="next_inside"),
        CheckConstraint("owner IN ('server', 'till')", name="known_owner"),
    )

    format: Mapped[str]
    environment: Mapped[str]
    establishment_id: Mapped[UUID]
    #: The till this range is for; None serves every till of the establishment.
    till_id: Mapped[UUID | None]
    owner: Mapped[str] = mapped_column(default="server")
    #: "normal" or "contingency".
    mode: Mapped[str] = mapped_column(default="normal")
    resolution: Mapped[str]
    prefix: Mapped[str]
    first: Mapped[int]
    last: Mapped[int]
    next_number: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date]


class FileCounter(TenantBound, Base):
    """How many files an issuer sent in a year: their official names count them, not the numbers.

    Counted when a file is signed and stored; a file sent again keeps its name.
    """

    __tablename__ = "edi_file_counter"
    __table_args__ = (
        UniqueConstraint("tenant_id", "issuer_id", "year"),
        tenant_foreign_key("issuer_id", "edi_issuer"),
    )

    issuer_id: Mapped[UUID]
    year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)


class Document(TenantBound, Base):
    """One legal document: one number. What it says is in its versions."""

    __tablename__ = "edi_document"
    __table_args__ = (
        UniqueConstraint("tenant_id", "environment", "prefix", "number", "format"),
        UniqueConstraint("tenant_id", "source", "source_id", "format"),
        tenant_foreign_key("range_id", "edi_range"),
        tenant_foreign_key("establishment_id", "core_establishment"),
        Index(None, "tenant_id", "state", "issued_at"),
        Index(None, "tenant_id", "issued_at", "id"),
        CheckConstraint(
            "state IN ('pending', 'signed', 'sent', 'accepted', 'rejected', 'void')",
            name="known_state",
        ),
    )

    format: Mapped[str]
    environment: Mapped[str]
    establishment_id: Mapped[UUID]
    range_id: Mapped[UUID | None]
    prefix: Mapped[str]
    number: Mapped[int]
    #: Calendar date in the establishment's zone, as printed.
    fiscal_date: Mapped[date]
    issued_at: Mapped[datetime]
    #: What it documents: ``pos.sale`` and its id.
    source: Mapped[str]
    source_id: Mapped[UUID]
    buyer: Mapped[str]
    currency: Mapped[str]
    rate: Mapped[Rate]
    total: Mapped[Amount]
    functional_total: Mapped[Amount]
    mode: Mapped[str] = mapped_column(default="normal")
    #: Where the newest version stands; every step is in ``edi_step``.
    state: Mapped[str] = mapped_column(default="pending")
    #: n of the newest version.
    version: Mapped[int] = mapped_column(default=1)
    code: Mapped[str]


class Version(TenantBound, Base):
    """What a document says, once and for all; a rejected one gets a next version."""

    __tablename__ = "edi_version"
    __table_args__ = (
        UniqueConstraint("tenant_id", "document_id", "n"),
        UniqueConstraint("tenant_id", "code"),
        tenant_foreign_key("document_id", "edi_document"),
        {"info": {"insert_only": True}},
    )

    document_id: Mapped[UUID]
    n: Mapped[int]
    #: Type code as printed: 20, 01, 91…
    type: Mapped[str]
    #: CUFE or CUDE, lower-case hexadecimal.
    code: Mapped[str]
    issued_at: Mapped[datetime]
    #: Canonical JSON; the XML is a pure function of it and ``builder_version``.
    snapshot: Mapped[str]
    builder_version: Mapped[int]

    document: Mapped[Document] = many_to_one(lambda: Version.document_id, lambda: Document)


class Artifact(TenantBound, Base):
    """A file made from a version or received for it: signed XML, the authority's answer."""

    __tablename__ = "edi_artifact"
    __table_args__ = (
        UniqueConstraint("tenant_id", "version_id", "kind"),
        tenant_foreign_key("version_id", "edi_version"),
        {"info": {"insert_only": True}},
    )

    version_id: Mapped[UUID]
    #: signed, answer.
    kind: Mapped[str]
    #: Of its bytes, and its name in the file store.
    sha256: Mapped[str]
    #: Its official name, for whoever downloads or receives it.
    file_name: Mapped[str]
    made_at: Mapped[datetime]


class Step(TenantBound, Base):
    """One step taken with a version, and what came of it."""

    __tablename__ = "edi_step"
    __table_args__ = (
        tenant_foreign_key("version_id", "edi_version"),
        Index(None, "tenant_id", "version_id", "taken_at"),
        {"info": {"insert_only": True}},
    )

    version_id: Mapped[UUID]
    #: build, sign, validate, send, ask.
    step: Mapped[str]
    #: done, not_checked, started, accepted, rejected, pending, unreachable, not_delivered,
    #: not_known, failed.
    outcome: Mapped[str]
    #: Broken rules and texts as the authority gave them.
    details: Mapped[JsonDocument]
    taken_at: Mapped[datetime]


class NumberEvent(TenantBound, Posted, Base):
    """A number that was voided, or found missing, and why."""

    __tablename__ = "edi_number_event"
    __table_args__ = (
        UniqueConstraint("tenant_id", "range_id", "number", "kind"),
        tenant_foreign_key("range_id", "edi_range"),
        CheckConstraint("kind IN ('void', 'missing', 'found')", name="known_kind"),
    )

    range_id: Mapped[UUID]
    number: Mapped[int]
    kind: Mapped[str]
    reason: Mapped[str]

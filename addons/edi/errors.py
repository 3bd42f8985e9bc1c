"""What legal documents refuse, and why."""

from __future__ import annotations

from typing import ClassVar

from core.errors import BadInputError, ConflictError, NotFoundError, PlatformError


class RangeExhaustedError(ConflictError):
    """Every number of the range is used."""

    code: ClassVar[str] = "edi.range_exhausted"


class RangeExpiredError(ConflictError):
    """The authorisation of the range ended."""

    code: ClassVar[str] = "edi.range_expired"


class RangeNotYetValidError(ConflictError):
    """The authorisation of the range begins on a later day."""

    code: ClassVar[str] = "edi.range_not_yet_valid"


class NoRangeError(ConflictError):
    """The business issues this document, but no range fits the place and the day."""

    code: ClassVar[str] = "edi.no_range"


class BadRangeError(BadInputError):
    """The range cannot be: its numbers, dates, prefix or technical key are wrong."""

    code: ClassVar[str] = "edi.bad_range"


class OverlappingRangeError(ConflictError):
    """Numbers of the range belong to another one already."""

    code: ClassVar[str] = "edi.range_overlaps"


class IssuerError(BadInputError):
    """What was said about how the business issues is incomplete or contradicts itself."""

    code: ClassVar[str] = "edi.bad_issuer"


class NoIssuerError(ConflictError):
    """The business does not issue this kind of document."""

    code: ClassVar[str] = "edi.no_issuer"


class DemoProductionError(ConflictError):
    """A practice business may not touch production: neither its environment nor a real key."""

    code: ClassVar[str] = "edi.demo_production"


class CertificateMissingError(ConflictError):
    """There is no certificate that may sign now."""

    code: ClassVar[str] = "edi.no_certificate"


class UnknownFormatError(PlatformError):
    """No running addon offers the format of a document."""

    code: ClassVar[str] = "edi.unknown_format"
    http_status: ClassVar[int] = 500


class DocumentNotFoundError(NotFoundError):
    """There is no such document in this business."""

    code: ClassVar[str] = "edi.no_document"


class DocumentStateError(ConflictError):
    """The document stands where this cannot be done to it."""

    code: ClassVar[str] = "edi.document_state"


class BackfillRefusedError(ConflictError):
    """A document with number, date and key of its own is only entered in habilitation."""

    code: ClassVar[str] = "edi.backfill_refused"


class NumberUsedError(ConflictError):
    """The number is used already."""

    code: ClassVar[str] = "edi.number_used"


class InvalidDocumentError(PlatformError):
    """What was built does not follow the authority's schema; it is not signed."""

    code: ClassVar[str] = "edi.invalid_document"
    http_status: ClassVar[int] = 500


class AuthorityFaultError(PlatformError):
    """The authority's service refused our request, not the document: signature, clock, rights."""

    code: ClassVar[str] = "edi.authority_fault"
    http_status: ClassVar[int] = 502

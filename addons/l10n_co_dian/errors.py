"""What the Colombian documents refuse, and why."""

from __future__ import annotations

from typing import ClassVar

from core.errors import BadInputError, PlatformError


class TechnicalKeyError(BadInputError):
    """The technical key of a numbering range is not 40 hexadecimal digits."""

    code: ClassVar[str] = "dian.technical_key"


class CodeInputError(BadInputError):
    """A value that goes into a CUFE, CUDE or CUDS cannot be written as the annex says."""

    code: ClassVar[str] = "dian.code_input"


class SnapshotError(BadInputError):
    """A document snapshot cannot become a legal document; ``fields`` names each culprit."""

    code: ClassVar[str] = "dian.snapshot"


class UnreadableDocumentError(BadInputError):
    """What was given is not a safe, well-formed XML document."""

    code: ClassVar[str] = "dian.unreadable"


class SigningError(PlatformError):
    """The document cannot be signed with this key, chain or time."""

    code: ClassVar[str] = "dian.signing"
    http_status: ClassVar[int] = 422


class CertificateError(BadInputError):
    """A signing certificate cannot be read or may not sign documents."""

    code: ClassVar[str] = "dian.certificate"


class SchemasMissingError(PlatformError):
    """The authority's XML schemas are not installed on this computer."""

    code: ClassVar[str] = "dian.schemas_missing"
    http_status: ClassVar[int] = 503


class SchemasFetchError(PlatformError):
    """The authority's toolbox could not be fetched, or is not the expected one."""

    code: ClassVar[str] = "dian.schemas_fetch"
    http_status: ClassVar[int] = 502

"""What may be wrong with a message of the tax authority's service, before it says anything."""

from __future__ import annotations

from typing import ClassVar

from core.errors import PlatformError


class UnreadableAnswerError(PlatformError):
    """The bytes are not a well-formed, harmless answer of the service."""

    code: ClassVar[str] = "dian.answer.unreadable"
    http_status: ClassVar[int] = 502


class PackageError(PlatformError):
    """The archive is not what the service takes: one XML file, by name and size."""

    code: ClassVar[str] = "dian.package.invalid"
    http_status: ClassVar[int] = 422


class EndpointError(PlatformError):
    """The address of the service may not be used: only https, or http to this machine."""

    code: ClassVar[str] = "dian.endpoint.insecure"
    http_status: ClassVar[int] = 422


class SecurityFaultError(Exception):
    """A signed request that the receiver does not believe; ``code`` is the fault's subcode."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason

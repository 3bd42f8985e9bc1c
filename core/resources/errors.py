"""What a declared resource refuses."""

from __future__ import annotations

from typing import ClassVar

from core.errors import PlatformError


class ResourceError(PlatformError):
    """A declaration that cannot work; raised when the application starts, never later."""

    code: ClassVar[str] = "resources.declaration"
    http_status: ClassVar[int] = 500


class StaleError(PlatformError):
    """Somebody saved the record after it was read; ``context`` has the ``version`` it has now."""

    code: ClassVar[str] = "resources.stale"
    http_status: ClassVar[int] = 412


class VersionMissingError(PlatformError):
    """A change came without the version that was read."""

    code: ClassVar[str] = "resources.version_missing"
    http_status: ClassVar[int] = 428


class ActionRefusedError(PlatformError):
    """A deed that cannot be done to a record as it is now."""

    code: ClassVar[str] = "resources.action_refused"
    http_status: ClassVar[int] = 409

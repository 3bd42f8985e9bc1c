"""The root of every error the platform raises on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class PlatformError(Exception):
    """Something that a user, an operator or an addon author can act on.

    ``code`` is stable: it goes to logs, API bodies and tests. ``message`` is for people, says what
    to do, and is translated (pass ``core.i18n._("…")``). ``context`` holds plain values that help
    a program; it never holds a secret or another tenant's data.
    """

    code: ClassVar[str] = "platform.error"
    http_status: ClassVar[int] = 400

    def __init__(self, message: object, **context: object) -> None:
        super().__init__(message)
        self.message = message
        self.context = context

    def __str__(self) -> str:
        return str(self.message)


class BadInputError(PlatformError):
    """What was sent cannot be understood or is not allowed; ``fields`` names each culprit.

    A culprit is named by its place: ``name``, or ``lines.1.qty`` inside of a list. ``codes`` gives
    programs a stable word for some of them.
    """

    code: ClassVar[str] = "input.invalid"
    http_status: ClassVar[int] = 422

    def __init__(
        self,
        message: object,
        *,
        fields: Mapping[str, object] | None = None,
        codes: Mapping[str, str] | None = None,
        **context: object,
    ) -> None:
        super().__init__(message, **context)
        self.fields = dict(fields or {})
        self.codes = dict(codes or {})


class NotFoundError(PlatformError):
    """It does not exist, or belongs to someone else: nobody can tell the two apart."""

    code: ClassVar[str] = "platform.not_found"
    http_status: ClassVar[int] = 404


class ForbiddenError(PlatformError):
    """The person or token may not do this."""

    code: ClassVar[str] = "auth.forbidden"
    http_status: ClassVar[int] = 403


class ConflictError(PlatformError):
    """Somebody else changed it meanwhile, or it is in another state."""

    code: ClassVar[str] = "platform.conflict"
    http_status: ClassVar[int] = 409

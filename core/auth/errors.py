"""What is refused to people and programs that want in."""

from __future__ import annotations

from typing import ClassVar

from core.errors import BadInputError, ConflictError, ForbiddenError, PlatformError


class LogInNeededError(PlatformError):
    """Nobody is logged in, or the log-in ended."""

    code: ClassVar[str] = "auth.log_in_needed"
    http_status: ClassVar[int] = 401


class LogInRefusedError(PlatformError):
    """E-mail and password do not belong together; it never says which of them is wrong."""

    code: ClassVar[str] = "auth.refused"
    http_status: ClassVar[int] = 401


class BadTokenError(PlatformError):
    """The API token is unknown, expired or revoked; nobody can tell which."""

    code: ClassVar[str] = "auth.bad_token"
    http_status: ClassVar[int] = 401


class TooManyTriesError(PlatformError):
    """Wait: ``context["retry_after"]`` says how many seconds."""

    code: ClassVar[str] = "auth.too_many_tries"
    http_status: ClassVar[int] = 429


class NoBusinessError(ConflictError):
    """The person has not chosen the business to work for."""

    code: ClassVar[str] = "tenancy.no_business"


class BadFormTokenError(ForbiddenError):
    """The request does not come from a page made for this log-in."""

    code: ClassVar[str] = "auth.bad_form_token"


class WeakPasswordError(BadInputError):
    """The password is too short, too long, or among the first that anybody would try."""

    code: ClassVar[str] = "auth.weak_password"


class EmailTakenError(ConflictError):
    """A person with this e-mail exists already."""

    code: ClassVar[str] = "auth.email_taken"


class UnknownPermissionError(PlatformError):
    """Code asked for a permission that no addon declares: a mistake of its author."""

    code: ClassVar[str] = "auth.unknown_permission"
    http_status: ClassVar[int] = 500

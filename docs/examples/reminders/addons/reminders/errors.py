"""Why something is not sent."""

from __future__ import annotations

from typing import ClassVar

from core.errors import BadInputError, PlatformError


class BadAddressError(BadInputError):
    """An address that nothing is sent to."""

    code: ClassVar[str] = "reminders.bad_address"


class NotTakenError(PlatformError):
    """The other side did not take it: tried again later."""

    code: ClassVar[str] = "reminders.not_taken"

"""What an identification can be refused for."""

from __future__ import annotations

from typing import ClassVar

from core.errors import BadInputError


class UnknownIdTypeError(BadInputError):
    """A type of identification that DIAN does not list."""

    code: ClassVar[str] = "contacts.unknown_id_type"


class BadIdNumberError(BadInputError):
    """A number that does not have the form of its type."""

    code: ClassVar[str] = "contacts.bad_id_number"


class WrongCheckDigitError(BadInputError):
    """A NIT whose check digit is another; ``context`` has the right one as ``expected``."""

    code: ClassVar[str] = "contacts.wrong_check_digit"

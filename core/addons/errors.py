"""What can be refused about an addon."""

from __future__ import annotations

from typing import ClassVar

from core.errors import ConflictError, NotFoundError, PlatformError


class AddonError(PlatformError):
    """An addon broke the contract; its author or an operator has to act."""

    code: ClassVar[str] = "addons.broken"
    http_status: ClassVar[int] = 500


class UnknownAddonError(NotFoundError):
    """No addon of that name is found or installed."""

    code: ClassVar[str] = "addons.unknown"


class AddonRefusedError(ConflictError):
    """The state of other addons or businesses does not allow it; ``context`` says which."""

    code: ClassVar[str] = "addons.refused"


class ObligationsPendingError(ConflictError):
    """Something is still owed, so the addon stays on; ``context["obligations"]`` lists it."""

    code: ClassVar[str] = "addons.obligations_pending"


class MigrationError(PlatformError):
    """A migration would lose or break something; nothing was changed."""

    code: ClassVar[str] = "addons.migration"
    http_status: ClassVar[int] = 500

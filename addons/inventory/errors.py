"""What the stock refuses."""

from __future__ import annotations

from typing import ClassVar

from core.errors import BadInputError, ConflictError


class NotEnoughStockError(ConflictError):
    """More would leave than there is, from a warehouse that blocks it."""

    code: ClassVar[str] = "inventory.not_enough"


class BadStockError(BadInputError):
    """A quantity, cost, product or place that the stock cannot take."""

    code: ClassVar[str] = "inventory.bad_stock"


class ReversalError(ConflictError):
    """A move that was reversed already, or that reverses another itself."""

    code: ClassVar[str] = "inventory.not_reversible"


class ReplayError(BadInputError):
    """A line of a card that cannot be; ``context`` names it as ``line``."""

    code: ClassVar[str] = "inventory.replay"

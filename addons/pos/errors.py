"""What the till refuses, in words a cashier understands."""

from __future__ import annotations

from typing import ClassVar

from core.errors import BadInputError, ConflictError


class SaleRefusedError(ConflictError):
    """A live sale breaks a rule; ``context["objection"]`` is the rule's own code."""

    code: ClassVar[str] = "pos.sale_refused"


class DrawerClosedError(ConflictError):
    """The drawer session is closed, or of another till."""

    code: ClassVar[str] = "pos.drawer_closed"


class DrawerOpenError(ConflictError):
    """The till has an open drawer session already."""

    code: ClassVar[str] = "pos.drawer_open"


class PriceChangedError(ConflictError):
    """The till's price is not the catalogue's, and the cashier may not change prices."""

    code: ClassVar[str] = "pos.price_changed"


class TotalMismatchError(BadInputError):
    """The till's total is not what the lines come to."""

    code: ClassVar[str] = "pos.total_mismatch"


class PaymentError(BadInputError):
    """The payments do not add up to the total, or one of them cannot be."""

    code: ClassVar[str] = "pos.payment"


class EmptySaleError(BadInputError):
    """A sale without lines."""

    code: ClassVar[str] = "pos.empty_sale"

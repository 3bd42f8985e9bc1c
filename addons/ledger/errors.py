"""What the ledger refuses."""

from __future__ import annotations

from typing import ClassVar

from core.errors import PlatformError


class UnbalancedError(PlatformError):
    """Debits and credits of an entry differ: whoever built it forgot something."""

    code: ClassVar[str] = "ledger.unbalanced"
    http_status: ClassVar[int] = 500

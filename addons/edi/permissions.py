"""Who may do what with legal documents."""

from __future__ import annotations

from typing import Final

from core.addons.parts import Permission
from core.i18n import _

READ: Final = Permission(
    "edi.document.read", _("See electronic documents"), roles=("accountant", "cashier")
)
ISSUE: Final = Permission(
    "edi.document.issue", _("Issue electronic documents"), roles=("accountant",)
)
RETRY: Final = Permission(
    "edi.document.retry", _("Send documents again and reissue rejected ones"), roles=("accountant",)
)
BACKFILL: Final = Permission(
    "edi.document.backfill", _("Enter documents with a number of their own (habilitation)")
)
CONFIGURE: Final = Permission(
    "edi.issuer.manage", _("Set up issuer, ranges and signing certificate")
)

ALL: Final = (READ, ISSUE, RETRY, BACKFILL, CONFIGURE)

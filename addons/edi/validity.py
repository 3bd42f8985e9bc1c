"""From when to when certificates may sign, and for which environment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from addons.edi.errors import CertificateMissingError
from core.i18n import _
from core.i18n.formats import day as written_day

PRODUCTION: Final = "1"


@dataclass(frozen=True, slots=True)
class Validity:
    """From when to when a certificate may sign; ``is_test`` where nobody vouches for it."""

    starts: datetime
    ends: datetime
    is_test: bool = False

    def holds(self, environment: str, moment: datetime) -> bool:
        """Tell whether it may sign then; one for practising proves nothing in production."""
        fits = not (self.is_test and environment == PRODUCTION)
        return fits and self.starts <= moment <= self.ends


def certificate_refusal(
    certificates: Sequence[Validity], environment: str, moment: datetime
) -> CertificateMissingError | None:
    """Say why nobody could sign at ``moment``, or nothing."""
    if any(known.holds(environment, moment) for known in certificates):
        return None
    fitting = [c for c in certificates if not (c.is_test and environment == PRODUCTION)]
    if not fitting:
        return CertificateMissingError(
            _("There is no signing certificate. Load it in Electronic documents.")
        )
    latest = max(known.ends for known in fitting)
    if latest < moment:
        return CertificateMissingError(
            _(
                "The signing certificate expired on {day}. Load the new one in"
                " Electronic documents.",
                day=written_day(latest.date()),
            )
        )
    return CertificateMissingError(_("The signing certificate is not valid yet."))

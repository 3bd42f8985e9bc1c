"""Building, coding and signing one electronic document, beside what nobody can avoid."""

from __future__ import annotations

from collections.abc import Iterator

from addons.l10n_co_dian.bench import signing_figures
from tests.bench.figures import Figure, figure

LINES = 10


def signed_document(*, quick: bool) -> Iterator[Figure]:
    """Measure a document of ten lines; the limit is RSA, a parse, a canonical form, a text."""
    whole, limit = signing_figures(
        lines=LINES, rounds=2 if quick else 9, repeats=3 if quick else 40
    )
    yield figure("sign_document", "none", whole, limit, note=f"{LINES} lines")

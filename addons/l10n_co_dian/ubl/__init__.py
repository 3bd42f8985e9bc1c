"""UBL 2.1 documents as the authority's annexes shape them, written from snapshots.

``build_xml`` is a pure function of a snapshot and a builder version: the same arguments give the
same bytes for ever, so that a stored snapshot is the document. A change of what is written means
a new builder version; old ones stay.
"""

from addons.l10n_co_dian.ubl.checks import SUPPORTED, check
from addons.l10n_co_dian.ubl.document import BUILDER_VERSION, build_xml

__all__ = ["BUILDER_VERSION", "SUPPORTED", "build_xml", "check"]

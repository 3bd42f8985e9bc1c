"""Who we are and what we need."""

from core.addons.manifest import AddonManifest

MANIFEST = AddonManifest(
    name="l10n_co_dian",
    version="0.1.0",
    title="DIAN Colombia",
    summary="Electronic invoice and POS document for DIAN.",
    category="legal",
    icon="rosette-discount-check",
    contract=1,
    requires=(
        "edi",
        "contacts",
        "taxes",
    ),
)

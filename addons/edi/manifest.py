"""Who we are and what we need."""

from core.addons.manifest import AddonManifest

MANIFEST = AddonManifest(
    name="edi",
    version="0.1.0",
    title="Electronic documents",
    summary="Numbers, signs and sends the legal documents, and keeps the authority's answers.",
    category="legal",
    icon="file-invoice",
    contract=1,
    requires=("contacts",),
)

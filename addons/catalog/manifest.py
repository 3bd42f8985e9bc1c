"""Who we are and what we need."""

from core.addons.manifest import AddonManifest

MANIFEST = AddonManifest(
    name="catalog",
    version="0.1.0",
    title="Products",
    summary="Products with their barcodes, units, categories and prices.",
    category="stock",
    icon="package",
    contract=1,
    requires=("taxes",),
)

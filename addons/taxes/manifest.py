"""Who we are and what we need."""

from core.addons.manifest import AddonManifest

MANIFEST = AddonManifest(
    name="taxes",
    version="0.1.0",
    title="Taxes",
    summary="What each product owes, by the business's own responsibilities and the date.",
    category="money",
    icon="receipt-tax",
    contract=1,
)

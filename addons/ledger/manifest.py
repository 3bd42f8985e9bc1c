"""Who we are and what we need."""

from core.addons.manifest import AddonManifest

MANIFEST = AddonManifest(
    name="ledger",
    version="0.1.0",
    title="Ledger",
    summary="Balanced lines behind every sale and payment, ready for accounting.",
    category="money",
    icon="book",
    contract=1,
)
